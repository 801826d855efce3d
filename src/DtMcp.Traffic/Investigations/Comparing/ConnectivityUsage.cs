using System.Globalization;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Queries.Tables;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Comparing;

/// <summary>
/// The guide's tables of one window, for a comparison: bytes only. An external answer beside one about everything only tells of the
/// outside.
/// </summary>
internal static class ConnectivityUsage
{
    public static WindowUsage Of(ConnectivityHalves answers)
    {
        return new WindowUsage
        {
            Destinations = Outside(answers),
            Devices = Devices(answers),
            RemotePorts = Ports(answers),
            Protocols = Names(ConnectivityParts.Named(answers, answer => answer.Protocols, ApplicationNames.Told), withUnknown: true),
            ApplicationProtocols = Names(
                ConnectivityParts.Named(answers, answer => answer.ApplicationProtocols, ApplicationNames.Told), withUnknown: false),
        };
    }

    /// <summary>Whether the answers know of nothing at all in their window.</summary>
    public static bool IsEmpty(ConnectivityHalves answers) => answers.All.All(answer =>
        answer is { Devices: null or [], ExternalDevices: null or [], Connections: null or [], Peers: null or [], Protocols: null or [] });

    public static long? Bytes(ConnectivityHalves answers) => ConnectivityParts.TotalBytes(answers);

    /// <summary>Hosts outside that something began connections to; null where no answer tells who began.</summary>
    private static Dictionary<string, Usage>? Outside(ConnectivityHalves answers)
    {
        var listed = answers.All.Where(answer => answer is { ExternalDevices: not null, Connections: not null }).ToList();
        if (listed.Count == 0)
        {
            return null;
        }

        Dictionary<string, Usage> usage = new(StringComparer.Ordinal);
        foreach (var (outside, bytes, _) in listed.SelectMany(answer => new OutsidePairs(answer).Destinations))
        {
            var name = outside.Details.Hostname ?? outside.Name;
            if ((outside.Ip ?? name) is { } key)
            {
                usage[key] = new Usage(
                    [
                        Cell.Of(outside.Ip), name == outside.Ip ? Cell.Absent : Cell.Of(name),
                        Cell.Of(outside.Details.Country), Cell.Of(outside.Details.Asn),
                    ],
                    null,
                    bytes);
            }
        }

        return usage;
    }

    private static Dictionary<string, Usage>? Devices(ConnectivityHalves answers)
    {
        var listed = answers.Summed.Where(answer => answer.Devices is not null).ToList();
        if (listed.Count == 0)
        {
            return null;
        }

        return listed
            .SelectMany(answer =>
                answer.Devices!.Select(device => (Device: device, Bytes: ConnectivityParts.IsBytes(answer) ? device.Size : (long?)null)))
            .GroupBy(row => row.Device.Did)
            .ToDictionary(
                group => group.Key.ToString(CultureInfo.InvariantCulture),
                group => new Usage(
                    [Cell.Of(group.First().Device.Ip), Cell.Of(group.Key), Cell.Of(group.First().Device.Details.Hostname)],
                    null,
                    group.Any(row => row.Bytes is null) ? null : group.Total(row => row.Bytes!.Value)),
                StringComparer.Ordinal);
    }

    private static Dictionary<string, Usage>? Ports(ConnectivityHalves answers)
    {
        var panels = answers.Summed.Select(answer => answer.RemotePorts).OfType<IReadOnlyList<PortBytes>>().ToList();
        return panels.Count == 0 ? null : panels
            .SelectMany(panel => panel)
            .Where(row => row.Port is > 0 and < ComparisonRules.FirstEphemeralPort && row.Bytes.Total > 0)
            .GroupBy(row => row.Port)
            .ToDictionary(
                group => group.Key.ToString(CultureInfo.InvariantCulture),
                group => new Usage([Cell.Of((long)group.Key)], null, group.Total(row => row.Bytes.Total)), StringComparer.Ordinal);
    }

    private static Dictionary<string, Usage>? Names(List<(string Name, InOut Bytes)>? rows, bool withUnknown) => rows?
        .Where(row => row.Bytes.Total > 0 && (withUnknown || row.Name != ConnectivityParts.Unknown))
        .ToDictionary(row => row.Name, row => new Usage([Cell.Of(row.Name)], null, row.Bytes.Total), StringComparer.Ordinal);
}
