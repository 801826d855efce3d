namespace DtMcp.Darktrace.Reading;

/// <summary>Puts whole rows into a set: addresses and names become ids, what a row says of an endpoint is kept once.</summary>
internal sealed class FlowWriter(FlowSet into)
{
    private FlowChunk _chunk = into.Rent();
    private DeviceDetails[] _known = new DeviceDetails[1024];
    private FlowFields _seen;

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>Values that were not usable as they came.</summary>
    public long Odd { get; private set; }

    public void Write(FlowRow row, ReadOnlySpan<byte> window)
    {
        var source = HostId(row.Source, window, FlowFields.Source);
        var destination = HostId(row.Destination, window, FlowFields.Destination);
        Derive(row);
        var i = _chunk.Count;
        _chunk.Start[i] = row.Start;
        _chunk.Duration[i] = row.Duration;
        _chunk.Source[i] = source;
        _chunk.Destination[i] = destination;
        _chunk.SourcePort[i] = row.SourcePort;
        _chunk.DestinationPort[i] = row.DestinationPort;
        _chunk.Protocol[i] = NameId(into.Protocols, row.Protocol, window);
        _chunk.ApplicationProtocol[i] = NameId(into.ApplicationProtocols, row.ApplicationProtocol, window);
        _chunk.Traits[i] = row.Traits;
        _chunk.Bytes[i] = row.Bytes;
        _chunk.BytesOut[i] = row.BytesOut;
        _chunk.Packets[i] = row.Packets;
        _chunk.Count = i + 1;
        _seen |= row.Filled;
        Odd += row.Odd;
        Rows++;
        if (_chunk.Count == FlowChunk.Capacity)
        {
            Flush();
            _chunk = into.Rent();
        }
    }

    /// <summary>Hands over the last rows. Nothing is written after it.</summary>
    public void Flush()
    {
        into.Seen |= _seen;
        into.Accept(_chunk);
    }

    // A start and an end say how long, an end and a length say when.
    private static void Derive(FlowRow row)
    {
        if (row.End == FlowChunk.UnknownStart)
        {
            return;
        }

        if (row.Duration == FlowChunk.Unknown && row.Start != FlowChunk.UnknownStart && row.End >= row.Start)
        {
            row.Duration = (int)Math.Min(row.End - row.Start, int.MaxValue);
            row.Filled |= FlowFields.Duration;
        }
        else if (row.Start == FlowChunk.UnknownStart && row.Duration != FlowChunk.Unknown)
        {
            row.Start = row.End - row.Duration;
            row.Filled |= FlowFields.Start;
        }
    }

    private static ushort NameId(NameTable names, TextSlice name, ReadOnlySpan<byte> window) =>
        name.Length is > 0 and <= JsonScalar.LongestText && !name.Escaped ? names.GetOrAdd(name.In(window))
            : name.Length == 0 ? NameTable.UnknownId
            : names.GetOrAdd(name.ToText(window).AsSpan());

    private int HostId(DeviceEntry device, ReadOnlySpan<byte> window, FlowFields field)
    {
        if (!device.IsKnown)
        {
            return into.Hosts.GetOrAdd(NetAddress.None, HostTable.NoDid);
        }

        _seen |= field;
        var address = NetAddress.None;
        string? name = null;
        if (device.Address.Length > 0 && !TryAddress(device.Address, window, out address))
        {
            name = device.Address.ToText(window);
            if ((device.Said & DeviceDetails.Hostname) == 0)
            {
                device.SetText(DeviceField.Hostname, device.Address);
            }
        }
        else if (device.Address.Length == 0 && device.Did == HostTable.NoDid)
        {
            name = device.Text(DeviceField.Hostname).ToText(window);
        }

        var id = into.Hosts.GetOrAdd(address, device.Did, name);
        if (device.Said != DeviceDetails.None && Lacks(id, device.Said))
        {
            into.Hosts.Describe(id, device.Describe(window));
        }

        return id;
    }

    // Remembers what each endpoint's details already hold, so that they are made into strings once and not a row.
    private bool Lacks(int id, DeviceDetails said)
    {
        if (id >= _known.Length)
        {
            Array.Resize(ref _known, Math.Max(id + 1, _known.Length * 2));
        }

        if ((said & ~_known[id]) == 0)
        {
            return false;
        }

        _known[id] |= (said & DeviceDetails.Types) != 0 ? said | DeviceDetails.Types : said;
        return true;
    }

    private static bool TryAddress(TextSlice text, ReadOnlySpan<byte> window, out NetAddress address) =>
        text.Escaped ? NetAddress.TryParse(text.ToText(window), out address) : NetAddress.TryParse(text.In(window), out address);
}
