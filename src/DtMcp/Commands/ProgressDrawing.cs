using System.Globalization;
using System.Threading.Channels;
using DtMcp.Hosting;
using DtMcp.Traffic.Asking;
using Spectre.Console;

namespace DtMcp.Commands;

/// <summary>
/// How far a call has come, as a bar on a terminal: there once it has taken a while, gone when it ends. The terminal is opened for the first thing drawn and
/// never before, since already opening it changes its mode.
/// </summary>
internal sealed class ProgressDrawing : IProgress<AskProgress>
{
    /// <summary>What is over sooner is not worth a flicker.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    private readonly Channel<(AskProgress Progress, TimeSpan Elapsed)> _reports = Channel.CreateUnbounded<(AskProgress, TimeSpan)>();
    private readonly ProgressCourse _course = new();
    private readonly Func<IAnsiConsole?> _terminal;
    private readonly DrawnLog _log;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly Task _drawing;

    /// <param name="terminal">Opens the terminal, or gives null where there is none.</param>
    /// <param name="log">Writes above the bar while there is one.</param>
    /// <param name="clock">Tells how long it has taken.</param>
    public ProgressDrawing(Func<IAnsiConsole?> terminal, DrawnLog log, TimeProvider clock)
    {
        (_terminal, _log, _clock, _start) = (terminal, log, clock, clock.GetTimestamp());
        _drawing = DrawAsync();
    }

    public void Report(AskProgress value)
    {
        var elapsed = _clock.GetElapsedTime(_start);
        var all = _course.Add(value);
        if (elapsed >= Patience)
        {
            _reports.Writer.TryWrite((all, elapsed));
        }
    }

    /// <summary>Ends once the bar is gone. A terminal that went away is no reason to lose the answer.</summary>
    public async Task EndAsync()
    {
        _reports.Writer.TryComplete();
        await _drawing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _log.Bar = null;
    }

    private async Task DrawAsync()
    {
        if (!await _reports.Reader.WaitToReadAsync() || _terminal() is not { } console)
        {
            return;
        }

        var drawn = new Progress(console, _clock) { AutoRefresh = false, AutoClear = true, ExcludeVerticalPadding = true };
        await drawn.Columns(new ProgressBarColumn { Width = 24 }, new TaskDescriptionColumn { Alignment = Justify.Left }).StartAsync(async context =>
        {
            var bar = context.AddTask("reading");
            _log.Bar = console;
            await foreach (var (progress, elapsed) in _reports.Reader.ReadAllAsync())
            {
                bar.MaxValue = progress.Total ?? Math.Ceiling(progress.Done);
                bar.Value = progress.Done;
                bar.Description = Describe(progress, elapsed);
                context.Refresh();
            }

            _log.Bar = null;
        });
    }

    private static string Describe(AskProgress progress, TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Math.Floor(progress.Done):0} of {progress.Total:0} parts, {progress.Connections:N0} connections, {progress.Bytes / 1e6:N1} MB, {(int)elapsed.TotalMinutes}:{elapsed.Seconds:00}");
}
