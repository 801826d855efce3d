using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace DtMcp.Running;

/// <summary>What a client gets wrong, told apart from what DtMcp gets wrong.</summary>
internal static class ClientMistakes
{
    /// <summary>Answers params of another form with <c>-32602</c>; the SDK would call them an internal error.</summary>
    public static void Configure(McpServerOptions options) =>
        options.Filters.Message.IncomingFilters.Add(next => async (context, cancellationToken) =>
    {
        try
        {
            await next(context, cancellationToken);
        }
        catch (JsonException) when (context.JsonRpcMessage is JsonRpcRequest)
        {
            throw new McpProtocolException("The params are not of the form that this method takes.", McpErrorCode.InvalidParams);
        }
    });

    /// <summary>Whether what the SDK logs as a failure of a request is its sender's doing: a typo, or having gone away.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        McpProtocolException protocol => protocol.ErrorCode is not McpErrorCode.InternalError,
        _ => exception is JsonException or OperationCanceledException,
    };
}
