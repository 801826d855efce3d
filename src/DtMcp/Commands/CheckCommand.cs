using System.CommandLine;
using System.Text.Json;
using DtMcp.Hosting;
using DtMcp.Tools;

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
        var outcome = await new ToolRunner(desks, loggers).RunAsync(new CheckAppliance(), new Dictionary<string, JsonElement>(), noBudget: true, progress: null, cancellationToken);
        await (outcome.IsError ? around.Error : around.Out).WriteLineAsync(outcome.Text.TrimEnd('\n'));
        await around.Out.FlushAsync(cancellationToken);
        return outcome.IsError ? Entry.Failed : Entry.Done;
    }
}
