using System.Diagnostics;
using System.Globalization;

namespace DtMcp.Benchmarks.Reading;

/// <summary>
/// A process that does its work once for each line it is given, and says seconds and a result. One that does not start, or ends at once, is
/// not here.
/// </summary>
/// <param name="name">What a table calls it.</param>
/// <param name="file">The program.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="most">Most rounds; 0 leaves it out.</param>
/// <param name="asPublished">Whether its code is compiled without a profile of the run, as the published program's is.</param>
internal sealed class Contender(string name, string file, string[] arguments, int most = int.MaxValue, bool asPublished = false)
    : IDisposable
{
    private static readonly TimeSpan HalfATurn = TimeSpan.FromSeconds(0.5);

    private readonly List<double> _seconds = [];
    private readonly List<double> _processor = [];
    private Process? _process;

    public string Name { get; } = name;

    public string? Result { get; private set; }

    public double PeakMb { get; private set; }

    /// <summary>Seconds of a pass, the first round not counted.</summary>
    public double Median => Figures.Median(_seconds);

    /// <summary>Processor time, which a busy machine disturbs less.</summary>
    public double Processor => Figures.Median(_processor);

    /// <summary>
    /// Half a second of passes that are not counted, after those before it left the processor's caches to themselves, and half a second of
    /// those that are; at least one of each.
    /// </summary>
    public async Task RoundAsync(int round)
    {
        if (round >= most)
        {
            return;
        }

        foreach (var isCounted in (bool[])[false, true])
        {
            var turn = Stopwatch.StartNew();
            do
            {
                if (await PassAsync() is not var (seconds, processor))
                {
                    return;
                }

                if (isCounted && round > 0)
                {
                    _seconds.Add(seconds);
                    _processor.Add(processor);
                }
            }
            while (turn.Elapsed < HalfATurn);
        }
    }

    private async Task<(double Seconds, double Processor)?> PassAsync()
    {
        TimeSpan before;
        try
        {
            _process ??= Start();
            _process.Refresh();
            before = _process.TotalProcessorTime;
            await _process.StandardInput.WriteLineAsync();
            await _process.StandardInput.FlushAsync();
        }
        catch (Exception absent) when (absent is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }

        if ((await _process.StandardOutput.ReadLineAsync())?.Split(' ', 2) is not [var seconds, var result])
        {
            return null;
        }

        _process.Refresh();
        PeakMb = _process.PeakWorkingSet64 / 1e6;
        Result = result;
        return (double.Parse(seconds, CultureInfo.InvariantCulture), (_process.TotalProcessorTime - before).TotalSeconds);
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (asPublished)
        {
            start.Environment["DOTNET_TieredPGO"] = "0";
        }

        return Process.Start(start)!;
    }

    public void Dispose()
    {
        _process?.StandardInput.Close();
        _process?.Dispose();
    }
}
