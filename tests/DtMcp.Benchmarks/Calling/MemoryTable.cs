using System.Globalization;
using DtMcp.Benchmarks.Reading;

namespace DtMcp.Benchmarks.Calling;

/// <summary>
/// <c>memory PROGRAM ROUNDS FILE...</c>: the peak (VmHWM) of one whole call, with rows kept and not, from the smallest file to the largest.
/// Of all traffic an analysis holds sums by host and port; of external traffic also one entry for each pair of hosts.
/// </summary>
internal static class MemoryTable
{
    private const double MiB = 1 << 20;

    public static void Run(string program, int rounds, IReadOnlyList<string> files)
    {
        Figures.Head(
            "tool", "body MB", "connections", "rows not kept: peak MiB", "beyond the first", "rows kept: peak MiB", "beyond the first",
            "bytes a connection beyond the first", "beyond rows not kept, bytes a connection");
        List<(string Tool, Measured First, Measured Last)> ends = [];
        foreach (var tool in new[] { ProgramCall.All, ProgramCall.External })
        {
            var measured = files.Select(path => Measure(program, rounds, path, tool)).ToList();
            ends.Add((tool, measured[0], measured[^1]));
            foreach (var m in measured)
            {
                var (first, more) = (measured[0], m.Rows - measured[0].Rows);
                Figures.Row(
                    tool, m.Size / 1e6, m.Rows, m.Dropped / MiB, (m.Dropped - first.Dropped) / MiB, m.Kept / MiB,
                    (m.Kept - first.Kept) / MiB,
                    more > 0 ? (m.Kept - first.Kept) / more : "", (m.Kept - m.Dropped) / m.Rows);
            }
        }

        foreach (var (tool, first, last) in ends.Where(end => end.Last.Rows > end.First.Rows))
        {
            var (beyond, each) = ((last.Dropped - first.Dropped) / MiB, (last.Kept - first.Kept) / (last.Rows - first.Rows));
            Figures.Target($"{tool}: the largest within 64 MiB of the smallest when rows are not kept",
                string.Create(CultureInfo.InvariantCulture, $"{beyond:f1} MiB"), beyond <= 64);
            Figures.Target($"{tool}: at most 60 bytes a connection when rows are kept",
                string.Create(CultureInfo.InvariantCulture, $"{each:f1}"), each <= 60);
        }
    }

    private static Measured Measure(string program, int rounds, string path, string tool)
    {
        var truth = FlowsTruth.Of(path);
        using var server = new ServedFile(path);
        var (dropping, keeping) = (new ProgramCall(program, 1_000, tool), new ProgramCall(program, 5_000_000, tool));
        List<double> dropped = [], kept = [];
        for (var round = 0; round < rounds; round++)
        {
            Figures.Progress($"memory, {tool}, {Path.GetFileName(path)}, round {round + 1} of {rounds}");
            dropped.Add(dropping.Once(server.Address, truth, watchMemory: true).PeakBytes);
            kept.Add(keeping.Once(server.Address, truth, watchMemory: true).PeakBytes);
        }

        return new Measured(new FileInfo(path).Length, truth.Rows, Figures.Median(dropped), Figures.Median(kept));
    }

    private sealed record Measured(long Size, long Rows, double Dropped, double Kept);
}
