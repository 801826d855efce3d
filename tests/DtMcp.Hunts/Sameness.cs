using DtMcp.Hunts.Planted;
using static DtMcp.Hunts.Verdict;

namespace DtMcp.Hunts;

/// <summary>The same findings whatever the order of rows, by one reading or slices, and where the bytes are told together.</summary>
internal static class Sameness
{
    public static void Write()
    {
        var (order, slices, dialect) = (true, true, true);
        for (var seed = 1; seed <= 3; seed++)
        {
            var (office, rows) = CleanDays.Made(seed + 500, 40);
            Plant.Beacon(rows, Chance.Of(seed), new BeaconShape(60_000, 0.3, false, 0.15, 400), office.Devices[7], "203.0.113.77", 443,
                Office.Day + 60_000);
            Plant.Scan(rows, 60, 100, office.Devices[11], Office.Day + 36_000_000);
            Plant.Lateral(rows, Chance.Of(seed), office.Devices[15], office.Devices[16], Office.Day + 39_000_000);
            var before = rows.Build(0, Office.Day);
            var whole = Told(Story.Of(rows.Build(Office.Day), before));
            order &= whole == Told(Story.Of(rows.Build(Office.Day, shuffle: Chance.Of(seed)), before));
            var sliced = rows.Build(Office.Day, Office.Day + (Office.Day / 3));
            sliced.Absorb(rows.Build(Office.Day + (Office.Day / 3)));
            slices &= whole == Told(Story.Of(sliced, before));
            dialect &= Above(Story.Of(rows.Build(Office.Day), before)) == Above(Story.Of(rows.Build(Office.Day, split: false),
                rows.Build(0, Office.Day, split: false)));
        }

        Add($"the same whatever the order of rows", order);
        Add($"the same by one reading or slices", slices);
        Add($"the same above low on both dialects, uploads apart", dialect);
    }

    private static string Told(List<Story> stories) => string.Join('\n', stories.Select(story => story with { Ports = [] }))
        + string.Join('\n', stories.Select(story => string.Join(' ', story.Ports)));

    private static string Above(List<Story> stories) => string.Join('\n', stories.Where(story => story.IsAbove && story.Kind != "upload")
        .Select(story => $"{story.Kind} {story.Confidence} {story.Source} {story.Destination}").Order(StringComparer.Ordinal));
}
