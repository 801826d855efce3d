using System.Text.Json;
using DtMcp.Commands;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Commands;

public class CallProgressTests
{
    [Fact]
    public async Task On_a_terminal_a_bar_is_drawn_there_and_the_answer_alone_goes_to_stdout()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var screen = new StringWriter();
        var code = await Entry.RunAsync(["call", "summarize_network_traffic", "format=json", "--demo", "--dialect", "sdk", "--connections",
            "500", "--days", "1"], new ProcessContext
            {
                Input = () => Stream.Null,
                Output = () => Stream.Null,
                Out = output,
                Error = error,
                Settings = Settings.Read([]),
                Clock = new HastyClock(),
                Terminal = () => ErrorTerminal.Open(screen, isTerminal: true, name => name == "TERM" ? "xterm" : null),
            });

        Assert.Equal(0, code);
        Assert.Equal("summarize_network_traffic", JsonElement.Parse(output.ToString()).GetProperty("tool").GetString());
        Assert.Contains("1 of 1 parts, ", screen.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\u001b[?25h", screen.ToString(), StringComparison.Ordinal);
        Assert.Empty(error.ToString());
    }

    [Fact]
    public async Task A_redirected_stderr_stays_empty()
    {
        // The first request is turned away: the answer takes long enough for a bar.
        var start = Published.Start("call", "summarize_network_traffic", "--demo", "--dialect", "sdk", "--connections", "500", "--days",
            "1", "--fault", "busy:1");
        start.Environment["TERM"] = "xterm";

        var (code, output, error) = await Published.RunAsync(start);

        Assert.Equal("", error);
        Assert.Equal(0, code);
        Assert.StartsWith("# summarize_network_traffic", output, StringComparison.Ordinal);
    }

    /// <summary>Each look at it finds half a second gone, so that everything takes a while.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _timestamp;

        public override long GetTimestamp() => Interlocked.Add(ref _timestamp, TimestampFrequency / 2);
    }
}
