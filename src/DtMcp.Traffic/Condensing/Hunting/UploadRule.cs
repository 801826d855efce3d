using static DtMcp.Traffic.Condensing.Hunting.HuntScene;

namespace DtMcp.Traffic.Condensing.Hunting;

/// <summary>
/// A device that sends much to one destination outside: connections that send three times what they receive, summed, against what the device usually sends to one
/// destination (before, where that is known). Bytes that a sensor made up are in no sum.
/// </summary>
internal static class UploadRule
{
    public const string Kind = "upload";

    public static IEnumerable<Finding> Find(HuntScene scene)
    {
        if (!scene.KnowsBytesOut)
        {
            return [];
        }

        Dictionary<(int Source, int Destination), Channel> pairs = [];
        foreach (ref readonly var channel in scene.Book.Channels)
        {
            if (channel.UploadOut > 0)
            {
                var key = (channel.Key.Source, channel.Key.Destination);
                pairs[key] = pairs.TryGetValue(key, out var known) ? Sum(known, channel) : channel;
            }
        }

        return pairs.Values.Where(pair => pair.UploadOut >= HuntRules.UploadLow).Select(pair => Of(scene, pair));
    }

    private static Finding Of(HuntScene scene, Channel pair)
    {
        var usual = scene.Before?.UsualUpload(scene.Flows.Hosts, pair.Key.Source);
        var isUnusual = usual is not var (uploads, _) || pair.UploadOut / HuntRules.UploadTimesUsual >= uploads;
        var confidence = !isUnusual || pair.UploadOut < HuntRules.UploadMedium ? Confidence.Low : pair.UploadOut >= HuntRules.UploadHigh ? Confidence.High : Confidence.Medium;
        return new Finding(Kind, scene.Popular(confidence, pair.Key.Destination), pair.Key.Source)
        {
            Destination = pair.Key.Destination,
            Port = pair.Key.Port,
            First = pair.First,
            Last = pair.Last,
            Connections = pair.Uploads,
            BytesOut = pair.UploadOut,
            BytesIn = pair.UploadIn,
            Figures = () => Figures(scene, pair, usual),
            RuleOut = "A backup, a cloud drive, a mail attachment or a video call.",
        };
    }

    private static string Figures(HuntScene scene, in Channel pair, (long Uploads, long Sent)? usual)
    {
        var times = pair.UploadIn == 0 ? "nothing came back" : Text($"{(double)pair.UploadOut / pair.UploadIn:0.#} times what came back");
        var before = usual is var (uploads, sent)
            ? Text($"; in the time before at most {sent} bytes to one destination{Of(uploads, sent)}") + (scene.Before!.IsWhole ? "" : " among those kept")
            : "";
        return $"{Text($"{pair.Uploads} connections sent {pair.UploadOut} bytes")}, {times}{before}; {scene.About(pair.Key)}";
    }

    private static string Of(long uploads, long sent) =>
        uploads == sent ? "" : uploads == 0 ? ", none of them in uploads" : Text($", and at most {uploads} in uploads");

    private static Channel Sum(Channel a, in Channel b)
    {
        var key = a.UploadOut >= b.UploadOut ? a.Key : b.Key;
        return a with
        {
            Key = key,
            UploadOut = a.UploadOut + b.UploadOut,
            UploadIn = a.UploadIn + b.UploadIn,
            Uploads = a.Uploads + b.Uploads,
            First = Math.Min(a.First, b.First),
            Last = Math.Max(a.Last, b.Last),
        };
    }
}
