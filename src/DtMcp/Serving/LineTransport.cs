using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace DtMcp.Serving;

/// <summary>
/// MCP over a pair of streams, a JSON-RPC message a line. The SDK's own drops what is answered after its input ends, says nothing to a line
/// that is no JSON, takes a broken byte for another character and keeps a line of any length. The SDK waits for the requests it has taken
/// before it lets the session end; here their answers are still written then.
/// </summary>
internal sealed class LineTransport : TransportBase
{
    private const int LongestLine = 4 << 20;

    private static readonly JsonTypeInfo<JsonRpcMessage> Outgoing =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private readonly Stream _input;
    private readonly Stream _output;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();

    public LineTransport(Stream input, Stream output)
        : base("stdio", null)
    {
        (_input, _output) = (input, output);
        SetConnected();
        _ = Task.Run(ReadAsync);
    }

    public override Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) =>
        SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, Outgoing), cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        SetDisconnected();
    }

    private async Task SendAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            // A line is written whole or not at all: half of one would spoil the next.
            await _output.WriteAsync(line, CancellationToken.None);
            await _output.WriteAsync("\n"u8.ToArray(), CancellationToken.None);
            await _output.FlushAsync(CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    // Whatever goes wrong here ends the session: without a reader it would wait for ever.
    private async Task ReadAsync()
    {
        Exception? fault = null;
        try
        {
            await foreach (var line in LineReader.ReadAsync(_input, LongestLine, _stopping.Token))
            {
                var incoming = line is { } bytes
                    ? IncomingMessage.Read(bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray())
                    : new IncomingMessage(null, new MessageRefusal(MessageRefusal.NoRequest, "A line is longer than 4 MiB.", default));
                if (incoming.Message is { } message)
                {
                    await WriteMessageAsync(message, _stopping.Token);
                }
                else
                {
                    await SendAsync(incoming.Refusal!.ToJson(), _stopping.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The session ends from the other side.
        }
        catch (Exception exception)
        {
            fault = exception;
        }

        SetDisconnected(fault);
    }
}
