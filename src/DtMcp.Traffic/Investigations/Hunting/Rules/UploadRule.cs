using DtMcp.Traffic.Investigations.Hunting.Signs;
using static DtMcp.Traffic.Investigations.Hunting.Signs.HuntScene;

namespace DtMcp.Traffic.Investigations.Hunting.Rules;

/// <summary>
/// A device that sends much to one destination outside: in connections that send three times what they receive, or in all, when all of it
/// does; against what the device usually sends to one destination (before, where that is known). Bytes that a sensor made up are in no sum.
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
            .DistinctBy(pair => (pair.Key.Source, Network(scene, pair.Key.Destination)))
            .CountBy(pair => Network(scene, pair.Key.Destination)).ToDictionary();
        return uploads.Select(pair => Of(scene, pair.Key.Source, pair.Key.Destination, pair.Value,
            devices.GetValueOrDefault(Network(scene, pair.Key.Destination))));
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

    // A service's addresses are neighbours: of one /24, or /48.
    private static UInt128 Network(HuntScene scene, int id)
    {
        var address = scene.Flows.Hosts.Address(id);
        return address.IsIPv4 ? address.Bits >> 8 : (address.Bits >> 80) << 80;
    }

    private static Sign Of(HuntScene scene, int source, int destination, Sent sent, int devices)
    {
        var usual = scene.Before?.UsualUpload(scene.Flows.Hosts, source, destination, sent.First);
        var taken = scene.Before?.TakenBefore(scene.Flows.Hosts, source, destination) ?? 0;
        var isUnusual = usual is not { } known || sent.Upload / HuntRules.UploadTimesUsual >= known;
        var least = usual is null ? HuntRules.UploadMediumUnknown : HuntRules.UploadMedium;
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
            Figures = () => Figures(scene, sent, usual, taken, devices, sent.Upload >= HuntRules.UploadHigh ? HuntRules.UploadHigh : least),
        };
    }

    private static string Figures(HuntScene scene, Sent sent, long? usual, long taken, int devices, long least)
    {
        var times = sent.In == 0 ? "nothing came back" : Text($"{(double)sent.Out / sent.In:0.#} times what came back");
        var before = usual is not { } known ? ""
            : Text($"; before at most {Size(known)} to one host{(scene.Before!.IsWhole ? "" : " among those kept")}");
        var others = taken == 0 ? "" : Text($"; another device sent {Size(taken)} there before");
        return Text($"sent {Size(sent.Upload)} (≥{Size(least)}), {times}{before}{others}")
            + (devices > 1 ? Text($"; {devices} devices upload to its network") : "");
    }
}
