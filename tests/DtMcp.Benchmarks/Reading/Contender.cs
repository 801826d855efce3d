using System.Diagnostics;
using System.Globalization;

namespace DtMcp.Benchmarks.Reading;

/// <summary>A process that does its work once for each line it is given, and says seconds and a result. One that does not start, or ends at once, is not here.</summary>
/// <param name="name">What a table calls it.</param>
/// <param name="file">The program.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="most">Most rounds; 0 leaves it out.</param>
internal sealed class Contender(string name, string file, string[] arguments, int most = int.MaxValue) : IDisposable
{
    private readonly List<double> _seconds = [];
    private readonly List<double> _processor = [];
    private Process? _process;

    public string Name { get; } = name;

    public string? Result { get; private set; }

    public double PeakMb { get; private set; }

    /// <summary>Seconds, the first round not counted.</summary>
    public double Median => Figures.Median(_seconds);

    /// <summary>Processor time, which a busy machine disturbs less.</summary>
    public double Processor => Figures.Median(_processor);

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
        catch (Exception absent) when (absent is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
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

    public void Dispose()
    {
        _process?.StandardInput.Close();
        _process?.Dispose();
    }
}
