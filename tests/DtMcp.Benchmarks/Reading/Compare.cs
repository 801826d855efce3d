using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace DtMcp.Benchmarks.Reading;

/// <summary>
/// <c>compare [MB|FILE] [rounds]</c>: the same bytes through every contender, in turns, in one run; medians and peak memory.
/// </summary>
internal static class Compare
{
    /// <summary>
    /// Beyond this only those run that read a stream: a document of it takes several gigabytes, and Node's strings end at 512 MB.
    /// </summary>
    private const long MaxForDocuments = 400_000_000;

    public static async Task RunAsync(string what, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("reading");
        try
        {
            var path = what;
            if (long.TryParse(what, CultureInfo.InvariantCulture, out var megabytes))
            {
                path = Path.Combine(folder.FullName, "flows.json");
                FlowsFile.Write(path, megabytes * 1_000_000L);
            }

            var size = new FileInfo(path).Length;
            var documents = size > MaxForDocuments ? 0 : 3;
            var here = Source();
            var native = Path.Combine(folder.FullName, "simdjson");
            var built = await RunToEndAsync("sh", Path.Combine(here, "simdjson", "build.sh"), native);
            var self = Environment.ProcessPath!;
            List<Contender> contenders =
            [
                new("DtMcp, learned rows", self, ["worker", "fast", path], asPublished: true),
                new("DtMcp, general (Utf8JsonReader)", self, ["worker", "reference", path], asPublished: true),
                new("JsonSerializer to classes", self, ["worker", "serializer", path], documents),
                new("simdjson on demand (C++)", native, [path], built ? int.MaxValue : 0),
                new("Node JSON.parse", "node", ["--max-old-space-size=8192", Path.Combine(here, "read.mjs"), path], documents),
                new("Python json", "python3", [Path.Combine(here, "read.py"), path], documents),
            ];
            for (var round = 0; round < rounds; round++)
            {
                Figures.Progress($"reading, round {round + 1} of {rounds}");
                foreach (var contender in contenders)
                {
                    await contender.RoundAsync(round);
                }
            }

            Report(contenders, size, rounds, documents == 0);
            contenders.ForEach(c => c.Dispose());
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static void Report(List<Contender> contenders, long size, int rounds, bool isStreamOnly)
    {
        var (own, simdjson, python) = (contenders[0], contenders[3], contenders[^1]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{size / 1e6:f0} MB, medians of up to {rounds} interleaved rounds (the first of each, and the first half second of each " +
            $"turn, not counted), {Environment.ProcessorCount} processors\n"));
        Figures.Head("how", "MB/s", "of simdjson", "MB a second of processor", "of simdjson", "times Python", "peak MB");
        foreach (var c in contenders)
        {
            if (c.Median > 0)
            {
                Figures.Row(
                    c.Name, size / c.Median / 1e6, Ratio(simdjson.Median, c.Median), size / c.Processor / 1e6,
                    Ratio(simdjson.Processor, c.Processor), Ratio(python.Median, c.Median), c.PeakMb);
            }
            else
            {
                Figures.Row(c.Name, isStreamOnly && c != simdjson ? "not at this size" : "not here", "", "", "", "", "");
            }
        }

        if (contenders.Where(c => c.Median > 0).DistinctBy(c => c.Result).Count() > 1)
        {
            Figures.Note("The contenders disagree: " + string.Join("; ", contenders.Select(c => $"{c.Name} {c.Result}")));
        }

        if (simdjson.Median > 0)
        {
            var ratio = simdjson.Median / own.Median;
            Figures.Target("at least 1.0 of simdjson", string.Create(CultureInfo.InvariantCulture, $"{ratio:f2}"), ratio >= 1);
        }

        if (python.Median > 0)
        {
            var ratio = python.Median / own.Median;
            Figures.Target("at least 80 times Python", string.Create(CultureInfo.InvariantCulture, $"{ratio:f0}"), ratio >= 80);
        }
    }

    internal static string Ratio(double of, double to) =>
        of > 0 ? (of / to).ToString(of / to < 10 ? "f2" : "f0", CultureInfo.InvariantCulture) : "";

    private static string Source([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    internal static async Task<bool> RunToEndAsync(string file, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true })!;
            await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
