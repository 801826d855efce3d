using DtMcp.Hosting;

namespace DtMcp.Commands;

/// <summary><c>dtmcp</c>: the MCP server on stdio.</summary>
internal static class ServerCommand
{
    public static async Task<int> RunAsync(Surroundings around, DemoOptions? demo, CancellationToken cancellationToken)
    {
        using var loggers = around.Loggers();
        await using var desks = await around.OpenDesksAsync(demo, loggers, cancellationToken);
        await StdioServer.RunAsync(new ToolRunner(desks, loggers), around.Input(), around.Output(), loggers, cancellationToken);
        return Entry.Done;
    }
}
