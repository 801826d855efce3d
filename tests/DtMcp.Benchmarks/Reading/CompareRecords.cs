using System.Globalization;
using System.Runtime.CompilerServices;

namespace DtMcp.Benchmarks.Reading;

/// <summary>
/// <c>compare-records FILE [rounds]</c>: pages of Advanced Search, what a real appliance gives, through every contender in turns; medians,
/// and bytes allocated a row.
/// </summary>
internal static class CompareRecords
{
    public static async Task RunAsync(string path, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("records");
        try
        {
            var here = Source();
            var native = Path.Combine(folder.FullName, "simdjson");
            var built = await Compare.RunToEndAsync("sh", Path.Combine(here, "simdjson", "build.sh"), native, "records");
            var self = Environment.ProcessPath!;
            List<Contender> contenders =
            [
                new("DtMcp, learned steps", self, ["worker", "records", path], asPublished: true),
                new("DtMcp, pages at once", self, ["worker", "records-beside", path], asPublished: true),
                new("DtMcp, general (Utf8JsonReader)", self, ["worker", "records-reference", path], asPublished: true),
                new("simdjson on demand (C++)", native, [path], built ? int.MaxValue : 0),
                new("Node JSON.parse", "node", ["--max-old-space-size=8192", Path.Combine(here, "read.mjs"), path, "records"], 3),
                new("Python json", "python3", [Path.Combine(here, "read.py"), path, "records"], 3),
            ];
            using var allocated = new Contender("allocated", self, ["worker", "records-allocated", path]);
            for (var round = 0; round < rounds; round++)
            {
                Figures.Progress($"records, round {round + 1} of {rounds}");
                foreach (var contender in contenders)
                {
                    await contender.RoundAsync(round);
                }
            }

            await allocated.RoundAsync(0);
            Report(contenders, path, double.Parse(allocated.Result ?? "0", CultureInfo.InvariantCulture));
            contenders.ForEach(c => c.Dispose());
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static void Report(List<Contender> contenders, string path, double allocated)
    {
        var (size, rows) = (new FileInfo(path).Length, FlowsTruth.Of(path).Rows);
        var (own, beside, general, simdjson) = (contenders[0], contenders[1], contenders[2], contenders[3]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{size / 1e6:f0} MB of search pages, {rows} records; medians of interleaved rounds\n"));
        Figures.Head("how", "MB/s", "records/s", "of simdjson", "MB a second of processor", "times general, by processor", "peak MB");
        foreach (var c in contenders)
        {
            if (c.Median > 0)
            {
                Figures.Row(
                    c.Name, size / c.Median / 1e6, rows / c.Median, Compare.Ratio(simdjson.Median, c.Median), size / c.Processor / 1e6,
                    Compare.Ratio(general.Processor, c.Processor), c.PeakMb);
            }
            else
            {
                Figures.Row(c.Name, "not here", "", "", "", "", "");
            }
        }

        if (contenders.Where(c => c.Median > 0).DistinctBy(c => c.Result).Count() > 1)
        {
            Figures.Note("The contenders disagree: " + string.Join("; ", contenders.Select(c => $"{c.Name} {c.Result}")));
        }

        if (simdjson.Median > 0)
        {
            // The program reads pages at once; one after the other is beside it, as simdjson reads them.
            var (ratio, alone) = (simdjson.Median / beside.Median, simdjson.Median / own.Median);
            Figures.Target(
                "at least 1.0 of simdjson, as the program reads (one page after the other in brackets)",
                string.Create(CultureInfo.InvariantCulture, $"{ratio:f2} ({alone:f2})"), ratio >= 1);
        }

        Figures.Target("at most 120 bytes allocated a record", string.Create(CultureInfo.InvariantCulture, $"{allocated:f0}"),
            allocated <= 120);
    }

    private static string Source([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
