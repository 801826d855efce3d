using System.CommandLine;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Serving;
using DtMcp.Serving.Auditing;
using DtMcp.Serving.Telemetry;

namespace DtMcp.Commands;

/// <summary><c>dtmcp serve</c>: the MCP server on Streamable HTTP, until SIGINT or SIGTERM.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    /// <summary>The longest grace time that can be set, and a minute.</summary>
    public static readonly TimeSpan LongestEnding = TimeSpan.FromMinutes(61);

    private const string Examples =
        """


        Examples:
          dtmcp serve
          dtmcp serve --demo --urls http://127.0.0.1:0
          DTMCP_TOKENS_FILE=/etc/dtmcp/tokens dtmcp serve --urls http://0.0.0.0:8080
        """;

    public static Command Build(ProcessContext context)
    {
        var demo = new DemoSwitches();
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen: http, or https with a certificate; several with ; between.",
            DefaultValueFactory = _ => "http://127.0.0.1:8080",
            HelpName = "URL",
        };
        var command = demo.AddTo(new Command(Name, "Serve MCP on Streamable HTTP at /mcp." + Examples) { urls }, withDemo: true);
        command.SetAction((result, cancellationToken) =>
            RunAsync(context, result.GetRequiredValue(urls), demo.Demo(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ProcessContext context, string urls, DemoOptions? demo, CancellationToken cancellationToken)
    {
        context.Settings.Check();
        var listen = ListenAddress.Parse(urls);
        var options = ServingSettings.Read(context.Settings);
        await using var observation = await Observation.StartAsync(ObservingOptions.Read(context.Settings), cancellationToken);
        using var loggers = context.Loggers();
        observation?.Hear(loggers);
        await using var sharing = SharedReplicas.Open(context.Settings, context.Clock, loggers);
        await using var investigators = await context.OpenInvestigatorsAsync(demo, loggers, cancellationToken, sharing);
        options = options with { Appliances = [.. investigators.Entries.Select(entry => entry.Name)] };
        observation?.Watch(investigators);
        var runner = new ToolRunner(investigators, loggers, ProgramOptions.IsStructured(context.Settings));
        using var audit = AuditLog.Open(AuditOptions.Read(context.Settings), context.Error, context.Clock,
            loggers.CreateLogger("DtMcp.Audit"));
        var readiness = new Readiness([.. investigators.Entries.Select(entry => entry.Client)], context.Clock);
        await using var server = await HttpServer.StartAsync(
            runner, listen, options, context.Clock, loggers, cancellationToken, audit, ready: readiness.AnswersAsync);
        foreach (var address in server.Addresses)
        {
            await context.Out.WriteLineAsync(address + HttpServer.Endpoint);
        }

        if (observation?.Scraped is { } page)
        {
            await context.Error.WriteLineAsync($"dtmcp: Prometheus reads {page}");
        }

        await context.Out.FlushAsync(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.DrainAsync(options.Limits.Grace);
        return Entry.Done;
    }
}
