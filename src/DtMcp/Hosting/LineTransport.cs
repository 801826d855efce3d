using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace DtMcp.Hosting;

/// <summary>
/// MCP over a pair of streams, a JSON-RPC message a line. Unlike the SDK's own, it answers every request that it has read before it lets the session end with its
/// input, answers a line that is no message with an error, and bounds a line's length.
/// </summary>
internal sealed class LineTransport : TransportBase
{
    private const int LongestLine = 4 << 20;

    private static readonly JsonTypeInfo<JsonRpcMessage> Incoming = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.ProtocolOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private static readonly JsonTypeInfo<JsonRpcMessage> Outgoing = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private readonly Stream _output;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _reading;
    private readonly Lock _gate = new();
    private readonly HashSet<RequestId> _unanswered = [];
    private bool _isEnded;

    public LineTransport(Stream input, Stream output)
        : base("stdio", null)
    {
        _output = output;
        SetConnected();
        _reading = Task.Run(() => ReadAsync(PipeReader.Create(input)));
    }

    public override async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message, Outgoing);
        try
        {
            await SendAsync(bytes, cancellationToken);
        }
        finally
        {
            if (message is JsonRpcResponse or JsonRpcError)
            {
                Answered(((JsonRpcMessageWithId)message).Id);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        SetDisconnected();
    }

    private async Task SendAsync(byte[] line, CancellationToken cancellationToken)
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

    private async Task ReadAsync(PipeReader reader)
    {
        Exception? failure = null;
        try
        {
            var isSkipping = false;
            while (true)
            {
                var result = await reader.ReadAsync(_stopping.Token);
                var buffer = result.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    if (!isSkipping)
                    {
                        await TakeAsync(buffer.Slice(0, end));
                    }

                    isSkipping = false;
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                if (result.IsCompleted)
                {
                    if (!isSkipping)
                    {
                        await TakeAsync(buffer);
                    }

                    break;
                }

                if (buffer.Length > LongestLine)
                {
                    if (!isSkipping)
                    {
                        await RefuseAsync(-32600, "A line is longer than 4 MiB.", default);
                    }

                    isSkipping = true;
                    buffer = buffer.Slice(buffer.End);
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (IOException exception)
        {
            failure = exception;
        }

        bool isIdle;
        lock (_gate)
        {
            _isEnded = true;
            isIdle = _unanswered.Count == 0;
        }

        if (isIdle || failure is not null)
        {
            SetDisconnected(failure);
        }
    }

    private async Task TakeAsync(ReadOnlySequence<byte> line)
    {
        if (IsBlank(line))
        {
            return;
        }

        JsonRpcMessage? message;
        try
        {
            var json = new Utf8JsonReader(line);
            message = JsonSerializer.Deserialize(ref json, Incoming);
        }
        catch (JsonException)
        {
            var (isJson, id) = Recover(line);
            await RefuseAsync(isJson ? -32600 : -32700, isJson ? "The line is no JSON-RPC message." : "The line is no JSON.", id);
            return;
        }

        switch (message)
        {
            case null:
                await RefuseAsync(-32600, "The line is no JSON-RPC message.", default);
                return;
            case JsonRpcRequest { Method: not RequestMethods.SubscriptionsListen } request:
                lock (_gate)
                {
                    _unanswered.Add(request.Id);
                }

                break;
            case JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: { } cancelled }:
                if (cancelled["requestId"] is { } id)
                {
                    // A cancelled request gets no answer.
                    Answered(JsonSerializer.Deserialize(id, (JsonTypeInfo<RequestId>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(RequestId))));
                }

                break;
        }

        await WriteMessageAsync(message, _stopping.Token);
    }

    private void Answered(RequestId id)
    {
        bool isLast;
        lock (_gate)
        {
            _unanswered.Remove(id);
            isLast = _isEnded && _unanswered.Count == 0;
        }

        if (isLast)
        {
            SetDisconnected();
        }
    }

    // {"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"..."}}; the schema leaves the id out where none could be read.
    private Task RefuseAsync(int code, string text, RequestId id)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            switch (id.Id)
            {
                case long number:
                    json.WriteNumber("id"u8, number);
                    break;
                case string name:
                    json.WriteString("id"u8, name);
                    break;
            }

            json.WriteStartObject("error"u8);
            json.WriteNumber("code"u8, code);
            json.WriteString("message"u8, text);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return SendAsync(buffer.WrittenSpan.ToArray(), _stopping.Token);
    }

    private static (bool IsJson, RequestId Id) Recover(ReadOnlySequence<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("id"u8, out var id)
                ? (true, id.ValueKind switch
                {
                    JsonValueKind.String => new RequestId(id.GetString()!),
                    JsonValueKind.Number when id.TryGetInt64(out var number) => new RequestId(number),
                    _ => default,
                })
                : (true, default);
        }
        catch (JsonException)
        {
            return (false, default);
        }
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r\n"u8))
            {
                return false;
            }
        }

        return true;
    }
}
