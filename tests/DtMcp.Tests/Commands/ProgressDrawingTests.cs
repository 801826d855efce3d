using DtMcp.Commands;
using DtMcp.Running;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace DtMcp.Tests.Commands;

public sealed class ProgressDrawingTests : IDisposable
{
    private const string HideCursor = "\u001b[?25l";
    private const string ShowCursor = "\u001b[?25h";
    private const string EraseLine = "\r\u001b[2K";

    private readonly StringWriter _screen = new();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => _screen.Dispose();

    [Fact]
    public void A_bar_tells_parts_connections_bytes_and_time_and_is_erased_in_the_end()
    {
        var drawing = Draw(Terminal());
        _clock.Advance(TimeSpan.FromSeconds(1));
        drawing.Report(Read(1.25, 4, 1_234_567, 438_700_000));
        _clock.Advance(TimeSpan.FromSeconds(74));
        drawing.Report(Read(3, 4, 5_000_000, 2_000_000_000));
        drawing.Dispose();

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
    public void A_second_reading_goes_on_where_the_first_ended()
    {
        var drawing = Draw(Terminal());
        _clock.Advance(TimeSpan.FromSeconds(2));
        drawing.Report(Read(7, 7, 100, 1_000_000));
        drawing.Report(Read(0.5, 7, 10, 100_000));
        drawing.Dispose();

        Assert.Contains("7 of 14 parts, 110 connections, 1.1 MB", _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_over_at_once_draws_nothing()
    {
        var drawing = Draw(Terminal());
        drawing.Report(Read(1, 1, 100, 1_000_000));
        drawing.Dispose();

        Assert.Empty(_screen.ToString());
    }

    [Fact]
    public void A_log_line_stands_above_the_line_while_there_is_one()
    {
        using var drawing = Draw(Terminal());
        using var log = new DrawnLog(_screen, drawing);
        log.WriteLine("before");
        _clock.Advance(TimeSpan.FromSeconds(2));
        drawing.Report(Read(1, 4, 100, 1_000_000));
        log.WriteLine("[while] it is drawn");
        drawing.Dispose();
        log.WriteLine("after");

        var drawn = _screen.ToString().Split(_screen.NewLine);
        Assert.Equal("before", drawn[0]);
        Assert.Contains("1 of 4 parts", drawn[1], StringComparison.Ordinal);
        Assert.EndsWith(EraseLine + "[while] it is drawn", drawn[1], StringComparison.Ordinal);
        Assert.Contains("1 of 4 parts", drawn[2], StringComparison.Ordinal);
        Assert.EndsWith(EraseLine + ShowCursor + "after", drawn[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(120)]
    [InlineData(40)]
    [InlineData(10)]
    public void It_keeps_to_one_line_of_the_terminal_and_covers_what_stood_there(int width)
    {
        using var drawing = Draw(Terminal(width: width));
        _clock.Advance(TimeSpan.FromSeconds(2));
        drawing.Report(Read(1, 4, 100, 1_000_000));

        Assert.Equal(width - 1, _screen.ToString()[(HideCursor.Length + 1)..].Length);
        Assert.DoesNotContain("\n", _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_log_lines_are_written_as_ever()
    {
        using var drawing = Draw(null);
        using var log = new DrawnLog(_screen, drawing);
        _clock.Advance(TimeSpan.FromSeconds(2));
        drawing.Report(Read(1, 4, 100, 1_000_000));
        log.WriteLine("line");
        drawing.Dispose();

        Assert.Equal("line" + _screen.NewLine, _screen.ToString());
    }

    [Fact]
    public void A_terminal_that_goes_away_costs_no_answer()
    {
        using var gone = new GoneWriter();
        using var drawing = Draw(Terminal(gone));
        _clock.Advance(TimeSpan.FromSeconds(2));
        drawing.Report(Read(1, 1, 100, 1_000_000));

        Assert.Equal(1, gone.Writes);
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

    private ProgressDrawing Draw(IAnsiConsole? terminal) => new(() => terminal, _clock);

    private static AskProgress Read(double done, double total, long connections, long bytes) => new(done, total, connections, bytes, "");

    private IAnsiConsole Terminal(TextWriter? writer = null, int width = 120)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer ?? _screen),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        terminal.Profile.Width = width;
        return terminal;
    }

    private sealed class GoneWriter : StringWriter
    {
        public int Writes { get; private set; }

        public override void Write(char value) => Fail();

        public override void Write(string? value) => Fail();

        public override void Write(char[] buffer, int index, int count) => Fail();

        private void Fail()
        {
            Writes++;
            throw new IOException("gone");
        }
    }
}
