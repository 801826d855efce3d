using DtMcp.Hunts.Planted;
using DtMcp.Hunts.Rivals;
using static DtMcp.Hunts.Verdict;

namespace DtMcp.Hunts;

/// <summary>Days of an office with nothing planted: what is found is wrong.</summary>
internal static class CleanDays
{
    public const int People = 100;

    /// <summary>Characters of a finding.</summary>
    private const int MostShown = 200;

    public static void Write(bool isQuick)
    {
        var days = isQuick ? 3 : 10;
        Line($"\n## Clean days: findings above low a day and {People} people\n");
        Line($"| | DtMcp | of them high | DtMcp without the day before | of them high | RITA v5 | Elastic | Sentinel |");
        Line($"|---|---|---|---|---|---|---|---|");
        List<string> wrong = [];
        var (above, high) = Write("the office", days, isBranch: false, wrong);
        Write("an office with other habits", days, isBranch: true, wrong);
        Line($"");
        foreach (var line in wrong.Select(line => line.Length > MostShown ? line[..MostShown] + " ..." : line))
        {
            Line($"- {line}");
        }

        Add($"clean: at most 1 above low a day and 100 people: {above:0.0}", above <= 1);
        Add($"clean: none high: {high}", high == 0);
    }

    private static (double Above, int High) Write(string name, int days, bool isBranch, List<string> wrong)
    {
        var (above, high, without, withoutHigh, rita, elastic, sentinel, rows) = (0, 0, 0, 0, 0, 0, 0, 0L);
        for (var seed = 1; seed <= days; seed++)
        {
            var (office, all) = Made(seed, isBranch: isBranch);
            var (before, now) = (all.Build(0, Office.Day), all.Build(Office.Day));
            var stories = Story.Of(now, before).Where(story => story.IsAbove).ToList();
            (above, high, rows) = (above + stories.Count, high + stories.Count(story => story.Confidence == "high"), rows + now.Count);
            var blind = Story.Of(now, null).Where(story => story.IsAbove).ToList();
            (without, withoutHigh) = (without + blind.Count, withoutHigh + blind.Count(story => story.Confidence == "high"));
            wrong.AddRange(blind.Select(story => $"{name}, day {seed}, without the day before: {Told(story)}"));
            wrong.AddRange(stories.Select(story => $"{name}, day {seed}: {Told(story)}"));
            var pairs = Pair.Of(all, Office.Day);
            rita += pairs.Count(pair => RitaScore.IsFound(pair, office.Devices.Count));
            elastic += pairs.Count(ElasticTransform.IsFound);
            sentinel += pairs.Count(SentinelTemplate.IsFound);
        }

        double ADay(int found) => Math.Round(found / (double)days, 1);
        Row($"{name}, {rows / days} connections a day, {days} days", ADay(above), ADay(high), ADay(without), ADay(withoutHigh), ADay(rita),
            ADay(elastic), ADay(sentinel));
        return (ADay(above), high);
    }

    private static string Told(Story story) => $"{story.Kind} {story.Confidence} {story.Source} {story.Destination} {story.Signs}";

    /// <summary>Two days of an office.</summary>
    public static (Office Office, Rows Rows) Made(int seed, int people = People, bool isBranch = false)
    {
        var (office, rows) = (new Office(seed, people), new Rows());
        office.Live(rows, 0);
        office.Live(rows, Office.Day);
        if (isBranch)
        {
            var branch = new Branch(seed, office);
            branch.Live(rows, 0);
            branch.Live(rows, Office.Day);
        }

        return (office, rows);
    }
}
