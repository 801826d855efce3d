using System.CommandLine;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;

namespace DtMcp.Commands;

/// <summary><c>dtmcp tools</c>: the tools with their parameters. It needs no appliance.</summary>
internal static class ToolsCommand
{
    public static Command Build(ProcessContext context)
    {
        var command = new Command("tools", "List the tools with their parameters.");
        new DemoSwitches().AddTo(command, withDemo: true);
        command.SetAction((_, cancellationToken) => RunAsync(context, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ProcessContext context, CancellationToken cancellationToken)
    {
        foreach (var tool in ToolCatalog.All)
        {
            await context.Out.WriteLineAsync($"{tool.Name}: {tool.Description}");
            foreach (var parameter in tool.Parameters)
            {
                var kind = parameter.Kind is ParameterKind.Choice ? string.Join('|', parameter.Values) : parameter.JsonType;
                await context.Out.WriteLineAsync(
                    $"  {parameter.Name} ({kind}{(tool.Required.Contains(parameter) ? ", required" : "")}): {parameter.Description}");
            }

            await context.Out.WriteLineAsync();
        }

        await context.Out.FlushAsync(cancellationToken);
        return Entry.Done;
    }
}
