using System.CommandLine;
using DtMcp.Commands.Collecting;
using DtMcp.Configuration;
using DtMcp.Running;

namespace DtMcp.Commands;

/// <summary>The commands and how they are told apart.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string[] args, ProcessContext context)
    {
        var result = Build(context).Parse(args);
        // A shell that asks for completions has a line that is not whole yet.
        var isSuggesting = args[0].StartsWith("[suggest", StringComparison.Ordinal);
        if (result.Errors.Count > 0 && !isSuggesting)
        {
            if (result.CommandResult.Command is RootCommand && !context.IsInputTerminal())
            {
                return await ServerCommand.RunAsync(context, () => throw Unreadable(result), CancellationToken.None);
            }

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
            // serve ends itself: what it answers has its own time.
            ProcessTerminationTimeout = result.CommandResult.Command.Name == ServeCommand.Name ? ServeCommand.LongestEnding : EndsWithin,
        };
        var code = await result.InvokeAsync(configuration);
        await context.Out.FlushAsync();
        return code;
    }

    private static SetupException Unreadable(ParseResult result) => new(
        $"The arguments of this server cannot be understood: {string.Join(' ', result.Errors.Select(error => error.Message))} " +
        "Mend the args in the client's configuration; dtmcp --help shows what they may be.");

    /// <summary>Every command with its options.</summary>
    internal static RootCommand Build(ProcessContext context)
    {
        var demo = new DemoSwitches();
        var root = new RootCommand(
            """
            MCP server for network traffic through a Darktrace appliance. Without a command it serves MCP on stdin and stdout.

            Examples:
              dtmcp --demo
              dtmcp call summarize_external_traffic --demo
              dtmcp setup claude-code --write
              dtmcp check --fix
            """);
        demo.AddTo(root, withDemo: true);
        root.SetAction((result, cancellationToken) => ServerCommand.RunAsync(context, () => demo.Demo(result), cancellationToken));
        root.Add(CallCommand.Build(context));
        root.Add(ToolsCommand.Build(context));
        root.Add(CheckCommand.Build(context));
        root.Add(ServeCommand.Build(context));
        root.Add(SimulateCommand.Build(context));
        root.Add(ReportCommand.Build(context));
        root.Add(CollectCommand.Build(context, Demo));
        root.Add(HistoryCommand.Build(context, Demo));
        root.Add(ExportCommand.Build(context, Demo));
        root.Add(SetupCommand.Build(context));
        root.Add(HealthCommand.Build(context));
        root.Add(TokenCommand.Build(context));
        root.Add(CompletionsCommand.Build(context));
        return root;

        static Func<ParseResult, DemoOptions?> Demo(Command command)
        {
            var switches = new DemoSwitches();
            switches.AddTo(command, withDemo: true);
            return switches.Demo;
        }
    }
}
