using DtMcp.Commands;
using DtMcp.Hosting;
using DtMcp.Traffic.Asking;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace DtMcp.Tests.Commands;

public sealed class ProgressDrawingTests : IDisposable
{
    private const string HideCursor = "\u001b[?25l";
    private const string ShowCursor = "\u001b[?25h";
    private const string EraseLine = "\u001b[2K";

    private readonly StringWriter _screen = new();
    private readonly StringWriter _error = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly DrawnLog _log;

    public ProgressDrawingTests() => _log = new DrawnLog(_error);

    public void Dispose()
    {
        _log.Dispose();
        _error.Dispose();
        _screen.Dispose();
    }

    [Fact]
    public async Task A_bar_tells_parts_connections_bytes_and_time_and_is_erased_in_the_end()
    {
        var drawing = Draw(Terminal());
        _clock.Advance(TimeSpan.FromSeconds(1));
        drawing.Report(Read(1.25, 4, 1_234_567, 438_700_000));
        _clock.Advance(TimeSpan.FromSeconds(74));
        drawing.Report(Read(3, 4, 5_000_000, 2_000_000_000));
        await drawing.EndAsync();

        var drawn = _screen.ToString();
        Assert.Contains("1 of 4 parts, 1,234,567 connections, 438.7 MB, 0:01", drawn, StringComparison.Ordinal);
        Assert.Contains("3 of 4 parts, 5,000,000 connections, 2,000.0 MB, 1:15", drawn, StringComparison.Ordinal);
        Assert.StartsWith(HideCursor, drawn, StringComparison.Ordinal);

        // Nothing is left of it: after the last text the line is erased and the cursor is back.
        var after = drawn[(drawn.LastIndexOf("1:15", StringComparison.Ordinal) + 4)..];
        Assert.Contains(EraseLine, after, StringComparison.Ordinal);
        Assert.EndsWith(ShowCursor, after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_reading_goes_on_where_the_first_ended()
    {
        var drawing = Draw(Terminal());
        _clock.Advance(TimeSpan.FromSeconds(2));
        drawing.Report(Read(7, 7, 100, 1_000_000));
        drawing.Report(Read(0.5, 7, 10, 100_000));
        await drawing.EndAsync();

        Assert.Contains("7 of 14 parts, 110 connections, 1.1 MB", _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_over_at_once_draws_nothing()
    {
        var drawing = Draw(Terminal());
        drawing.Report(Read(1, 1, 100, 1_000_000));
        await drawing.EndAsync();

        Assert.Empty(_screen.ToString());
    }

    [Fact]
    public async Task A_log_line_stands_above_the_bar_while_there_is_one()
    {
        var drawing = Draw(Terminal());
        await _log.WriteLineAsync("before");
        _clock.Advance(TimeSpan.FromSeconds(2));
        drawing.Report(Read(1, 4, 100, 1_000_000));
        while (_log.Bar is null)
        {
            await Task.Yield();
        }

        await _log.WriteLineAsync("[while] it is drawn");
        await drawing.EndAsync();
        await _log.WriteLineAsync("after");

        Assert.Equal(["before", "after"], _error.ToString().Split(_error.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.Matches("\\[while\\] it is drawn *\n[^\\n]*1 of 4 parts", _screen.ToString());
    }

    [Fact]
    public async Task Without_a_terminal_nothing_is_drawn_and_log_lines_are_written_as_ever()
    {
        var drawing = Draw(null);
        _clock.Advance(TimeSpan.FromSeconds(2));
        drawing.Report(Read(1, 4, 100, 1_000_000));
        await _log.WriteLineAsync("line");
        await drawing.EndAsync();

        Assert.Equal("line" + _error.NewLine, _error.ToString());
    }

    [Fact]
    public async Task A_terminal_that_goes_away_costs_no_answer()
    {
        var writer = new StringWriter();
        var terminal = Terminal(writer);
        await writer.DisposeAsync();
        var drawing = Draw(terminal);
        _clock.Advance(TimeSpan.FromSeconds(2));
        drawing.Report(Read(1, 1, 100, 1_000_000));
        await drawing.EndAsync();
    }

    [Theory]
    [InlineData(true, "xterm-256color", null, true)]
    [InlineData(true, "dumb", null, false)]
    [InlineData(true, null, null, false)]
    [InlineData(false, "xterm-256color", null, false)]
    [InlineData(true, "xterm-256color", "1", true)]
    public void A_terminal_that_can_show_a_bar_is_told_from_what_cannot(bool isTerminal, string? term, string? noColor, bool shows)
    {
        var terminal = ErrorTerminal.Open(_screen, isTerminal, name => name switch { "TERM" => term, "NO_COLOR" => noColor, _ => null });

        Assert.Equal(shows, terminal is not null);
        if (noColor is not null)
        {
            Assert.Equal(ColorSystem.NoColors, terminal!.Profile.Capabilities.ColorSystem);
        }
    }

    private ProgressDrawing Draw(IAnsiConsole? terminal) => new(() => terminal, _log, _clock);

    private static AskProgress Read(double done, double total, long connections, long bytes) => new(done, total, connections, bytes, "");

    private IAnsiConsole Terminal(TextWriter? writer = null)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer ?? _screen),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        terminal.Profile.Width = 120;
        return terminal;
    }
}
