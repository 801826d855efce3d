using DtMcp.Traffic.Investigations.Hunting.Signs;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// A device that sends much to one destination outside: in connections that send three times what they receive, or in all, when all of it
/// does; against what the device usually sends to one destination (in the days of the history, or before, where that is known). Bytes that
/// a sensor made up are in no sum.
/// </summary>
internal static class UploadRule
{
    public static IEnumerable<Sign> Find(HuntScene scene)
    {
        if (!scene.KnowsBytesOut)
        {
            return [];
        }

        List<((int Source, int Destination) Key, Sent Value)> uploads = [];
        for (var source = 0; source < scene.Ends.Hosts; source++)
        {
            var (from, to) = scene.Ends.PairsOf(source);
            for (var pair = from; pair < to; pair++)
            {
                var destination = scene.Ends.DestinationOf(pair);
                if (scene.Short.SentTo[destination] >= HuntRules.UploadLow
                    && SumOf(scene, scene.Ends.Of(pair)) is { Upload: >= HuntRules.UploadLow } sent)
                {
                    uploads.Add(((source, destination), sent));
                }
            }
        }

        var devices = uploads.Where(pair => pair.Value.Upload >= HuntRules.UploadMedium)
            .DistinctBy(pair => (pair.Key.Source, NetworkOf(scene.Flows.Hosts, pair.Key.Destination)))
            .CountBy(pair => NetworkOf(scene.Flows.Hosts, pair.Key.Destination)).ToDictionary();
        return uploads.Select(pair => Of(scene, pair.Key.Source, pair.Key.Destination, pair.Value,
            devices.GetValueOrDefault(NetworkOf(scene.Flows.Hosts, pair.Key.Destination))));
    }

    private static Sent SumOf(HuntScene scene, ReadOnlySpan<int> channels)
    {
        Sent sent = default;
        foreach (var id in channels)
        {
            ref readonly var channel = ref scene.Book.All[id];
            sent = channel.GoesOut && channel.BytesOut > 0 ? sent.With(channel) : sent;
        }

        return sent;
    }

    private static Sign Of(HuntScene scene, int source, int destination, Sent sent, int devices)
    {
        var (hosts, before) = (scene.Flows.Hosts, scene.Before);
        var usual = before?.UsualUpload(hosts, source, destination, sent.First);
        var isQuiet = IsQuiet(scene, source, destination, sent.Hours);
        if (isQuiet && usual > 0 && before!.UploadAt(hosts, source, destination, sent) is { } thisHour)
        {
            // By day it sends more, and now it is still: what counts is what it sends at this hour.
            usual = Math.Min(usual.Value, thisHour);
        }

        var taken = before?.TakenBefore(hosts, source, destination) ?? 0;
        var isUnusual = usual is not { } known || sent.Upload / HuntRules.UploadTimesUsual >= known;
        var least = HuntPorts.IsMail(sent.Port) ? HuntRules.UploadMediumMail
            : usual is not null ? HuntRules.UploadMedium
            : isQuiet ? HuntRules.UploadMediumUnknown
            : HuntRules.UploadMediumBusy;
        var confidence = !isUnusual || sent.Upload < least ? Confidence.Low
            : sent.Upload >= HuntRules.UploadHigh ? Confidence.High
            : Confidence.Medium;
        if (sent.Upload / HuntRules.UploadTimesUsual < taken && confidence > Confidence.Low)
        {
            // A place for uploads: of a device that was off before it is what to expect, of another one step less sure.
            confidence = usual is null ? Confidence.Low : confidence - 1;
        }

        var together = Math.Max(scene.DevicesOf(destination), devices);
        return new Sign(HuntKind.Upload, scene.ByNumber(confidence, together), source, destination)
        {
            Ports = [sent.Port],
            Figures = () => Figures(scene, sent, usual, before?.IsLongKnown(hosts, source) == true, taken, devices,
                    sent.Upload >= HuntRules.UploadHigh ? HuntRules.UploadHigh : least)
                + (isQuiet ? "; hardly anything else went out in these hours" : ""),
        };
    }

    // Whether a device went to hardly any other host outside in the hours of an upload.
    private static bool IsQuiet(HuntScene scene, int source, int destination, ulong hours)
    {
        var (others, (from, to)) = (0, scene.Ends.PairsOf(source));
        for (var pair = from; pair < to && others <= HuntRules.QuietHosts; pair++)
        {
            others += scene.Ends.DestinationOf(pair) != destination && GoesOut(scene, scene.Ends.Of(pair), hours) ? 1 : 0;
        }

        return others <= HuntRules.QuietHosts;
    }

    private static bool GoesOut(HuntScene scene, ReadOnlySpan<int> channels, ulong hours)
    {
        foreach (var id in channels)
        {
            ref readonly var channel = ref scene.Book.All[id];
            if (channel.GoesOut && channel.Answered > 0 && (channel.Hours & hours) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static string Figures(
        HuntScene scene, Sent sent, long? usual, bool isLong, long taken, int devices, long least)
    {
        var times = sent.In == 0 ? "nothing came back" : Text($"{(double)sent.Out / sent.In:0.#} times what came back");
        var before = usual is not { } known ? ""
            : isLong && known == 0 ? "; usually less than a fifth of it to one host (history)"
            : isLong ? Text($"; usually at most {Size(known)} to one host (history)")
            : Text($"; before at most {Size(known)} to one host{(scene.Before!.IsWhole ? "" : " among those kept")}");
        var others = taken == 0 ? "" : Text($"; another device sent {Size(taken)} there before");
        return Text($"sent {Size(sent.Upload)} (≥{Size(least)}), {times}{before}{others}")
            + (devices > 1 ? Text($"; {devices} devices upload to its network") : "");
    }
}
