using BenchmarkDotNet.Attributes;
using DtMcp.Benchmarks.Reading;
using DtMcp.Darktrace.Flows;

namespace DtMcp.Benchmarks.Analysis;

/// <summary>
/// Ten megabytes of connections in memory: each analysis over columns beside LINQ's <c>GroupBy</c> over the same rows as objects.
/// </summary>
[MemoryDiagnoser]
public class AnalysisBenchmarks
{
    private FlowSet _flows = new();
    private List<RowObject> _objects = [];

    [ParamsSource(nameof(Tools))]
    public string Tool { get; set; } = "";

    public static IEnumerable<string> Tools => AnalysisTable.Tools;

    [GlobalSetup]
    public async Task Setup()
    {
        var path = Path.GetTempFileName();
        FlowsFile.Write(path, 10_000_000);
        _flows = await AnalysisTable.LoadAsync(path);
        _objects = RowObject.From(_flows);
        File.Delete(path);
    }

    [Benchmark(Baseline = true)]
    public long Linq() => LinqTables.Of(Tool)!(_objects);

    [Benchmark]
    public int Columns() => AnalysisTable.Analyse(Tool, _flows).Tables.Count;
}
