using static DtMcp.Traffic.Investigations.Hunting.HuntContext;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>
/// A device that sends much to one destination outside: connections that send three times what they receive, summed, against what the
/// device usually sends to one destination (before, where that is known). Bytes that a sensor made up are in no sum.
/// </summary>
internal static class UploadRule
{
    public const HuntKind Kind = HuntKind.Upload;

    public static IEnumerable<Finding> Find(HuntContext context)
    {
        if (!context.KnowsBytesOut)
        {
            return [];
        }

        Dictionary<(int Source, int Destination), ConnectionPair> pairs = [];
        foreach (ref readonly var connectionPair in context.Pairs.All)
        {
            if (connectionPair.UploadOut > 0)
            {
                var key = (connectionPair.Key.Source, connectionPair.Key.Destination);
                pairs[key] = pairs.TryGetValue(key, out var known) ? Sum(known, connectionPair) : connectionPair;
            }
        }

        return pairs.Values.Where(pair => pair.UploadOut >= HuntRules.UploadLow).Select(pair => Of(context, pair));
    }

    private static Finding Of(HuntContext context, ConnectionPair pair)
    {
        var usual = context.Before?.UsualUpload(context.Flows.Hosts, pair.Key.Source);
        var isUnusual = usual is not var (uploads, _) || pair.UploadOut / HuntRules.UploadTimesUsual >= uploads;
        var confidence = !isUnusual || pair.UploadOut < HuntRules.UploadMedium
            ? Confidence.Low
            : pair.UploadOut >= HuntRules.UploadHigh
            ? Confidence.High
            : Confidence.Medium;
        return new Finding(Kind, context.Popular(confidence, pair.Key.Destination), pair.Key.Source)
        {
            Destination = pair.Key.Destination,
            Port = pair.Key.Port,
            First = pair.First,
            Last = pair.Last,
            Connections = pair.Uploads,
            BytesOut = pair.UploadOut,
            BytesIn = pair.UploadIn,
            Figures = () => Figures(context, pair, usual),
            RuleOut = "A backup, a cloud drive, a mail attachment or a video call.",
        };
    }

    private static string Figures(HuntContext context, in ConnectionPair pair, (long Uploads, long Sent)? usual)
    {
        var times = pair.UploadIn == 0 ? "nothing came back" : Text($"{(double)pair.UploadOut / pair.UploadIn:0.#} times what came back");
        var before = usual is var (uploads, sent)
            ? Text($"; in the time before at most {sent} bytes to one destination{Of(uploads, sent)}")
                + (context.Before!.IsWhole ? "" : " among those kept")
            : "";
        return $"{Text($"{pair.Uploads} connections sent {pair.UploadOut} bytes")}, {times}{before}; {context.About(pair.Key)}";
    }

    private static string Of(long uploads, long sent) =>
        uploads == sent ? "" : uploads == 0 ? ", none of them in uploads" : Text($", and at most {uploads} in uploads");

    private static ConnectionPair Sum(ConnectionPair a, in ConnectionPair b)
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
