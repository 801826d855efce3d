using System.CommandLine;
using System.Text.Json;
using DtMcp.Commands.Checking;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Rendering;

namespace DtMcp.Commands;

/// <summary><c>dtmcp check</c>: is the appliance usable, and what to mend; exit 0 when it is, 2 when it was not even asked.</summary>
internal static class CheckCommand
{
    private const string Examples =
        """


        Examples:
          dtmcp check
          dtmcp check --fix
          dtmcp check --urls http://0.0.0.0:8080
          dtmcp check --demo --fault date
        """;

    private const string Again = "Then run dtmcp check --fix again.";

    public static Command Build(ProcessContext context)
    {
        var demo = new DemoSwitches();
        var fix = new Option<bool>("--fix") { Description = "Say step by step what to do about each thing that is wrong." };
        var urls = new Option<string?>("--urls")
        {
            Description = "Where serve is to listen: whether it may with these settings.",
            HelpName = "URL",
        };
        var command = demo.AddTo(
            new Command("check", "Try the configuration and say what to mend." + Examples) { fix, urls }, withDemo: true);
        command.SetAction((result, cancellationToken) =>
            RunAsync(context, demo.Demo(result), result.GetValue(fix), result.GetValue(urls), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ProcessContext context, DemoOptions? demo, bool fix, string? urls, CancellationToken cancellationToken)
    {
        var problems = SetupReview.Problems(context.Settings, demo is not null, context.Clock);
        if (problems.Count > 0)
        {
            // Which appliances there are is not known then.
            var report = SetupReview.Report(problems, context.Settings);
            await PrintAsync(context, DigestRenderer.Render(report, AnswerFormat.Markdown, Detail.Full, noBudget: true));
            if (fix)
            {
                await ExplainAsync(context, [.. problems.Select(problem => new Finding(problem.Check, SetupReview.Code, problem.Text))]);
            }

            await ServeAsync(context, null, fix, urls, cancellationToken);
            await context.Out.FlushAsync(cancellationToken);
            return Entry.WrongUsage;
        }

        using var loggers = context.Loggers();
        await using var investigators = await context.OpenInvestigatorsAsync(demo, loggers, cancellationToken);
        var isUsable = true;
        foreach (var investigator in investigators.All)
        {
            var (isThisUsable, answer) = await investigator.CheckAsync(AnswerFormat.Markdown, cancellationToken);
            isUsable &= isThisUsable;
            await PrintAsync(context, answer.Text);
            if (fix)
            {
                var (_, again) = await investigator.CheckAsync(AnswerFormat.Json, cancellationToken);
                await ExplainAsync(context, Findings(JsonElement.Parse(again.Text)));
            }
        }

        isUsable &= await ServeAsync(context, [.. investigators.Entries.Select(entry => entry.Name)], fix, urls, cancellationToken);
        await context.Out.FlushAsync(cancellationToken);
        return isUsable ? Entry.Done : Entry.Failed;
    }

    // What only serve uses, where any of it is set; false where serve would not do what is meant.
    private static async Task<bool> ServeAsync(
        ProcessContext context, IReadOnlyList<string>? appliances, bool fix, string? urls, CancellationToken cancellationToken)
    {
        var found = await new ServeReview(context.Settings, appliances, context.Clock, urls).RunAsync(cancellationToken);
        if (found.Count == 0)
        {
            return true;
        }

        var page = DigestRenderer.Render(ServeReview.Page(found), AnswerFormat.Markdown, Detail.Full, noBudget: true);
        await context.Out.WriteLineAsync();
        await PrintAsync(context, page);
        List<Finding> wrong =
        [
            .. found.Where(one => one.Result == ServeFinding.Mend).Select(one => new Finding(one.Check, SetupReview.Code, one.Detail)),
        ];
        if (fix && wrong.Count > 0)
        {
            await ExplainAsync(context, wrong);
        }

        return wrong.Count == 0;
    }

    private static Task PrintAsync(ProcessContext context, string text) => context.Out.WriteLineAsync(text.TrimEnd('\n'));

    private static async Task ExplainAsync(ProcessContext context, IReadOnlyList<Finding> findings)
    {
        await context.Out.WriteLineAsync();
        if (findings.Count == 0)
        {
            await context.Out.WriteLineAsync("There is nothing to mend.");
            return;
        }

        foreach (var (number, finding) in findings.Index())
        {
            await context.Out.WriteLineAsync($"{number + 1}. {finding.Check}: {finding.Detail}");
            foreach (var step in Repairs.Of(finding.Check, finding.Code))
            {
                await context.Out.WriteLineAsync($"   - {step}");
            }
        }

        await context.Out.WriteLineAsync(Again);
    }

    private static List<Finding> Findings(JsonElement answer) =>
    [
        .. answer.GetProperty("tables").GetProperty("checks").GetProperty("rows").EnumerateArray()
            .Select(row => new Finding(Text(row, "check"), Text(row, "result"), Text(row, "detail")))
            .Where(finding => finding.Code != "ok"),
    ];

    private static string Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private sealed record Finding(string Check, string Code, string Detail);
}
