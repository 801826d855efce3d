using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace DtMcp.Benchmarks.Reading;

/// <summary><c>compare [MB] [rounds]</c>: the same bytes through every contender, in turns, in one run; medians and peak memory.</summary>
internal static class Compare
{
    public static async Task RunAsync(int megabytes, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("reading");
        try
        {
            var path = Path.Combine(folder.FullName, "flows.json");
            FlowsFile.Write(path, megabytes * 1_000_000L);
            var size = new FileInfo(path).Length;
            var here = Source();
            var native = Path.Combine(folder.FullName, "simdjson");
            var built = await RunToEndAsync("sh", Path.Combine(here, "simdjson", "build.sh"), native);
            var self = Environment.ProcessPath!;
            List<Contender> contenders =
            [
                new("DtMcp, learned rows", self, ["worker", "fast", path], int.MaxValue),
                new("DtMcp, general (Utf8JsonReader)", self, ["worker", "reference", path], int.MaxValue),
                new("JsonSerializer to classes", self, ["worker", "serializer", path], 3),
                new("simdjson on demand (C++)", native, [path], built ? int.MaxValue : 0),
                new("Node JSON.parse", "node", ["--max-old-space-size=8192", Path.Combine(here, "read.mjs"), path], 3),
                new("Python json, as the seed does", "python3", [Path.Combine(here, "read.py"), path], 3),
            ];
            for (var round = 0; round < rounds; round++)
            {
                foreach (var contender in contenders)
                {
                    await contender.RoundAsync(round);
                }
            }

            Report(contenders, size, rounds);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static void Report(List<Contender> contenders, long size, int rounds)
    {
        var simdjson = contenders[3];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size / 1e6:f0} MB, medians of up to {rounds} interleaved rounds (the first of each not counted), {Environment.ProcessorCount} processors"));
        Console.WriteLine("| how | MB/s | of simdjson | MB a second of processor | of simdjson | times Python | peak MB |\n|---|---|---|---|---|---|---|");
        foreach (var c in contenders)
        {
            Console.WriteLine(c.Median > 0
                ? string.Create(CultureInfo.InvariantCulture, $"| {c.Name} | {size / c.Median / 1e6:f0} | {simdjson.Median / c.Median:f2} | {size / c.Processor / 1e6:f0} | {simdjson.Processor / c.Processor:f2} | {contenders[^1].Median / c.Median:f0} | {c.PeakMb:f0} |")
                : $"| {c.Name} | not here | | | | | |");
        }

        if (contenders.Where(c => c.Median > 0).DistinctBy(c => c.Result).Count() > 1)
        {
            Console.WriteLine("The contenders disagree: " + string.Join("; ", contenders.Select(c => $"{c.Name} {c.Result}")));
        }

        contenders.ForEach(c => c.Dispose());
    }

    private static string Source([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static async Task<bool> RunToEndAsync(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments))!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    private sealed class Contender(string name, string file, string[] arguments, int most) : IDisposable
    {
        private readonly List<double> _seconds = [];
        private readonly List<double> _processor = [];
        private Process? _process;

        public string Name { get; } = name;

        public string? Result { get; private set; }

        public double PeakMb { get; private set; }

        public double Median => MedianOf(_seconds);

        /// <summary>Processor time, which a busy machine disturbs less.</summary>
        public double Processor => MedianOf(_processor);

        public async Task RoundAsync(int round)
        {
            if (round >= most)
            {
                return;
            }

            TimeSpan before;
            try
            {
                _process ??= Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
                _process.Refresh();
                before = _process.TotalProcessorTime;
                await _process.StandardInput.WriteLineAsync();
                await _process.StandardInput.FlushAsync();
            }
            catch (Exception absent) when (absent is System.ComponentModel.Win32Exception or IOException)
            {
                return;
            }

            if ((await _process.StandardOutput.ReadLineAsync())?.Split(' ', 2) is not [var seconds, var result])
            {
                return;
            }

            _process.Refresh();
            PeakMb = _process.PeakWorkingSet64 / 1e6;
            Result = result;
            if (round > 0)
            {
                _processor.Add((_process.TotalProcessorTime - before).TotalSeconds);
                _seconds.Add(double.Parse(seconds, CultureInfo.InvariantCulture));
            }
        }

        private static double MedianOf(List<double> of) => of.Count == 0 ? 0 : of.Order().ElementAt(of.Count / 2);

        public void Dispose()
        {
            _process?.StandardInput.Close();
            _process?.Dispose();
        }
    }
}
