using System.Xml.Linq;
using DtMcp.Commands;
using DtMcp.Configuration;
using DtMcp.Drawing;
using DtMcp.Running;

namespace DtMcp.Tests.Commands;

/// <summary>Answers for people: on a terminal, as one table, as a picture, as a page.</summary>
public sealed class DrawnCallTests : IDisposable
{
    private static readonly string[] Demo =
        ["--demo", "--connections", "500", "--days", "1", "--now", "2026-01-15 09:00:00", "--clock", "still"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_terminal_gets_tables_with_human_units_and_a_form_that_was_asked_for_stays()
    {
        var shape = new TerminalShape(120, HasColours: false);
        var (_, drawn, _) = await RunAsync(shape, "call", "summarize_network_traffic");
        var (_, asked, _) = await RunAsync(shape, "call", "summarize_network_traffic", "--format", "markdown");
        var (_, piped, _) = await RunAsync(null, "call", "summarize_network_traffic");

        Assert.StartsWith("summarize_network_traffic  demo, ", drawn, StringComparison.Ordinal);
        Assert.Matches(@"\nconnections \d+  bytes [\d.]+ [kMGT]?B  ", drawn);
        Assert.StartsWith("# summarize_network_traffic: demo", asked, StringComparison.Ordinal);
        Assert.Equal(piped, asked);
    }

    [Fact]
    public async Task One_table_is_clean_csv_and_whole()
    {
        var (code, output, _) = await RunAsync(null, "call", "analyze_bandwidth", "--table", "devices");
        var (_, paged, _) = await RunAsync(null, "call", "analyze_bandwidth", "--format", "csv");

        Assert.Equal(0, code);
        var lines = output.TrimEnd('\n').Split('\n');
        Assert.StartsWith("ip,", lines[0], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(lines[0].Count(c => c == ','), line.Count(c => c == ',')));
        var of = paged.Split("# devices: ")[1].Split(' ')[2];
        Assert.Equal(of, $"{lines.Length - 1}");
    }

    [Theory]
    [InlineData("Did you mean devices?", "--table", "devcies")]
    [InlineData("Leave --format out", "--table", "devices", "--format", "json")]
    [InlineData("ends in .svg", "--chart", "x.png")]
    public async Task A_form_that_cannot_be_is_refused(string says, params string[] form)
    {
        var (code, output, error) = await RunAsync(null, ["call", "analyze_bandwidth", .. form]);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chart_is_written_beside_the_answer()
    {
        var file = Path.Combine(_folder.FullName, "hours.svg");
        var (code, output, _) = await RunAsync(null, "call", "analyze_bandwidth", "--chart", file);

        Assert.Equal(0, code);
        Assert.StartsWith("# analyze_bandwidth", output, StringComparison.Ordinal);
        Assert.StartsWith("hours: ", XDocument.Parse(await File.ReadAllTextAsync(file, Token)).Root!.Elements().Skip(1).First().Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_is_one_page_with_every_part()
    {
        var file = Path.Combine(_folder.FullName, "day.html");
        var (code, output, error) = await RunAsync(null, "report", "--out", file);

        Assert.Equal(0, code);
        Assert.Empty(output);
        Assert.Contains(file, error, StringComparison.Ordinal);
        var page = await File.ReadAllTextAsync(file, Token);
        Assert.Equal(5, page.Split("<h2>").Length - 1);
        Assert.Contains("<svg ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("internal_error", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_in_markdown_holds_the_answers_as_a_client_gets_them()
    {
        var (code, output, _) = await RunAsync(null, "report", "--md", "--last", "6h");
        Assert.Equal(0, code);
        Assert.StartsWith("# Network traffic of demo, last 6h\n", output, StringComparison.Ordinal);
        Assert.Contains("\n## hunt_traffic: demo, 2026-01-15 03:00:00 to 2026-01-15 09:00:00 UTC", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_shows_one_by_name()
    {
        var (code, output, _) = await RunAsync(null, ["tools", "hunt_traffic"], withDemo: false);
        Assert.Equal(0, code);
        Assert.StartsWith("hunt_traffic: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("find_devices: ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("call")]
    [InlineData("tools")]
    [InlineData("check")]
    [InlineData("serve")]
    [InlineData("simulate")]
    [InlineData("setup")]
    [InlineData("report")]
    [InlineData("completions")]
    [InlineData("health")]
    public async Task Every_command_shows_examples_and_each_of_them_is_a_command(string command)
    {
        var (code, output, _) = await RunAsync(null, [command, "--help"], withDemo: false);
        Assert.Equal(0, code);
        var examples = output.Split("Examples:\n")[1].Split("\n\n")[0].Split('\n', StringSplitOptions.TrimEntries);
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Contains($"dtmcp {command}", example, StringComparison.Ordinal));
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(TerminalShape? shape, params string[] args) =>
        RunAsync(shape, args, withDemo: true);

    private static async Task<(int Code, string Output, string Error)> RunAsync(TerminalShape? shape, string[] args, bool withDemo)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Entry.RunAsync(withDemo ? [.. args, .. Demo] : args, new ProcessContext
        {
            Input = () => Stream.Null,
            Output = () => Stream.Null,
            Out = output,
            Error = error,
            Settings = Settings.Read([]),
            Clock = TimeProvider.System,
            Screen = () => shape,
        });
        return (code, output.ToString(), error.ToString());
    }
}
