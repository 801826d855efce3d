using System.CommandLine;
using DtMcp.Hosting;

namespace DtMcp.Commands;

/// <summary><c>dtmcp serve</c>: the MCP server on Streamable HTTP, until SIGINT or SIGTERM.</summary>
internal static class ServeCommand
{
    public static Command Build(Surroundings around)
    {
        var demo = new DemoSwitches();
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen.",
            DefaultValueFactory = _ => "http://127.0.0.1:8080",
            HelpName = "URL",
        };
        var command = demo.AddTo(new Command("serve", "Serve MCP on Streamable HTTP at /mcp.") { urls }, withDemo: true);
        command.SetAction((result, cancellationToken) =>
            RunAsync(around, result.GetRequiredValue(urls), demo.Demo(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings around, string urls, DemoOptions? demo, CancellationToken cancellationToken)
    {
        var listen = ListenAddress.Parse(urls);
        var bearerToken = ProgramOptions.BearerToken(around.Settings);
        using var loggers = around.Loggers();
        await using var desks = await around.OpenDesksAsync(demo, loggers, cancellationToken);
        await using var server = await HttpServer.StartAsync(new ToolRunner(desks, loggers), listen, bearerToken, loggers,
            cancellationToken);
        foreach (var address in server.Addresses)
        {
            await around.Out.WriteLineAsync(address + HttpServer.Endpoint);
        }

        await around.Out.FlushAsync(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Entry.Done;
    }
}
