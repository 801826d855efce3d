using System.CommandLine;
using DtMcp.Hosting;
using DtMcp.Traffic.Asking;

namespace DtMcp.Commands;

/// <summary><c>dtmcp check</c>: is the appliance usable, and what to mend; exit 0 when it is.</summary>
internal static class CheckCommand
{
    public static Command Build(Surroundings around)
    {
        var demo = new DemoSwitches();
        var command = demo.AddTo(new Command("check", "Try the configuration and say what to mend."), withDemo: true);
        command.SetAction((result, cancellationToken) => RunAsync(around, demo.Demo(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings around, DemoOptions? demo, CancellationToken cancellationToken)
    {
        using var loggers = around.Loggers();
        await using var desks = await around.OpenDesksAsync(demo, loggers, cancellationToken);
        var isUsable = true;
        foreach (var desk in desks.All)
        {
            var (isDeskUsable, answer) = await desk.CheckAsync(AnswerFormat.Markdown, cancellationToken);
            isUsable &= isDeskUsable;
            await around.Out.WriteLineAsync(answer.Text.TrimEnd('\n'));
        }

        await around.Out.FlushAsync(cancellationToken);
        return isUsable ? Entry.Done : Entry.Failed;
    }
}
