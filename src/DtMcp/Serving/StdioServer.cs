using DtMcp.Running;
using ModelContextProtocol.Server;

namespace DtMcp.Serving;

/// <summary>The MCP server on a pair of streams, without a host around it: start-up is part of every conversation.</summary>
internal static class StdioServer
{
    /// <summary>Serves until the input ends and every request read is answered.</summary>
    public static async Task RunAsync(IToolRunner runner, Stream input, Stream output, ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        await using var transport = new LineTransport(input, output);
        await using var server = McpServer.Create(transport, new ToolServer(runner).Options(), loggers);
        await server.RunAsync(cancellationToken);
    }
}
