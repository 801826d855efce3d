using System.CommandLine;
using DtMcp.Hosting;

namespace DtMcp.Commands;

/// <summary>The commands and how they are told apart.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, Surroundings around)
    {
        var result = Build(around).Parse(args);
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors)
            {
                await around.Error.WriteLineAsync($"dtmcp: {error.Message}");
            }

            await around.Error.WriteLineAsync("dtmcp --help shows the commands.");
            return Entry.WrongUsage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = around.Out,
            Error = around.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(5),
        };
        var code = await result.InvokeAsync(configuration);
        await around.Out.FlushAsync();
        return code;
    }

    private static RootCommand Build(Surroundings around)
    {
        var demo = new DemoSwitches();
        var root = new RootCommand(
            "MCP server for network traffic through a Darktrace appliance. Without a command it serves MCP on stdin and stdout.");
        demo.AddTo(root, withDemo: true);
        root.SetAction((result, cancellationToken) => ServerCommand.RunAsync(around, demo.Demo(result), cancellationToken));
        root.Add(CallCommand.Build(around));
        root.Add(ToolsCommand.Build(around));
        root.Add(CheckCommand.Build(around));
        root.Add(ServeCommand.Build(around));
        root.Add(SimulateCommand.Build(around));
        return root;
    }
}
