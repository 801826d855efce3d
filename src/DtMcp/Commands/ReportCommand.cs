using System.CommandLine;
using System.Text.Json;
using DtMcp.Configuration;
using DtMcp.Drawing;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Answers;

namespace DtMcp.Commands;

/// <summary><c>dtmcp report</c>: the review of a window as one page, what an analyst hands on.</summary>
internal static class ReportCommand
{
    private const string Examples =
        """


        Examples:
          dtmcp report --demo --out day.html
          dtmcp report --last 7d --out week.html
          dtmcp report --md > day.md
        """;

    // The order in which an analyst reads: the whole, what to look at, what is new, who and when.
    private static readonly (string Heading, string Tool)[] Sections =
    [
        ("The picture", "summarize_network_traffic"),
        ("What deserves a look", "hunt_traffic"),
        ("New, grown and gone", "compare_traffic"),
        ("With the Internet", "summarize_external_traffic"),
        ("Bytes by device and hour", "analyze_bandwidth"),
    ];

    public static Command Build(ProcessContext context)
    {
        var last = new Option<string>("--last")
        {
            Description = "The window up to now.",
            DefaultValueFactory = _ => "24h",
            HelpName = "24h",
        };
        var to = new Option<string?>("--out") { Description = "The file; stdout without it.", HelpName = "FILE" };
        var markdown = new Option<bool>("--md") { Description = "Markdown instead of a page with pictures." };
        var command = new Command("report", "Review a window as one self-contained page." + Examples) { last, to, markdown };
        var demo = new DemoSwitches();
        demo.AddTo(command, withDemo: true);
        command.SetAction((result, cancellationToken) => RunAsync(
            context, result.GetRequiredValue(last), result.GetValue(to), result.GetValue(markdown), demo.Demo(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ProcessContext context, string last, string? file, bool isMarkdown, DemoOptions? demo, CancellationToken cancellationToken)
    {
        if (TimeArguments.ParseSpan(last) is null)
        {
            throw new SetupException($"--last is {Refusal.Shown(last)}. Give a length such as 24h or 7d, or {TimeWords.Some}.");
        }

        List<(string Heading, ToolOutcome Outcome)> answers = [];
        string appliance;
        DateTimeOffset now;
        using (var drawing = new ProgressDrawing(context.Terminal, context.Clock))
        {
            await using var log = new DrawnLog(context.Error, drawing);
            using var loggers = (context with { Error = log }).Loggers();
            await using var investigators = await context.OpenInvestigatorsAsync(demo, loggers, cancellationToken);
            var runner = new ToolRunner(investigators, loggers);
            appliance = investigators.All.First().Options.Appliance;
            now = investigators.Clock.GetUtcNow();
            foreach (var (heading, tool) in Sections)
            {
                answers.Add((heading, await runner.RunAsync(
                    ToolCatalog.Find(tool)!, Arguments(last, isMarkdown), noBudget: false, drawing, cancellationToken)));
            }
        }

        var title = $"Network traffic of {appliance}, last {last}";
        var made = $"Made by DtMcp {ProgramVersion.Text} at {TimeText.Second(now.ToUnixTimeMilliseconds())} UTC.";
        var page = isMarkdown
            ? $"# {title}\n\n{made}\n" + string.Concat(answers.Select(answer => $"\n# {answer.Heading}\n\n{Below(answer.Outcome.Text)}\n"))
            : ReportPage.Of(title, made, answers.Select(answer =>
                (answer.Heading, answer.Outcome.IsError ? null : Sheet.Parse(answer.Outcome.Text), (string?)answer.Outcome.Text)));
        await WriteAsync(context, file, page, cancellationToken);
        return answers.All(answer => answer.Outcome.IsError) ? Entry.Failed : Entry.Done;
    }

    // Headings of an answer stand below that of its section.
    private static string Below(string text) =>
        string.Join('\n', text.TrimEnd().Split('\n').Select(line => line.StartsWith('#') ? $"#{line}" : line));

    private static Dictionary<string, JsonElement> Arguments(string last, bool isMarkdown) => new(StringComparer.Ordinal)
    {
        ["last"] = JsonElement.Parse($"\"{last}\""),
        ["format"] = JsonElement.Parse(isMarkdown ? "\"markdown\"" : "\"json\""),
        ["detail"] = JsonElement.Parse("\"full\""),
        ["limit"] = JsonElement.Parse("15"),
    };

    private static async Task WriteAsync(ProcessContext context, string? file, string page, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            await context.Out.WriteAsync(page);
            await context.Out.FlushAsync(cancellationToken);
            return;
        }

        try
        {
            await File.WriteAllTextAsync(file, page, cancellationToken);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"{file} cannot be written ({refused.GetType().Name}). Name another with --out.");
        }

        await context.Error.WriteLineAsync($"{file} is written.");
    }
}
