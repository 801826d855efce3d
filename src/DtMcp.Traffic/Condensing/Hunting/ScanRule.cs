using DtMcp.Darktrace.Reading;
using static DtMcp.Traffic.Condensing.Hunting.HuntScene;

namespace DtMcp.Traffic.Condensing.Hunting;

/// <summary>
/// One source that tries many hosts on a port, or many ports on a host, most of them in vain. Where the rows do not say what failed, a connection without bytes
/// counts as failed and no finding is high. Scans from outside stay low: the Internet scans everyone.
/// </summary>
internal static class ScanRule
{
    public const string Kind = "scan";

    public static IEnumerable<Finding> Find(HuntScene scene, Sides sides)
    {
        Dictionary<(int Source, int Port), Tried> hosts = [];
        Dictionary<(int Source, int Destination), Tried> ports = [];
        foreach (ref readonly var channel in scene.Book.Channels)
        {
            if (channel.Key.Port == 0 || IsIcmp(scene.Flows, channel.Key.Protocol) || IsGroup(scene.Flows.Hosts.Address(channel.Key.Destination)))
            {
                continue;
            }

            Add(hosts, (channel.Key.Source, channel.Key.Port), channel);
            Add(ports, (channel.Key.Source, channel.Key.Destination), channel);
        }

        return hosts.Where(pair => IsScan(pair.Value, HuntRules.ScanHosts))
            .Select(pair => Of(scene, sides, pair.Key.Source, null, pair.Key.Port, pair.Value, HuntRules.ScanHostsHigh, "hosts on one port"))
            .Concat(ports.Where(pair => IsScan(pair.Value, HuntRules.ScanPorts))
                .Select(pair => Of(scene, sides, pair.Key.Source, pair.Key.Destination, null, pair.Value, HuntRules.ScanPortsHigh, "ports on one host")));
    }

    private static void Add<TKey>(Dictionary<TKey, Tried> all, TKey key, in Channel channel)
        where TKey : notnull
    {
        var known = all.TryGetValue(key, out var before) ? before : new Tried(0, 0, 0, 0, 0, long.MaxValue, long.MinValue);
        known = known with { Count = known.Count + 1 };
        all[key] = channel.Failed < channel.Connections ? known : known with
        {
            Failed = known.Failed + 1,
            Connections = known.Connections + channel.Connections,
            Bytes = known.Bytes + channel.Bytes,
            BytesOut = known.BytesOut + channel.BytesOut,
            First = Math.Min(known.First, channel.First),
            Last = Math.Max(known.Last, channel.Last),
        };
    }

    private static bool IsScan(in Tried tried, int fewest) => tried.Failed >= fewest && tried.Failed >= HuntRules.ScanFailed * tried.Count;

    private static Finding Of(HuntScene scene, Sides sides, int source, int? destination, int? port, Tried tried, int high, string what)
    {
        var confidence = tried.Failed >= high && scene.KnowsState ? Confidence.High : Confidence.Medium;
        return new Finding(Kind, sides.IsInside(scene.Flows.Hosts, source) ? confidence : Confidence.Low, source)
        {
            Destination = destination,
            Port = port,
            First = tried.First,
            Last = tried.Last,
            Connections = tried.Connections,
            BytesOut = scene.KnowsBytesOut ? tried.BytesOut : null,
            BytesIn = scene.KnowsBytesOut ? tried.Bytes - tried.BytesOut : null,
            Figures = Text($"{tried.Count} {what} within {Span(tried.Last - tried.First)}, {tried.Failed} of them {(scene.KnowsState ? "failed" : "without a byte")}"),
            RuleOut = "A vulnerability scanner, an inventory or monitoring system, a host that was down.",
        };
    }

    private static bool IsGroup(NetAddress address) =>
        address.IsPresent && (address.IsIPv4 ? ((uint)address.Bits >> 28 == 0xE || (uint)address.Bits == uint.MaxValue) : address.Bits >> 120 == 0xFF);

    /// <summary>Hosts or ports tried, and of those that failed the sums: what worked is ordinary use of the same port.</summary>
    private readonly record struct Tried(long Count, long Failed, long Connections, long Bytes, long BytesOut, long First, long Last);
}
