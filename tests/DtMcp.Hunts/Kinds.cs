using DtMcp.Hunts.Planted;
using static DtMcp.Hunts.Verdict;

namespace DtMcp.Hunts;

/// <summary>One thing of each kind planted in a day of an office: whether it is found above low, and comes first.</summary>
internal static class Kinds
{
    private const long Day = Office.Day;
    private const long Hour = 3_600_000;

    public static void Write(bool isQuick)
    {
        var repeats = isQuick ? 2 : 5;
        Line($"\n## One planted in an office of 60 people, {repeats} offices\n\n| planted | above low | first |\n|---|---|---|");
        var (all, first) = (0, 0);
        foreach (var (name, counts, plant) in All())
        {
            var (found, ahead) = (0, 0);
            for (var seed = 1; seed <= repeats; seed++)
            {
                var (office, rows) = CleanDays.Made(seed + 100, 60);
                var planted = plant(rows, Chance.Of(seed), office);
                var stories = Story.Of(rows.Build(Day), rows.Build(0, Day));
                bool IsIt(Story story) => story.Source == planted.Source && (planted.Destination is null
                    || story.Destination == planted.Destination);
                found += stories.Exists(story => story.IsAbove && IsIt(story)) ? 1 : 0;
                ahead += stories.Count > 0 && IsIt(stories[0]) ? 1 : 0;
            }

            Line($"| {name} | {found} of {repeats} | {ahead} of {repeats} |");
            (all, first) = counts ? (all + repeats, first + ahead) : (all, first);
        }

        Add($"the planted one first in 9 of 10: {first} of {all}", first >= 0.9 * all);
    }

    private static IEnumerable<(string Name, bool Counts, Func<Rows, Random, Office, Planting> Plant)> All()
    {
        foreach (var (period, name) in new[] { (10_000, "10 s"), (60_000, "1 min"), (600_000, "10 min"), (1_200_000, "20 min") })
        {
            yield return ($"beacon every {name}, 30 % jitter, 15 % missed, one day", true, (rows, random, office) => Plant.Beacon(rows,
                random,
                new BeaconShape(period, 0.3, false, 0.15, Math.Min(3_000, (int)(0.84 * Day / period))), office.Devices[7],
                    "203.0.113.77", 443, Day + 60_000));
        }

        foreach (var (bytes, parts, name) in new[] { (5_000_000L, 1, "5 MB"), (50_000_000L, 3, "50 MB"), (2_000_000_000L, 40, "2 GB"),
            (50_000_000_000L, 400, "50 GB") })
        {
            yield return ($"upload of {name} in {parts} connections", true, (rows, random, office) =>
                Plant.Upload(rows, random, bytes, parts, office.Devices[9], "203.0.113.78", Day + (1 * Hour), Day + (4 * Hour)));
        }

        yield return ("upload of 300 MB in connections of 60 KB over the day", true, (rows, random, office) =>
            Plant.Upload(rows, random, 300_000_000, 5_000, office.Devices[9], "203.0.113.78", Day, 2 * Day));
        yield return ("upload of 5 MB at noon between pages", false, (rows, random, office) =>
            Plant.Upload(rows, random, 5_000_000, 1, office.Devices[9], "203.0.113.78", Day + (12 * Hour), Day + (12.2 * Hour)));
        foreach (var (aMinute, networks) in new[] { (30, 60), (1, 60) })
        {
            yield return ($"mail to {networks} networks at {aMinute} a minute", true, (rows, random, office) =>
                Plant.Mail(rows, random, networks, aMinute, office.Devices[17], Day + (10 * Hour)));
        }

        foreach (var aMinute in new[] { 1, 10, 100, 1_000 })
        {
            yield return ($"scan of 200 hosts at {aMinute} a minute", true, (rows, random, office) =>
                Plant.Scan(rows, aMinute, 200, office.Devices[11], Day + (10 * Hour)));
        }

        yield return ("scan of 30 hosts at 1 in 10 minutes (is to stay low)", false, (rows, random, office) =>
            Plant.Scan(rows, 0.1, 30, office.Devices[11], Day + (10 * Hour)));
        yield return ("200 guesses at SSH from outside", true, (rows, random, office) =>
            Plant.Guess(rows, random, 200, "192.0.2.77", "10.1.0.7", 22, Day + (2 * Hour)));
        yield return ("600 guesses at RDP inside", true, (rows, random, office) =>
            Plant.Guess(rows, random, 600, office.Devices[13], "10.1.0.2", 3389, Day + (2 * Hour)));
        yield return ("WinRM and SMB to a colleague's machine", true, (rows, random, office) =>
            Plant.Lateral(rows, random, office.Devices[15], office.Devices[16], Day + (11 * Hour)));
    }
}
