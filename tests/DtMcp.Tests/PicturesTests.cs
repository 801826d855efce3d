using DtMcp.Commands;
using DtMcp.Configuration;
using DtMcp.Drawing;
using DtMcp.Running;
using DtMcp.Tests.Support;
using DtMcp.Tests.Tools;

namespace DtMcp.Tests;

/// <summary>The pictures of the pages are what the program draws; UPDATE_SNAPSHOTS=1 makes them anew.</summary>
public class PicturesTests
{
    private static readonly string[] Demo = ["--demo", "--now", "2026-01-15 09:00:00", "--clock", "still"];

    [Fact]
    public async Task The_terminal_of_the_readme_is_that_of_the_program()
    {
        var screen = await RunAsync("call", "summarize_external_traffic", "limit=6");
        Snapshot.Matches("../../docs/images/terminal.svg",
            TerminalPicture.Of("dtmcp call summarize_external_traffic --demo limit=6", screen));
    }

    [Fact]
    public async Task The_chart_of_the_pages_is_that_of_the_program()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".svg");
        try
        {
            await RunAsync("call", "analyze_bandwidth", "--chart", file);
            Snapshot.Matches("../../docs/images/hours.svg",
                await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Entry.RunAsync([.. args, .. Demo], new ProcessContext
        {
            Input = () => Stream.Null,
            Output = () => Stream.Null,
            Out = output,
            Error = error,
            Settings = Settings.Read([]),
            Clock = TimeProvider.System,
            Screen = () => new TerminalShape(118, HasColours: true),
        });
        Assert.True(code == 0, error.ToString());
        return output.ToString();
    }
}
