using static DtMcp.Traffic.Investigations.Hunting.HuntContext;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>Connections outside that stay open for hours, or for most of a short window.</summary>
internal static class LongConnectionRule
{
    public const HuntKind Kind = HuntKind.LongConnections;

    public static IEnumerable<Finding> Find(HuntContext context)
    {
        List<Finding> found = [];
        var span = context.Pairs.SpanMs;
        foreach (ref readonly var pair in context.Pairs.All)
        {
            var longest = pair.LongestMs;
            var isLongHere = longest >= HuntRules.LongInShortMs && longest >= HuntRules.LongShare * span;
            if (!pair.GoesOut || IsIcmp(context.Flows, pair.Key.Protocol) || (longest < HuntRules.LongMs && !isLongHere))
            {
                continue;
            }

            var seen = pair;
            var isMostOfIt = longest >= HuntRules.LongInShortMediumMs && longest >= HuntRules.LongShareMedium * span;
            var confidence = longest >= HuntRules.LongHighMs ? Confidence.High
                : longest >= HuntRules.LongMediumMs || isMostOfIt ? Confidence.Medium
                : Confidence.Low;
            confidence = HuntRules.BeatsByDesign(pair.Key.Port) ? Confidence.Low : context.Popular(confidence, pair.Key.Destination);
            found.Add(new Finding(Kind, confidence, pair.Key.Source)
            {
                Destination = pair.Key.Destination,
                Port = pair.Key.Port,
                First = pair.First,
                Last = pair.Last,
                Connections = pair.Connections,
                BytesOut = context.KnowsBytesOut ? pair.BytesOut : null,
                BytesIn = context.KnowsBytesOut ? pair.BytesIn : null,
                Figures =
                    () => Text($"the longest lasted {Span(longest)}, ")
                    + Text($"{(span == 0 ? 1 : Math.Min(1, (double)longest / span)):P0} of the time looked at, ")
                    + Text($"{seen.Bytes} bytes; {context.About(seen.Key)}"),
                RuleOut = "A VPN, a remote session, a chat or push service, a large download.",
            });
        }

        return found;
    }
}
