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

        Dictionary<(int Source, int Destination), Sent> pairs = [];
        foreach (ref readonly var channel in scene.Book.All)
        {
            if (channel.GoesOut && channel.BytesOut > 0)
            {
                var key = (channel.Key.Source, channel.Key.Destination);
                pairs[key] = pairs.GetValueOrDefault(key).With(channel);
            }
        }

        return pairs.Where(pair => pair.Value.Upload >= HuntRules.UploadLow)
            .Select(pair => Of(scene, pair.Key.Source, pair.Key.Destination, pair.Value));
    }

    private static Sign Of(HuntScene scene, int source, int destination, Sent sent)
    {
        var usual = scene.Before?.UsualUpload(scene.Flows.Hosts, source, destination, sent.First);
        var isUnusual = usual is not { } known || sent.Upload / HuntRules.UploadTimesUsual >= known;
        var least = usual is null ? HuntRules.UploadMediumUnknown : HuntRules.UploadMedium;
        var confidence = !isUnusual || sent.Upload < least ? Confidence.Low
            : sent.Upload >= HuntRules.UploadHigh ? Confidence.High
            : Confidence.Medium;
        return new Sign(HuntKind.Upload, scene.Popular(confidence, destination), source, destination)
        {
            Ports = [sent.Port],
            Figures = () => Figures(scene, sent, usual, sent.Upload >= HuntRules.UploadHigh ? HuntRules.UploadHigh : least),
        };
    }

    private static string Figures(HuntScene scene, Sent sent, long? usual, long least)
    {
        var times = sent.In == 0 ? "nothing came back" : Text($"{(double)sent.Out / sent.In:0.#} times what came back");
        var before = usual is not { } known ? ""
            : Text($"; before at most {Size(known)} to one host{(scene.Before!.IsWhole ? "" : " among those kept")}");
        return Text($"sent {Size(sent.Upload)} (≥{Size(least)}), {times}{before}");
    }
}
