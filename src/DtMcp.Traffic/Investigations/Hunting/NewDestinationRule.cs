using static DtMcp.Traffic.Investigations.Hunting.HuntContext;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>
/// Destinations outside that no device used in the time before. Medium when the device is new too, or when much goes there.
/// </summary>
internal static class NewDestinationRule
{
    public const HuntKind Kind = HuntKind.NewDestinations;

    public static IEnumerable<Finding> Find(HuntContext context)
    {
        if (context.Before is not { } before)
        {
            return [];
        }

        Dictionary<(int Source, int Destination), ConnectionPair> pairs = [];
        foreach (ref readonly var connectionPair in context.Pairs.All)
        {
            if (connectionPair.GoesOut && !before.HasDestination(context.Flows.Hosts, connectionPair.Key.Destination))
            {
                var key = (connectionPair.Key.Source, connectionPair.Key.Destination);
                pairs[key] = pairs.TryGetValue(key, out var known) ? Sum(known, connectionPair) : connectionPair;
            }
        }

        return pairs.Values.Select(pair => Of(context, before, pair));
    }

    private static Finding Of(HuntContext context, Baseline before, ConnectionPair pair)
    {
        var isNewDevice = !before.HasDevice(context.Flows.Hosts, pair.Key.Source);
        var isMuch = pair.Connections >= HuntRules.NewConnections || (context.KnowsBytesOut && pair.BytesOut >= HuntRules.NewBytesOut);
        var confidence = pair.Answered > 0 && (isNewDevice || isMuch) ? Confidence.Medium : Confidence.Low;
        return new Finding(Kind, context.Popular(confidence, pair.Key.Destination), pair.Key.Source)
        {
            Destination = pair.Key.Destination,
            Port = pair.Key.Port,
            First = pair.First,
            Last = pair.Last,
            Connections = pair.Connections,
            BytesOut = context.KnowsBytesOut ? pair.BytesOut : null,
            BytesIn = context.KnowsBytesOut ? pair.BytesIn : null,
            Figures = () => $"{(isNewDevice ? "neither the destination nor the device was" : "the destination was not")} there in the " +
                $"time before; {Text($"{pair.Bytes} bytes")}; {context.About(pair.Key)}",
            RuleOut = "A site that someone opened for the first time, a service that moved to other addresses.",
        };
    }

    private static ConnectionPair Sum(ConnectionPair a, in ConnectionPair b) => a with
    {
        Key = a.Bytes >= b.Bytes ? a.Key : b.Key,
        Connections = a.Connections + b.Connections,
        Failed = a.Failed + b.Failed,
        Answered = a.Answered + b.Answered,
        Bytes = a.Bytes + b.Bytes,
        BytesOut = a.BytesOut + b.BytesOut,
        First = Math.Min(a.First, b.First),
        Last = Math.Max(a.Last, b.Last),
    };
}
