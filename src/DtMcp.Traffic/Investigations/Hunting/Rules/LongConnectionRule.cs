using DtMcp.Traffic.Investigations.Hunting.Signs;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// Connections outside that stay open for hours, or for most of a short window, and carry something: by themselves medium at the most, and
/// a step less where there was one for an hour before.
/// </summary>
internal static class LongConnectionRule
{
    public static IEnumerable<Sign> Find(HuntScene scene)
    {
        List<Sign> found = [];
        var span = scene.Book.SpanMs;
        foreach (var id in scene.Short.Long)
        {
            ref readonly var channel = ref scene.Book.All[id];
            var longest = channel.LongestMs;
            var isLongHere = longest >= HuntRules.LongInShortMs && longest >= HuntRules.LongShare * span;
            if (scene.IsIcmp(channel) || (longest < HuntRules.LongMs && !isLongHere))
            {
                continue;
            }

            var key = channel.Key;
            var (bytes, rate) = (channel.LongestBytes, channel.LongestBytes / (longest / 1_000.0));
            var isMostOfIt = longest >= HuntRules.LongInShortMediumMs && longest >= HuntRules.LongShareMedium * span;
            var least = HuntPorts.IsPush(key.Port) ? HuntRules.ChatBytesASecond : HuntRules.IdleBytesASecond;
            var isIdle = rate < least && (HuntPorts.IsPush(key.Port) || bytes == 0);
            var isDownload = scene.KnowsBytesOut && channel.BytesIn >= HuntRules.DownloadTimes * channel.BytesOut;
            var confidence = longest < HuntRules.LongMediumMs && !isMostOfIt ? Confidence.Low
                : isIdle || isDownload || HuntPorts.BeatsByDesign(key.Port) ? Confidence.Low
                : Confidence.Medium;
            var isUsual = confidence > Confidence.Low && scene.Before?.Called(scene.Flows.Hosts, key).LongestMs >= HuntRules.LongMs;
            confidence -= isUsual ? 1 : 0;
            found.Add(new Sign(HuntKind.LongConnections, scene.Popular(confidence, key.Destination), key.Source, key.Destination)
            {
                Ports = [key.Port],
                Figures = () => Text($"open for {Span(longest)} ({(span == 0 ? 1 : Math.Min(1, (double)longest / span)):P0} of the time), ")
                    + Text($"{Size(bytes)}, {rate:0.#} B/s (idle <{least}){(isUsual ? ", as before" : "")}"),
            });
        }

        return found;
    }
}
