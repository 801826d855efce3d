using System.Text.Json;

namespace DtMcp.Darktrace.Reading.Companions;

/// <summary>
/// A subnet of <c>/subnets</c>; <see cref="Sid"/> is what <c>viewsubnet</c> takes, <see cref="Network"/> its CIDR. Times are milliseconds
/// since 1970.
/// </summary>
public sealed record SubnetInfo
{
    public required long Sid { get; init; }

    public string? Network { get; init; }

    public string? Label { get; init; }

    public long? ClientDevices { get; init; }

    public long? ServerDevices { get; init; }

    public long? FirstSeen { get; init; }

    public long? LastSeen { get; init; }

    /// <summary>
    /// <c>{"sid":12,"label":"Finance","network":"192.0.2.0/24","firstSeen":1735689600000,
    /// "lastSeen":1768467540000,"clientDevices":69,"serverDevices":1}</c>
    /// </summary>
    internal static SubnetInfo? Parse(ref Utf8JsonReader reader)
    {
        long? sid = null, clients = null, servers = null, firstSeen = null, lastSeen = null;
        string? network = null, label = null;
        while (JsonFields.NextField(ref reader, out var field))
        {
            switch (field)
            {
                case "sid": sid = JsonFields.Whole(ref reader); break;
                case "network": network = JsonFields.Text(ref reader); break;
                case "label": label = JsonFields.Text(ref reader); break;
                case "clientdevices": clients = JsonFields.Whole(ref reader); break;
                case "serverdevices": servers = JsonFields.Whole(ref reader); break;
                case "firstseen": firstSeen = JsonFields.Time(ref reader); break;
                case "lastseen": lastSeen = JsonFields.Time(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return sid is not { } known
            ? null
            : new SubnetInfo
            {
                Sid = known,
                Network = network,
                Label = label,
                ClientDevices = clients,
                ServerDevices = servers,
                FirstSeen = firstSeen,
                LastSeen = lastSeen,
            };
    }
}
