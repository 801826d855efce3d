using System.Globalization;
using DtMcp.Benchmarks.Reading;

namespace DtMcp.Benchmarks.Calling;

/// <summary><c>memory PROGRAM ROUNDS FILE...</c>: the peak (VmHWM) of one whole call, with rows kept and not, from the smallest file to the largest.</summary>
internal static class MemoryTable
{
    private const double MiB = 1 << 20;

    public static void Run(string program, int rounds, IReadOnlyList<string> files)
    {
        var measured = files.Select(path => Measure(program, rounds, path)).ToList();
        var first = measured[0];
        Figures.Head(
            "body MB", "connections", "rows not kept: peak MiB", "beyond the first", "rows kept: peak MiB", "beyond the first", "bytes a connection beyond the first", "beyond rows not kept, bytes a connection");
        foreach (var m in measured)
        {
            var more = m.Rows - first.Rows;
            Figures.Row(
                m.Size / 1e6, m.Rows, m.Dropped / MiB, (m.Dropped - first.Dropped) / MiB, m.Kept / MiB, (m.Kept - first.Kept) / MiB,
                more > 0 ? (m.Kept - first.Kept) / more : "", (m.Kept - m.Dropped) / m.Rows);
        }

        var last = measured[^1];
        if (last != first)
        {
            var (beyond, each) = ((last.Dropped - first.Dropped) / MiB, (last.Kept - first.Kept) / (last.Rows - first.Rows));
            Figures.Target("the largest within 64 MiB of the smallest when rows are not kept", string.Create(CultureInfo.InvariantCulture, $"{beyond:f1} MiB"), beyond <= 64);
            Figures.Target("at most 60 bytes a connection when rows are kept", string.Create(CultureInfo.InvariantCulture, $"{each:f1}"), each <= 60);
        }
    }

    private static Measured Measure(string program, int rounds, string path)
    {
        var truth = FlowsTruth.Of(path);
        using var server = new ServedFile(path);
        var (dropping, keeping) = (new ProgramCall(program, 1_000), new ProgramCall(program, 5_000_000));
        List<double> dropped = [], kept = [];
        for (var round = 0; round < rounds; round++)
        {
            Figures.Progress($"memory, {Path.GetFileName(path)}, round {round + 1} of {rounds}");
            dropped.Add(dropping.Once(server.Address, truth, watchMemory: true).PeakBytes);
            kept.Add(keeping.Once(server.Address, truth, watchMemory: true).PeakBytes);
        }

        return new Measured(new FileInfo(path).Length, truth.Rows, Figures.Median(dropped), Figures.Median(kept));
    }

    private sealed record Measured(long Size, long Rows, double Dropped, double Kept);
}
