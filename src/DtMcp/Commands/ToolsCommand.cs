using System.CommandLine;
using DtMcp.Hosting;
using DtMcp.Tools;

namespace DtMcp.Commands;

/// <summary><c>dtmcp tools</c>: the tools with their parameters. It needs no appliance.</summary>
internal static class ToolsCommand
{
    public static Command Build(Surroundings around)
    {
        var command = new Command("tools", "List the tools with their parameters.");
        new DemoSwitches().AddTo(command, withDemo: true);
        command.SetAction((_, cancellationToken) => RunAsync(around, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings around, CancellationToken cancellationToken)
    {
        foreach (var tool in ToolCatalog.All)
        {
            await around.Out.WriteLineAsync($"{tool.Name}: {tool.Description}");
            foreach (var parameter in tool.Parameters)
            {
                var kind = parameter.Kind is ParameterKind.Choice ? string.Join('|', parameter.Values) : parameter.JsonType;
                await around.Out.WriteLineAsync(
                    $"  {parameter.Name} ({kind}{(tool.Required.Contains(parameter) ? ", required" : "")}): {parameter.Description}");
            }

            await around.Out.WriteLineAsync();
        }

        await around.Out.FlushAsync(cancellationToken);
        return Entry.Done;
    }
}
