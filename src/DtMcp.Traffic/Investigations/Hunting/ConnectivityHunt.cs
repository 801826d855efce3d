using System.Globalization;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>
/// <c>hunt_traffic</c> where there are no rows: uploads, scans and new destinations by bytes and partners, against the time before. What
/// only rows show is not looked for, and a note says so.
/// </summary>
internal static class ConnectivityHunt
{
    private const string Blind = "beacons, refused calls, guessed passwords, lateral movement, long connections, what comes in and names "
        + "are not looked for: hunting for them needs one row a connection, which only connection records (Advanced Search) give";

    private static readonly HuntKind[] Seen = [HuntKind.Upload, HuntKind.Scan, HuntKind.NewDestinations, HuntKind.AdminPorts];

    public static Findings Finish(ConnectivityHalves now, ConnectivityHalves before, AnalysisSettings settings, HuntKind kind)
    {
        if (kind != HuntKind.All && !Seen.Contains(kind))
        {
            return new Findings
            {
                Totals = [],
                Tables = [],
                Notes = [$"This stands on connectivity tables: {Blind}."],
                Next = [NextCalls.Of(settings, "list_alerts"), NextCalls.Of(settings, "hunt_traffic")],
            };
        }

        var (scene, earlier) = (new ConnectivityScene(now, settings), new ConnectivityScene(before, settings));
        var hints = ConnectivityRules.Find(scene, earlier).Where(hint => kind == HuntKind.All || hint.Kind == kind)
            .Select(hint => Lowered(scene, hint, settings.KnownGood))
            .OrderByDescending(hint => (int)hint.Confidence).ThenBy(hint => (int)hint.Kind).ThenByDescending(hint => hint.Bytes)
            .ThenBy(hint => hint.Did).ThenBy(hint => hint.Far, StringComparer.Ordinal).ToList();
        var shown = hints.Take(settings.Limit).ToList();
        return new Findings
        {
            Totals =
            [
                new Field("devices", Cell.Of((long)scene.Devices.Count)),
                new Field("findings", Cell.Of((long)hints.Count)),
                new Field("high", Count(hints, Confidence.High)),
                new Field("medium", Count(hints, Confidence.Medium)),
                new Field("low", Count(hints, Confidence.Low)),
            ],
            Tables = [Table(scene, shown, hints.Count)],
            Notes = [.. Notes(scene, earlier), .. TrafficHunt.Lowered([.. hints.Select(hint => hint.KnownGood).OfType<KnownGoodEntry>()])],
            Next =
            [
                .. shown.Where(hint => hint.Confidence > Confidence.Low).Take(2)
                    .Select(hint => NextCalls.Of(settings, "analyze_device_activity", Did(hint.Did))).Distinct(),
                NextCalls.Of(settings, "list_alerts"),
            ],
            Subjects = [.. hints.TakeWhile(hint => hint.Confidence > Confidence.Low).Select(hint => Subject(scene, hint, settings))],
        };
    }

    private static Hint Lowered(ConnectivityScene scene, Hint hint, KnownGood knownGood)
    {
        var device = scene.Devices.GetValueOrDefault(hint.Did);
        var source = new KnownEnd(NetAddress.TryParse(device?.Ip, out var own) ? own : NetAddress.None, device?.Hostname, null);
        KnownEnd? far = hint.Far is null ? null
            : new KnownEnd(NetAddress.TryParse(hint.Far, out var address) ? address : NetAddress.None, hint.Far, null);
        return hint.Confidence > Confidence.Low && knownGood.Find(source, far, []) is { } known
            ? hint with { Confidence = Confidence.Low, KnownGood = known, Figures = $"{hint.Figures}; known good: {known.Reason}" }
            : hint;
    }

    private static Cell Count(List<Hint> hints, Confidence confidence) =>
        Cell.Of((long)hints.Count(hint => hint.Confidence == confidence));

    private static string Did(long did) => string.Create(CultureInfo.InvariantCulture, $"did={did}");

    private static Table Table(ConnectivityScene scene, List<Hint> shown, int of)
    {
        var table = new TableBuilder("findings", "confidence",
            "kind", "confidence", "source", "source_did", "hostname", "destination", "devices", "bytes", "signs");
        foreach (var hint in shown)
        {
            var device = scene.Devices.GetValueOrDefault(hint.Did);
            table.Add(
                Cell.Of(hint.Kind.Word()), Cell.Of(StoryTable.Word(hint.Confidence)), Cell.Of(device?.Ip), Cell.Of(hint.Did),
                Cell.Of(device?.Hostname), Cell.Of(hint.Far),
                hint.Far is { } far && scene.DevicesOf.TryGetValue(far, out var devices) ? Cell.Of((long)devices.Count) : Cell.Absent,
                Cell.Of(hint.Bytes), Cell.Sentence(hint.Figures));
        }

        return table.Build(of);
    }

    private static Subject Subject(ConnectivityScene scene, Hint hint, AnalysisSettings settings) => new(
        hint.Did, scene.Devices.GetValueOrDefault(hint.Did)?.Ip,
        NetAddress.TryParse(hint.Far, out var far) ? far : null, settings.Window.StartMs, settings.Window.EndMs);

    private static IEnumerable<string> Notes(ConnectivityScene scene, ConnectivityScene before)
    {
        yield return $"This stands on connectivity tables: {Blind}. Uploads, scans and new destinations are told by bytes and partners "
            + "alone, and are at most medium where the time before is not known.";
        if (scene.Devices.Count == 0)
        {
            yield return "No device matches: nothing was there to hunt in.";
        }
        else if (before.Devices.Count == 0)
        {
            yield return "Nothing is known of the time before, so new destinations, and what a device usually sends, cannot be told.";
        }

        if (scene.Devices.Values.Any(device => device.InOut is null))
        {
            yield return $"What a device sent is known for the devices of {Capabilities.MaxSubnets} subnets at most; the others' uploads "
                + "are not seen (ask did= or subnet=).";
        }
    }
}
