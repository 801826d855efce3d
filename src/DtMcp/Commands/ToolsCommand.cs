using System.CommandLine;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;

namespace DtMcp.Commands;

/// <summary><c>dtmcp tools [NAME]</c>: the tools, or one, with their parameters. It needs no appliance.</summary>
internal static class ToolsCommand
{
    private const string Examples =
        """


        Examples:
          dtmcp tools
          dtmcp tools hunt_traffic
        """;

    public static Command Build(ProcessContext context)
    {
        var name = new Argument<string?>("NAME") { Description = "Only this tool.", Arity = ArgumentArity.ZeroOrOne, HelpName = "NAME" };
        name.CompletionSources.Add(_ => ToolCompletions.Names);
        var command = new Command("tools", "List the tools with their parameters." + Examples) { name };
        new DemoSwitches().AddTo(command, withDemo: true);
        command.SetAction((result, cancellationToken) => RunAsync(context, result.GetValue(name), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ProcessContext context, string? name, CancellationToken cancellationToken)
    {
        foreach (var tool in name is null ? ToolCatalog.All : [Named(name)])
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

    /// <summary>The tool of a name that was typed.</summary>
    /// <exception cref="SetupException">There is none.</exception>
    public static ToolDefinition Named(string name) => ToolCatalog.Find(name) ?? throw new SetupException(
        $"There is no tool {Refusal.Shown(name)}. {NearestName.Hint(name, ToolCatalog.Names)}The tools are " +
        $"{string.Join(", ", ToolCatalog.Names)}.");
}
