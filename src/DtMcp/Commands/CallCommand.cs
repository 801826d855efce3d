using System.CommandLine;
using System.Text.Json;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;

namespace DtMcp.Commands;

/// <summary><c>dtmcp call TOOL [name=value ...]</c>: one answer on stdout and nothing else.</summary>
internal static class CallCommand
{
    public static Command Build(ProcessContext context)
    {
        var tool = new Argument<string>("TOOL") { Description = "The tool; dtmcp tools lists them." };
        var pairs = new Argument<string[]>("name=value") { Description = "Arguments of the tool.", Arity = ArgumentArity.ZeroOrMore };
        tool.CompletionSources.Add(_ => ToolCompletions.Names);
        pairs.CompletionSources.Add(line => ToolCompletions.Pairs(line.ParseResult.GetValue(tool), line.ParseResult.GetValue(pairs) ?? []));
        var format = new Option<string?>("--format") { Description = "markdown, csv or json.", HelpName = "FORM" };
        var noBudget = new Option<bool>("--no-budget") { Description = "Whole tables, whatever their size." };
        var command = new Command("call", "Run one tool once and print its answer.") { tool, pairs, format, noBudget };
        var demo = new DemoSwitches();
        demo.AddTo(command, withDemo: true);
        command.SetAction((result, cancellationToken) => RunAsync(
            context, result.GetRequiredValue(tool), result.GetValue(pairs) ?? [], result.GetValue(format), result.GetValue(noBudget),
            demo.Demo(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ProcessContext context, string name, string[] pairs, string? format, bool noBudget, DemoOptions? demo,
        CancellationToken cancellationToken)
    {
        var tool = ToolCatalog.Find(name)
            ?? throw new SetupException(
                $"There is no tool {Refusal.Shown(name)}. {NearestName.Hint(name, ToolCatalog.Names)}The tools are " +
                $"{string.Join(", ", ToolCatalog.Names)}.");
        var arguments = Read(pairs, format);
        ToolOutcome outcome;
        using (var drawing = new ProgressDrawing(context.Terminal, context.Clock))
        {
            await using var log = new DrawnLog(context.Error, drawing);
            using var loggers = (context with { Error = log }).Loggers();
            await using var investigators = await context.OpenInvestigatorsAsync(demo, loggers, cancellationToken);
            outcome = await new ToolRunner(investigators, loggers).RunAsync(tool, arguments, noBudget, drawing, cancellationToken);
        }

        await (outcome.IsError ? context.Error : context.Out).WriteLineAsync(outcome.Text.TrimEnd('\n'));
        await context.Out.FlushAsync(cancellationToken);
        return outcome.IsError ? Entry.Failed : Entry.Done;
    }

    private static Dictionary<string, JsonElement> Read(string[] pairs, string? format)
    {
        var arguments = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var pair in format is null ? pairs : [.. pairs, $"format={format}"])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new SetupException($"{Refusal.Shown(pair)} is no argument. Give name=value, such as last=24h.");
            }

            if (!arguments.TryAdd(pair[..equals], Text(pair[(equals + 1)..])))
            {
                throw new SetupException($"{pair[..equals]} is given twice. Give it once.");
            }
        }

        return arguments;
    }

    private static JsonElement Text(string value) => JsonElement.Parse($"\"{JsonEncodedText.Encode(value)}\"");
}
