using System.CommandLine;
using DtMcp.Configuration;
using DtMcp.Drawing;
using DtMcp.Running;
using DtMcp.Tools.Arguments;

namespace DtMcp.Commands;

/// <summary><c>dtmcp call TOOL [name=value ...]</c>: one answer on stdout and nothing else.</summary>
internal static class CallCommand
{
    private const string Examples =
        """


        Examples:
          dtmcp call summarize_external_traffic --demo
          dtmcp call get_network_traffic hostname=fin-ws-03 last=1h sort=bytes
          dtmcp call analyze_bandwidth last=7d --table hours > hours.csv
          dtmcp call analyze_bandwidth --chart hours.svg
        """;

    public static Command Build(ProcessContext context)
    {
        var tool = new Argument<string>("TOOL") { Description = "The tool; dtmcp tools lists them.", HelpName = "TOOL" };
        var pairs = new Argument<string[]>("name=value")
        {
            Description = "Arguments of the tool.",
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "name=value",
        };
        tool.CompletionSources.Add(_ => ToolCompletions.Names);
        pairs.CompletionSources.Add(line => ToolCompletions.Pairs(line.ParseResult.GetValue(tool), line.ParseResult.GetValue(pairs) ?? []));
        var format = new Option<string?>("--format") { Description = "markdown, csv or json.", HelpName = "FORM" };
        var noBudget = new Option<bool>("--no-budget") { Description = "Whole tables, whatever their size." };
        var table = new Option<string?>("--table") { Description = "This table alone, whole, as CSV with one head.", HelpName = "NAME" };
        var chart = new Option<string?>("--chart") { Description = "Its first table as a picture too, in a file.", HelpName = "FILE.svg" };
        var command = new Command("call", "Run one tool once and print its answer; on a terminal as tables with human units." + Examples)
        {
            tool, pairs, format, noBudget, table, chart,
        };
        var demo = new DemoSwitches();
        demo.AddTo(command, withDemo: true);
        command.SetAction((result, cancellationToken) => RunAsync(
            context, result.GetRequiredValue(tool), result.GetValue(pairs) ?? [],
            new CallForm(result.GetValue(format), result.GetValue(noBudget), result.GetValue(table), result.GetValue(chart)),
            demo.Demo(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ProcessContext context, string name, string[] pairs, CallForm form, DemoOptions? demo, CancellationToken cancellationToken)
    {
        form.Check();
        var tool = ToolsCommand.Named(name);
        var arguments = NamedValues.Read(form.Format is null ? pairs : [.. pairs, $"format={form.Format}"]);
        var shape = arguments.ContainsKey(Parameters.Format.Name) || form.NoBudget || form.Table is not null ? null : context.Screen();
        ToolOutcome outcome;
        Sheet? sheet = null;
        using (var drawing = new ProgressDrawing(context.Terminal, context.Clock))
        {
            await using var log = new DrawnLog(context.Error, drawing);
            using var loggers = (context with { Error = log }).Loggers();
            await using var investigators = await context.OpenInvestigatorsAsync(demo, loggers, cancellationToken);
            var runner = new ToolRunner(investigators, loggers);
            if (shape is not null || form.Chart is not null)
            {
                // Drawn from the JSON form: it holds every figure to the last digit.
                var whole = await runner.RunAsync(tool, CallForm.ToDraw(tool, arguments), form.NoBudget, drawing, cancellationToken);
                sheet = whole.IsError ? null : Sheet.Parse(whole.Text);
                outcome = whole.IsError || shape is null ? whole : new ToolOutcome(TerminalPage.Of(sheet!, shape), null, IsError: false);
            }
            else
            {
                outcome = new ToolOutcome("", null, IsError: false);
            }

            if (shape is null && !outcome.IsError)
            {
                outcome = await runner.RunAsync(
                    tool, form.ToPrint(tool, arguments), form.NoBudget || form.Table is not null, drawing, cancellationToken);
            }
        }

        if (!outcome.IsError)
        {
            outcome = form.Cut(outcome);
            await form.DrawAsync(sheet, cancellationToken);
        }

        await (outcome.IsError ? context.Error : context.Out).WriteLineAsync(outcome.Text.TrimEnd('\n'));
        await context.Out.FlushAsync(cancellationToken);
        return outcome.IsError ? Entry.Failed : Entry.Done;
    }
}
