using System.Text.Json;
using DtMcp.Darktrace.Flows;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>
/// A device of <c>/devices</c>, <c>/devicesearch</c> and wherever else one is told. Negative ids exist. Texts are untrusted.
/// </summary>
public sealed record Device
{
    public required long Did { get; init; }

    /// <summary>The present address; of a device without one (a client sensor, a virtual desktop) the one it was last seen with.</summary>
    public string? Ip { get; init; }

    /// <summary>Every address that was told, the present one first, then the latest: most of them may be another device's by now.</summary>
    public required IReadOnlyList<HeldAddress> Addresses { get; init; }

    /// <summary>Ids of the same device at other masters, under a Unified View.</summary>
    public IReadOnlyList<long> OtherIds { get; init; } = [];

    public string? TypeName { get; init; }

    /// <summary>As the appliance ranks it, from 1 up; null when it was not told.</summary>
    public long? Priority { get; init; }

    /// <summary>Names, type, times, tags and subnet.</summary>
    public required HostDetails Details { get; init; }

    /// <summary>Whether the id is the device's, at whichever master.</summary>
    public bool IsOf(long did) => Did == did || OtherIds.Contains(did);

    /// <summary>Whether both are one device that two masters see.</summary>
    public bool IsSame(Device other) => other.IsOf(Did) || OtherIds.Any(other.IsOf);

    /// <summary><c>{"did":212,"ip":"192.0.2.39","ips":[{"ip":"192.0.2.39","sid":12}],"sid":12,"hostname":"fin-ws-07",
    /// "firstSeen":1735689600000,...}</c>;
    /// <c>/devices</c> says <c>time</c> and <c>endtime</c> for the first and last time seen. Client sensors and virtual desktops have
    /// their addresses in
    /// <c>interfaces</c> and <c>vdihost</c> only.</summary>
    internal static Device? Parse(ref Utf8JsonReader reader)
    {
        long? did = null, id = null, sid = null, priority = null, firstSeen = null, lastSeen = null, time = null, endTime = null;
        string? ip = null, hostname = null, label = null, mac = null, vendor = null, os = null, typeName = null, typeLabel = null;
        string? interfaceMac = null;
        List<HeldAddress> addresses = [];
        List<long> otherIds = [];
        List<string>? tags = null;
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "did": did = JsonFields.Whole(ref reader); break;
                case "id": id = JsonFields.Whole(ref reader); break;
                case "sid": sid = JsonFields.Whole(ref reader); break;
                case "ip": ip = JsonFields.Text(ref reader); break;
                case "ips": HeldAddress.ParseList(ref reader, addresses); break;
                case "interfaces": interfaceMac = HeldAddress.ParseInterfaces(ref reader, addresses); break;
                case "vdihost": HeldAddress.ParseInterfaces(ref reader, addresses); break;
                case "deduplicated_ids": otherIds = JsonFields.Wholes(ref reader); break;
                case "hostname": hostname = JsonFields.Text(ref reader); break;
                case "devicelabel": label = JsonFields.Text(ref reader); break;
                case "macaddress": mac = JsonFields.Text(ref reader); break;
                case "vendor": vendor = JsonFields.Text(ref reader); break;
                case "os": os = JsonFields.Text(ref reader); break;
                case "typename": typeName = JsonFields.Text(ref reader); break;
                case "typelabel": typeLabel = JsonFields.Text(ref reader); break;
                case "priority": priority = JsonFields.Whole(ref reader); break;
                case "firstseen": firstSeen = JsonFields.Time(ref reader); break;
                case "lastseen": lastSeen = JsonFields.Time(ref reader); break;
                case "time": time = JsonFields.Time(ref reader); break;
                case "endtime": endTime = JsonFields.Time(ref reader); break;
                case "tags": tags = JsonFields.Texts(ref reader, "name"); break;
                default: reader.Skip(); break;
            }
        }

        if ((did ?? id) is not { } known)
        {
            return null;
        }

        var details = new HostDetails
        {
            Hostname = hostname,
            DeviceLabel = label,
            MacAddress = mac ?? interfaceMac,
            Vendor = vendor,
            Os = os,
            Type = typeLabel ?? typeName,
            FirstSeen = firstSeen ?? time,
            LastSeen = lastSeen ?? endTime,
            Tags = tags,
            SubnetId = sid,
        };
        otherIds.RemoveAll(other => other == known);
        var all = InOrder(ip, addresses);
        return new Device
        {
            Did = known,
            Ip = ip ?? (all.Count > 0 ? all[0].Ip : null),
            Addresses = all,
            OtherIds = otherIds,
            TypeName = typeName,
            Priority = priority,
            Details = details,
        };
    }

    // The present one first, then the latest; each once.
    private static List<HeldAddress> InOrder(string? present, List<HeldAddress> told)
    {
        if (present is null && told.Count < 2)
        {
            return told;
        }

        var seen = told.FirstOrDefault(address => address.Ip == present).LastSeenMs;
        List<HeldAddress> ordered = present is null ? [] : [new HeldAddress(present, seen, true)];
        ordered.AddRange(told.Where(address => address.Ip != present).OrderByDescending(address =>
            address.LastSeenMs ?? long.MinValue).DistinctBy(address => address.Ip));
        return ordered;
    }
}
