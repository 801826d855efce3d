using System.CommandLine;
using DtMcp.Running;

namespace DtMcp.Commands;

/// <summary>The commands and how they are told apart.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, ProcessContext context)
    {
        var result = Build(context).Parse(args);
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors)
            {
                await context.Error.WriteLineAsync($"dtmcp: {error.Message}");
            }

            await context.Error.WriteLineAsync("dtmcp --help shows the commands.");
            return Entry.WrongUsage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = context.Out,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(5),
        };
        var code = await result.InvokeAsync(configuration);
        await context.Out.FlushAsync();
        return code;
    }

    private static RootCommand Build(ProcessContext context)
    {
        var demo = new DemoSwitches();
        var root = new RootCommand(
            "MCP server for network traffic through a Darktrace appliance. Without a command it serves MCP on stdin and stdout.");
        demo.AddTo(root, withDemo: true);
        root.SetAction((result, cancellationToken) => ServerCommand.RunAsync(context, demo.Demo(result), cancellationToken));
        root.Add(CallCommand.Build(context));
        root.Add(ToolsCommand.Build(context));
        root.Add(CheckCommand.Build(context));
        root.Add(ServeCommand.Build(context));
        root.Add(SimulateCommand.Build(context));
        return root;
    }
}
