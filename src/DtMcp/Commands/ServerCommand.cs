using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Serving;

namespace DtMcp.Commands;

/// <summary><c>dtmcp</c>: the MCP server on stdio.</summary>
internal static class ServerCommand
{
    public static async Task<int> RunAsync(ProcessContext context, DemoOptions? demo, CancellationToken cancellationToken)
    {
        using var loggers = context.Loggers();
        await using var investigators = await context.OpenInvestigatorsAsync(demo, loggers, cancellationToken);
        await StdioServer.RunAsync(new ToolRunner(investigators, loggers), context.Input(), context.Output(), loggers, cancellationToken);
        return Entry.Done;
    }
}
