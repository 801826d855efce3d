using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>A device of <c>/devices</c>, <c>/devicesearch</c> and wherever else one is told. Negative ids exist. Texts are untrusted.</summary>
public sealed record Device
{
    public required long Did { get; init; }

    public string? Ip { get; init; }

    /// <summary>Every address that was told, the present one first where it is known.</summary>
    public required IReadOnlyList<string> Ips { get; init; }

    public string? TypeName { get; init; }

    /// <summary>As the appliance ranks it, from 1 up; null when it was not told.</summary>
    public long? Priority { get; init; }

    /// <summary>Names, type, times, tags and subnet.</summary>
    public required HostDetails Details { get; init; }

    /// <summary><c>{"did":212,"ip":"192.0.2.39","ips":[{"ip":"192.0.2.39","sid":12}],"sid":12,"hostname":"fin-ws-07","firstSeen":1735689600000, ...}</c>;
    /// <c>/devices</c> says <c>time</c> and <c>endtime</c> for the first and last time seen.</summary>
    internal static Device? Parse(ref Utf8JsonReader reader)
    {
        long? did = null, id = null, sid = null, priority = null, firstSeen = null, lastSeen = null, time = null, endTime = null;
        string? ip = null, hostname = null, label = null, mac = null, vendor = null, os = null, typeName = null, typeLabel = null;
        List<string> ips = [];
        List<string>? tags = null;
        while (Json.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "did": did = Json.Whole(ref reader); break;
                case "id": id = Json.Whole(ref reader); break;
                case "sid": sid = Json.Whole(ref reader); break;
                case "ip": ip = Json.Text(ref reader); break;
                case "ips": ips = Json.Texts(ref reader, "ip"); break;
                case "hostname": hostname = Json.Text(ref reader); break;
                case "devicelabel": label = Json.Text(ref reader); break;
                case "macaddress": mac = Json.Text(ref reader); break;
                case "vendor": vendor = Json.Text(ref reader); break;
                case "os": os = Json.Text(ref reader); break;
                case "typename": typeName = Json.Text(ref reader); break;
                case "typelabel": typeLabel = Json.Text(ref reader); break;
                case "priority": priority = Json.Whole(ref reader); break;
                case "firstseen": firstSeen = Json.Time(ref reader); break;
                case "lastseen": lastSeen = Json.Time(ref reader); break;
                case "time": time = Json.Time(ref reader); break;
                case "endtime": endTime = Json.Time(ref reader); break;
                case "tags": tags = Json.Texts(ref reader, "name"); break;
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
            MacAddress = mac,
            Vendor = vendor,
            Os = os,
            Type = typeLabel ?? typeName,
            FirstSeen = firstSeen ?? time,
            LastSeen = lastSeen ?? endTime,
            Tags = tags,
            SubnetId = sid,
        };
        return new Device { Did = known, Ip = ip ?? ips.FirstOrDefault(), Ips = ips.Count > 0 || ip is null ? ips : [ip], TypeName = typeName, Priority = priority, Details = details };
    }
}
