using BenchmarkDotNet.Attributes;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;

namespace DtMcp.Benchmarks.Reading;

/// <summary>Ten megabytes of connections from memory: the learned rows beside the general reader.</summary>
[MemoryDiagnoser]
public class ReadingBenchmarks
{
    private byte[] _body = [];

    [GlobalSetup]
    public void Setup()
    {
        var path = Path.GetTempFileName();
        FlowsFile.Write(path, 10_000_000);
        _body = File.ReadAllBytes(path);
        File.Delete(path);
    }

    [Benchmark(Baseline = true)]
    public async Task<long> General()
    {
        var answer = await NetworkReader.ReadGenerallyAsync(new MemoryStream(_body), new FlowSet(0), CancellationToken.None);
        return answer.Rows;
    }

    [Benchmark]
    public async Task<long> Learned()
    {
        var answer = await NetworkReader.ReadAsync(new MemoryStream(_body), new FlowSet(0), null, CancellationToken.None);
        return answer.Rows;
    }
}
