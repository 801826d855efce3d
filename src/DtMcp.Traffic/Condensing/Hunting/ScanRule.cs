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
        Dictionary<(int Source, ushort Port, ushort Protocol), Tried> hosts = new(scene.Book.TriedOfDropped);
        Dictionary<(int Source, int Destination), Tried> ports = [];
        foreach (ref readonly var channel in scene.Book.Channels)
        {
            if (channel.Key.Port == 0 || IsIcmp(scene.Flows, channel.Key.Protocol) || IsGroup(scene.Flows.Hosts.Address(channel.Key.Destination)))
            {
                continue;
            }

            if (!scene.Book.IsTriedOfDropped(channel.Key, scene.Flows.Hosts))
            {
                Tried.Add(hosts, (channel.Key.Source, channel.Key.Port, channel.Key.Protocol), channel);
            }

            Tried.Add(ports, (channel.Key.Source, channel.Key.Destination), channel);
        }

        return hosts.Where(pair => IsScan(pair.Value, HuntRules.ScanHosts))
            .Select(pair => Of(scene, sides, pair.Key.Source, null, pair.Key.Port, pair.Value, HuntRules.ScanHostsHigh,
                $"hosts on one port of {scene.Flows.Protocols[pair.Key.Protocol]}"))
            .Concat(ports.Where(pair => IsScan(pair.Value, HuntRules.ScanPorts))
                .Select(pair => Of(scene, sides, pair.Key.Source, pair.Key.Destination, null, pair.Value, HuntRules.ScanPortsHigh,
                    "ports (each protocol by itself) on one host")));
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
            Figures = () => Text($"{tried.Count} {what} within {Span(tried.Last - tried.First)}, {tried.Failed} of them {(scene.KnowsState ? "failed" : "without a byte")}"),
            RuleOut = "A vulnerability scanner, an inventory or monitoring system, a host that was down.",
        };
    }

    private static bool IsGroup(NetAddress address) =>
        address.IsPresent && (address.IsIPv4 ? ((uint)address.Bits >> 28 == 0xE || (uint)address.Bits == uint.MaxValue) : address.Bits >> 120 == 0xFF);
}
