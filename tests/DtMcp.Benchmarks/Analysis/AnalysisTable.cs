using System.Diagnostics;
using System.Globalization;
using DtMcp.Benchmarks.Reading;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Investigations.Comparing;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Benchmarks.Analysis;

/// <summary>
/// <c>analyse FILE ROUNDS</c>: every analysis over the columns of a file's connections in memory, beside LINQ over the same rows as
/// objects.
/// </summary>
internal static class AnalysisTable
{
    public const long FocusDid = 1;
    public const string SubnetStart = "10.0.1.";

    public static readonly IReadOnlyList<string> Tools =
    [
        "get_network_traffic", "summarize_network_traffic", "summarize_external_traffic", "analyze_device_activity",
        "analyze_protocols_and_ports", "analyze_bandwidth", "analyze_subnet",
    ];

    private static readonly AnalysisSettings Settings = new()
    {
        Window = new TimeWindow(FlowsFile.FirstMs, FlowsFile.LastMs),
        Filters = new NetworkQuery(),
        FocusDid = FocusDid,
        Subnet = AddressRange.TryParse(SubnetStart + "0/24", out var subnet) ? subnet : null,
    };

    public static async Task RunAsync(string path, int rounds, string only)
    {
        var flows = await LoadAsync(path);
        var objects = RowObject.From(flows);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{flows.Count} connections in memory, medians of {rounds} rounds after {rounds} that warm up, one thread\n"));
        Figures.Head("analysis", "M rows/s", "ns a row", "KB allocated", "LINQ over objects: M rows/s", "ns a row", "KB allocated",
            "times faster");
        foreach (var tool in Tools.Where(tool => tool.StartsWith(only, StringComparison.Ordinal)))
        {
            Figures.Progress($"analysing, {tool}");
            var (own, found) = Measure(rounds, () => Analyse(tool, flows));
            var (linq, counted) = Measure(rounds, () => LinqTables.Of(tool)!(objects));
            Figures.Row(tool, flows.Count / own.Seconds / 1e6, own.Seconds / flows.Count * 1e9, own.Bytes / 1e3,
                flows.Count / linq.Seconds / 1e6, linq.Seconds / flows.Count * 1e9, linq.Bytes / 1e3, linq.Seconds / own.Seconds);
            if (Connections(found) is { } connections && connections != counted)
            {
                throw new InvalidOperationException($"{tool}: {connections} connections, LINQ counts {counted}.");
            }
        }

        Alone("hunt_traffic", flows, rounds, only, () => TrafficHunt.Over(flows, null, Settings));
        Alone("hunt_traffic (the window as the time before, too)", flows, rounds, only, () => TrafficHunt.Over(flows, flows, Settings));
        Alone("compare_traffic (the window with itself)", flows, rounds, only,
            () => TrafficComparison.Over(flows, flows, Settings, Settings.Window));
    }

    /// <summary>
    /// A file's rows; a quarter of the bytes is taken to be the originator's, so that analyses of both directions have
    /// work; and no sensor made bytes up, as random sizes would have it of every fourth.
    /// </summary>
    public static async Task<FlowSet> LoadAsync(string path)
    {
        var flows = new FlowSet();
        await using var body = new FileBody(path);
        await NetworkReader.ReadAsync(body, flows, null, CancellationToken.None);
        foreach (var chunk in flows.Chunks)
        {
            for (var i = 0; i < chunk.Count; i++)
            {
                chunk.SetBytesOut(i, chunk.Bytes[i] / 4);
                chunk.Traits[i] &= ~FlowTraits.SensorArtefact;
            }
        }

        flows.Seen |= FlowFields.BytesOut;
        return flows;
    }

    public static Findings Analyse(string tool, FlowSet flows)
    {
        WindowInvestigation investigation = tool switch
        {
            "summarize_external_traffic" => new ExternalTraffic(),
            "analyze_bandwidth" => new Bandwidth(),
            "analyze_subnet" => new SubnetTraffic(),
            "analyze_device_activity" => new DeviceActivity(),
            "analyze_protocols_and_ports" => new ProtocolsAndPorts(),
            "summarize_network_traffic" => new TrafficSummary(),
            _ => new NetworkTraffic(),
        };
        var analysis = investigation.Begin(Settings);
        foreach (var chunk in flows.Chunks)
        {
            analysis.Consume(flows, chunk);
        }

        return analysis.Finish(flows);
    }

    /// <summary>Median seconds and bytes allocated of one run, and what the last one gave.</summary>
    public static ((double Seconds, double Bytes) Cost, T Result) Measure<T>(int rounds, Func<T> run)
    {
        List<double> seconds = [], bytes = [];
        T result = run();
        for (var round = 1; round < rounds * 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            result = run();
            if (round >= rounds)
            {
                seconds.Add(watch.Elapsed.TotalSeconds);
                bytes.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }

        return ((Figures.Median(seconds), Figures.Median(bytes)), result);
    }

    private static void Alone(string name, FlowSet flows, int rounds, string only, Func<Findings> run)
    {
        if (!name.StartsWith(only, StringComparison.Ordinal))
        {
            return;
        }

        Figures.Progress($"analysing, {name}");
        var (cost, _) = Measure(rounds, run);
        Figures.Row(name, flows.Count / cost.Seconds / 1e6, cost.Seconds / flows.Count * 1e9, cost.Bytes / 1e3, "no obvious one", "", "",
            "");
    }

    private static long? Connections(Findings found)
    {
        var totals = found.Totals.Where(total =>
            total.Name is "connections" or "outbound_connections" or "inbound_connections").ToDictionary(total =>
                total.Name, total => total.Value.Integer);
        return totals.TryGetValue("connections", out var all) ? all : totals.Count > 0 ? totals.Values.Sum() : null;
    }
}
