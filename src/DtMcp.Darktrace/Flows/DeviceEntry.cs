using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Flows;

/// <summary>
/// One end of a row while the row is read. Texts stay in the window; they become strings only when the endpoint needs them.
/// </summary>
internal sealed class DeviceEntry
{
    /// <summary>Devices have a few; what a hostile row adds is not kept.</summary>
    private const int MaxTags = 64;

    private readonly TextSlice[] _texts = new TextSlice[(int)DeviceField.Other];
    private readonly List<TextSlice> _tags = [];

    public long Did { get; set; } = HostTable.NoDid;

    public TextSlice Ip { get; set; }

    /// <summary>The first of <c>ips</c>, which counts when <c>ip</c> is not said.</summary>
    public TextSlice MoreIp { get; set; }

    public TextSlice Address => Ip.Length > 0 ? Ip : MoreIp;

    public long FirstSeen { get; set; }

    public long LastSeen { get; set; }

    public long SubnetId { get; set; }

    /// <summary>Which details the row says.</summary>
    public DeviceDetails Present { get; set; }

    public bool IsKnown => Did != HostTable.NoDid || Address.Length > 0 || (Present & DeviceDetails.Hostname) != 0;

    public void Clear()
    {
        Did = HostTable.NoDid;
        Ip = MoreIp = default;
        Present = DeviceDetails.None;
        _tags.Clear();
    }

    public void Forget(DeviceField field)
    {
        Present &= ~(DeviceDetails)(1 << (int)field);
        if (field == DeviceField.Tag)
        {
            _tags.Clear();
        }
    }

    public void SetText(DeviceField field, TextSlice text)
    {
        _texts[(int)field] = text;
        Present |= (DeviceDetails)(1 << (int)field);
    }

    public void AddTag(TextSlice tag)
    {
        if (_tags.Count < MaxTags)
        {
            _tags.Add(tag);
            Present |= DeviceDetails.Tag;
        }
    }

    public TextSlice Text(DeviceField field) => (Present & (DeviceDetails)(1 << (int)field)) != 0 ? _texts[(int)field] : default;

    public HostDetails Describe(ReadOnlySpan<byte> window)
    {
        string[]? tags = null;
        if ((Present & DeviceDetails.Tag) != 0)
        {
            tags = new string[_tags.Count];
            for (var i = 0; i < tags.Length; i++)
            {
                tags[i] = _tags[i].ToText(window);
            }
        }

        return new HostDetails
        {
            Hostname = Read(DeviceField.Hostname, window),
            DeviceLabel = Read(DeviceField.DeviceLabel, window),
            MacAddress = Read(DeviceField.MacAddress, window),
            Vendor = Read(DeviceField.Vendor, window),
            Os = Read(DeviceField.Os, window),
            Type = Read(DeviceField.DeviceType, window) ?? Read(DeviceField.TypeLabel, window) ?? Read(DeviceField.TypeName, window),
            FirstSeen = (Present & DeviceDetails.FirstSeen) != 0 ? FirstSeen : null,
            LastSeen = (Present & DeviceDetails.LastSeen) != 0 ? LastSeen : null,
            Tags = tags,
            Country = Read(DeviceField.Country, window),
            Asn = Read(DeviceField.Asn, window),
            SubnetId = (Present & DeviceDetails.SubnetId) != 0 ? SubnetId : null,
        };
    }

    private string? Read(DeviceField field, ReadOnlySpan<byte> window)
    {
        var text = Text(field);
        return text.Length > 0 ? text.ToText(window) : null;
    }
}
