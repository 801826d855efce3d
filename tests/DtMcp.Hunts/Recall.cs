using DtMcp.Hunts.Planted;
using DtMcp.Hunts.Rivals;
using static DtMcp.Hunts.Verdict;

namespace DtMcp.Hunts;

/// <summary>How many planted beacons are found above low, by jitter and number of beats, beside others on the same rows.</summary>
internal static class Recall
{
    private static readonly double[] Periods = [5_000, 30_000, 60_000, 300_000, 900_000, 3_600_000, 14_400_000];

    public static void Write(bool isQuick)
    {
        var repeats = isQuick ? 2 : 6;
        Line($"\n## Planted beacons found above low: periods 5 s to 4 h, missed 0 to 30 %, one- and two-sided\n");
        Row("jitter", "20 beats", "40", "60", "120", "300", "period within 2 %", "bytes exact", "RITA v5 at 60", "Elastic", "Sentinel");
        Row("---", "---", "---", "---", "---", "---", "---", "---", "---", "---", "---");
        foreach (var jitter in new[] { 0, 0.1, 0.2, 0.3, 0.4, 0.5 })
        {
            var cells = new[] { 20, 40, 60, 120, 300 }.Select(beats => Cell(jitter, beats, repeats)).ToList();
            var sixty = cells[2];
            Row([Percent(jitter), .. cells.Select(cell => Percent(cell.Found)), Percent(sixty.Period), Percent(sixty.Bytes),
                Percent(sixty.Rita), Percent(sixty.Elastic), Percent(sixty.Sentinel)]);
            if (jitter == 0.3)
            {
                Add($"recall at 60 beats and 30 % jitter ≥ 95 %: {sixty.Found:P1}", sixty.Found >= 0.95);
                Add($"of those, period within 2 %: {sixty.Period:P1}", sixty.Period >= 0.95);
                Add($"of those, bytes exact: {sixty.Bytes:P1}", sixty.Bytes >= 1);
            }
        }

        Special(repeats);
    }

    private static (double Found, double Period, double Bytes, double Rita, double Elastic, double Sentinel) Cell(double jitter, int beats,
        int repeats)
    {
        var (all, found, period, bytes, rita, elastic, sentinel) = (0, 0, 0, 0, 0, 0, 0);
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            foreach (var oneSided in new[] { false, true })
            {
                foreach (var missed in new[] { 0, 0.15, 0.3 })
                {
                    var random = Chance.Of((repeat * 7919) + (beats * 31) + (int)(jitter * 1_000) + (oneSided ? 1
                        : 0) + (int)(missed * 100));
                    var rows = Quiet(random.Next());
                    var planted = Periods.Select((every, i) => Plant.Beacon(rows, random,
                        new BeaconShape(every, jitter, oneSided, missed, beats), $"10.1.1.{1 + i}", $"203.0.113.{1 + i}", 443,
                            1_000)).ToList();
                    var stories = Story.Of(rows.Build(), null);
                    foreach (var one in planted)
                    {
                        all++;
                        var story = stories.Find(story => story.Source == one.Source && story.Destination == one.Destination
                            && story.IsAbove);
                        found += story is null ? 0 : 1;
                        period += story?.PeriodMs is { } every && Math.Abs(every - one.PeriodMs) <= 0.02 * one.PeriodMs ? 1 : 0;
                        bytes += story?.Bytes == one.Bytes ? 1 : 0;
                    }

                    var pairs = Pair.Of(rows).Where(pair => pair.Destination.StartsWith("203.0.113.", StringComparison.Ordinal)).ToList();
                    rita += pairs.Count(pair => RitaScore.IsFound(pair, 20));
                    elastic += pairs.Count(ElasticTransform.IsFound);
                    sentinel += pairs.Count(SentinelTemplate.IsFound);
                }
            }
        }

        double Share(int some, int of) => of == 0 ? 0 : some / (double)of;
        return (Share(found, all), Share(period, found), Share(bytes, found), Share(rita, all), Share(elastic, all), Share(sentinel, all));
    }

    private static void Special(int repeats)
    {
        Line($"\n| 60 beats, 20 % jitter | found above low |\n|---|---|");
        foreach (var (name, shape, fronted) in new (string, BeaconShape, bool)[]
        {
            ("sizes ±10 %", new BeaconShape(300_000, 0.2, false, 0.1, 60, 0.1), false),
            ("sizes ±40 %", new BeaconShape(300_000, 0.2, false, 0.1, 60, 0.4), false),
            ("sleeps at night, every 30 min", new BeaconShape(1_800_000, 0.2, false, 0.1, 60, 0, Sleeps: true), false),
            ("behind a host that 18 of 20 devices use", new BeaconShape(300_000, 0.2, false, 0.1, 60), true),
        })
        {
            var found = 0;
            for (var repeat = 0; repeat < repeats * 5; repeat++)
            {
                var random = Chance.Of(repeat);
                var rows = Quiet(repeat);
                for (var device = 3; device < (fronted ? 20 : 0); device++)
                {
                    for (var visit = 0; visit < 12; visit++)
                    {
                        rows.Tcp(random.Between(0, Office.Day), $"10.1.1.{device}", "203.0.113.9", 443, random.Next(500, 9_000),
                            random.Next(1_000, 90_000));
                    }
                }

                Plant.Beacon(rows, random, shape, "10.1.1.1", "203.0.113.9", 443, 1_000);
                found += Story.Of(rows.Build(), null)
                    .Count(story => story is { IsAbove: true, Source: "10.1.1.1", Destination: "203.0.113.9" });
            }

            Line($"| {name} | {found / (repeats * 5.0):P0} |");
        }
    }

    // Twenty devices that look at a few pages, so that popularity has a meaning.
    private static Rows Quiet(int seed)
    {
        var (rows, random) = (new Rows(), Chance.Of(seed));
        for (var device = 1; device <= 20; device++)
        {
            for (var visit = 0; visit < 40; visit++)
            {
                rows.Tcp(random.Between(0, Office.Day), $"10.1.1.{device}", $"198.51.100.{1 + random.Zipf(200)}", 443, random.Next(500,
                    9_000),
                    random.Next(1_000, 90_000));
            }
        }

        return rows;
    }
}
