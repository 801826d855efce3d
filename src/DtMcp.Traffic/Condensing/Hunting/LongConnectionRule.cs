using static DtMcp.Traffic.Condensing.Hunting.HuntScene;

namespace DtMcp.Traffic.Condensing.Hunting;

/// <summary>Connections outside that stay open for hours, or for most of a short window.</summary>
internal static class LongConnectionRule
{
    public const string Kind = "long_connections";

    public static IEnumerable<Finding> Find(HuntScene scene)
    {
        List<Finding> found = [];
        var span = scene.Book.SpanMs;
        foreach (ref readonly var channel in scene.Book.Channels)
        {
            var longest = channel.LongestMs;
            var isLongHere = longest >= HuntRules.LongInShortMs && longest >= HuntRules.LongShare * span;
            if (!channel.GoesOut || IsIcmp(scene.Flows, channel.Key.Protocol) || (longest < HuntRules.LongMs && !isLongHere))
            {
                continue;
            }

            var seen = channel;
            var isMostOfIt = longest >= HuntRules.LongInShortMediumMs && longest >= HuntRules.LongShareMedium * span;
            var confidence = longest >= HuntRules.LongHighMs ? Confidence.High : longest >= HuntRules.LongMediumMs || isMostOfIt ? Confidence.Medium : Confidence.Low;
            confidence = HuntRules.BeatsByDesign(channel.Key.Port) ? Confidence.Low : scene.Popular(confidence, channel.Key.Destination);
            found.Add(new Finding(Kind, confidence, channel.Key.Source)
            {
                Destination = channel.Key.Destination,
                Port = channel.Key.Port,
                First = channel.First,
                Last = channel.Last,
                Connections = channel.Connections,
                BytesOut = scene.KnowsBytesOut ? channel.BytesOut : null,
                BytesIn = scene.KnowsBytesOut ? channel.BytesIn : null,
                Figures =
                    () => Text($"the longest lasted {Span(longest)}, {(span == 0 ? 1 : Math.Min(1, (double)longest / span)):P0} of the time looked at, ")
                    + Text($"{seen.Bytes} bytes; {scene.About(seen.Key)}"),
                RuleOut = "A VPN, a remote session, a chat or push service, a large download.",
            });
        }

        return found;
    }
}
