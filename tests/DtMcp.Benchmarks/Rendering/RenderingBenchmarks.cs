using BenchmarkDotNet.Attributes;
using DtMcp.Benchmarks.Analysis;
using DtMcp.Benchmarks.Reading;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Rendering;

namespace DtMcp.Benchmarks.Rendering;

/// <summary>
/// An answer about external traffic as text: each form within the usual budget, beside the tables as plain indented JSON.
/// </summary>
[MemoryDiagnoser]
public class RenderingBenchmarks
{
    private Digest? _digest;

    [GlobalSetup]
    public async Task Setup()
    {
        var path = Path.GetTempFileName();
        FlowsFile.Write(path, 10_000_000);
        _digest = Digests.Of("summarize_external_traffic", await AnalysisTable.LoadAsync(path));
        File.Delete(path);
    }

    [Benchmark(Baseline = true)]
    public int PlainIndentedJson() => PlainJson.Write(_digest!).Length;

    [Benchmark]
    public int Markdown() => Render(AnswerFormat.Markdown);

    [Benchmark]
    public int Csv() => Render(AnswerFormat.Csv);

    [Benchmark]
    public int Json() => Render(AnswerFormat.Json);

    private int Render(AnswerFormat format) => DigestRenderer.Render(_digest!, format, Detail.Normal, false).Length;
}
