using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Serving;
using DtMcp.Serving.Telemetry;
using DtMcp.Simulator.Setup;

namespace DtMcp.Commands;

/// <summary>
/// <c>dtmcp</c>: the MCP server on stdio. It serves whatever is wrong with its set-up: a client shows nothing of a server that ends.
/// </summary>
internal static partial class ServerCommand
{
    /// <param name="context">The process.</param>
    /// <param name="demo">Which emulated appliance is meant, or null; refuses options that cannot be followed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(ProcessContext context, Func<DemoOptions?> demo, CancellationToken cancellationToken)
    {
        using var loggers = context.Loggers();
        await using var observation = await ObserveAsync(context, loggers, cancellationToken);
        observation?.Hear(loggers);
        Investigators investigators;
        try
        {
            investigators = await context.OpenInvestigatorsAsync(demo(), loggers, cancellationToken);
        }
        catch (Exception refused) when (refused is SetupException or SimulatorException && !context.IsInputTerminal())
        {
            return await ServeRefusedAsync(context, demo, loggers, cancellationToken);
        }

        await using (investigators)
        {
            observation?.Watch(investigators);
            var runner = new ToolRunner(investigators, loggers, ProgramOptions.IsStructured(context.Settings));
            await ServeAsync(context, runner, loggers, cancellationToken);
        }

        return Entry.Done;
    }

    // What observes it is often what started it, whose variables are not always meant for others: they stop no conversation.
    private static async Task<Observation?> ObserveAsync(
        ProcessContext context, ErrorLog loggers, CancellationToken cancellationToken)
    {
        if (context.Settings.Observing.Count == 0)
        {
            return null;
        }

        try
        {
            return await Observation.StartAsync(ObservingOptions.Read(context.Settings)?.WithoutPage(), cancellationToken);
        }
        catch (SetupException refused)
        {
            Unobserved(loggers.CreateLogger("DtMcp.Settings"), refused.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Nothing is told to a collector: {Reason}")]
    private static partial void Unobserved(ILogger logger, string reason);

    private static async Task<int> ServeRefusedAsync(
        ProcessContext context, Func<DemoOptions?> demo, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        await using var runner = new SetupRunner(
            context, IsDemo(demo), (now, token) => now.OpenInvestigatorsAsync(demo(), loggers, token), loggers);
        await runner.TryAsync(cancellationToken);
        foreach (var problem in runner.Problems)
        {
            await context.Error.WriteLineAsync($"dtmcp: {problem.Text}");
        }

        await ServeAsync(context, runner, loggers, cancellationToken);
        return Entry.WrongUsage;
    }

    private static bool IsDemo(Func<DemoOptions?> demo)
    {
        try
        {
            return demo() is not null;
        }
        catch (SetupException)
        {
            // What is wrong with the command line comes before anything of the settings.
            return true;
        }
    }

    private static Task ServeAsync(
        ProcessContext context, IToolRunner runner, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        StdioServer.RunAsync(runner, context.Input(), context.Output(), loggers, cancellationToken);
}
