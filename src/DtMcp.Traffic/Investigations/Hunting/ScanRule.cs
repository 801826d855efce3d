using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Counting;
using static DtMcp.Traffic.Investigations.Hunting.HuntContext;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>
/// One source that tries many hosts on a port, or many ports on a host, most of them in vain. Where the rows do not say what failed, a
/// connection without bytes counts as failed and no finding is high. Scans from outside stay low: the Internet scans everyone.
/// </summary>
internal static class ScanRule
{
    public const HuntKind Kind = HuntKind.Scan;

    public static IEnumerable<Finding> Find(HuntContext context, Sides sides)
    {
        Dictionary<(int Source, ushort Port, ushort Protocol), Tried> hosts = new(context.Pairs.TriedOfDropped);
        Dictionary<(int Source, int Destination), Tried> ports = [];
        foreach (ref readonly var connectionPair in context.Pairs.All)
        {
            if (connectionPair.Key.Port == 0
                || IsIcmp(context.Flows, connectionPair.Key.Protocol)
                || IsGroup(context.Flows.Hosts.Address(connectionPair.Key.Destination)))
            {
                continue;
            }

            if (!context.Pairs.IsTriedOfDropped(connectionPair.Key, context.Flows.Hosts))
            {
                Tried.Add(hosts, (connectionPair.Key.Source, connectionPair.Key.Port, connectionPair.Key.Protocol), connectionPair);
            }

            Tried.Add(ports, (connectionPair.Key.Source, connectionPair.Key.Destination), connectionPair);
        }

        return hosts.Where(pair => IsScan(pair.Value, HuntRules.ScanHosts))
            .Select(pair => Of(context, sides, pair.Key.Source, null, pair.Key.Port, pair.Value, HuntRules.ScanHostsHigh,
                $"hosts on one port of {context.Flows.Protocols[pair.Key.Protocol]}"))
            .Concat(ports.Where(pair => IsScan(pair.Value, HuntRules.ScanPorts))
                .Select(pair => Of(context, sides, pair.Key.Source, pair.Key.Destination, null, pair.Value, HuntRules.ScanPortsHigh,
                    "ports (each protocol by itself) on one host")));
    }

    private static bool IsScan(in Tried tried, int fewest) => tried.Failed >= fewest && tried.Failed >= HuntRules.ScanFailed * tried.Count;

    private static Finding Of(HuntContext context, Sides sides, int source, int? destination, int? port, Tried tried, int high, string what)
    {
        var confidence = tried.Failed >= high && context.KnowsState ? Confidence.High : Confidence.Medium;
        return new Finding(Kind, sides.IsInside(context.Flows.Hosts, source) ? confidence : Confidence.Low, source)
        {
            Destination = destination,
            Port = port,
            First = tried.First,
            Last = tried.Last,
            Connections = tried.Connections,
            BytesOut = context.KnowsBytesOut ? tried.BytesOut : null,
            BytesIn = context.KnowsBytesOut ? tried.Bytes - tried.BytesOut : null,
            Figures = () => Text($"{tried.Count} {what} within {Span(tried.Last - tried.First)}, ")
                + Text($"{tried.Failed} of them {(context.KnowsState ? "failed" : "without a byte")}"),
            RuleOut = "A vulnerability scanner, an inventory or monitoring system, a host that was down.",
        };
    }

    private static bool IsGroup(NetAddress address) =>
        address.IsPresent && (address.IsIPv4
            ? ((uint)address.Bits >> 28 == 0xE || (uint)address.Bits == uint.MaxValue)
            : address.Bits >> 120 == 0xFF);
}
