using System.CommandLine;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Traffic.Questions;

namespace DtMcp.Commands;

/// <summary><c>dtmcp check</c>: is the appliance usable, and what to mend; exit 0 when it is.</summary>
internal static class CheckCommand
{
    public static Command Build(ProcessContext context)
    {
        var demo = new DemoSwitches();
        var command = demo.AddTo(new Command("check", "Try the configuration and say what to mend."), withDemo: true);
        command.SetAction((result, cancellationToken) => RunAsync(context, demo.Demo(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ProcessContext context, DemoOptions? demo, CancellationToken cancellationToken)
    {
        using var loggers = context.Loggers();
        await using var investigators = await context.OpenInvestigatorsAsync(demo, loggers, cancellationToken);
        var isUsable = true;
        foreach (var investigator in investigators.All)
        {
            var (isThisUsable, answer) = await investigator.CheckAsync(AnswerFormat.Markdown, cancellationToken);
            isUsable &= isThisUsable;
            await context.Out.WriteLineAsync(answer.Text.TrimEnd('\n'));
        }

        await context.Out.FlushAsync(cancellationToken);
        return isUsable ? Entry.Done : Entry.Failed;
    }
}
