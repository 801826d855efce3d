using System.Text.Json;
using ModelContextProtocol.Client;

namespace DtMcp.Tests.Serving;

/// <summary>The server on one transport, for a client of the SDK and for messages that no client would send.</summary>
public abstract class ServedProgram : IAsyncDisposable
{
    private McpClient? _client;

    /// <summary>Mutated messages that the transport is put to.</summary>
    public abstract int Mutations { get; }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A client, the same for all tests.</summary>
    public async Task<McpClient> ClientAsync() => _client ??= await McpClient.CreateAsync(await TransportAsync());

    /// <summary>
    /// What each message is answered with, in turn: the code of an error, 1 for a result. What comes must be known beforehand: without an
    /// answer only the next message tells that there is none.
    /// </summary>
    public abstract Task<IReadOnlyList<IReadOnlyList<int>>> CodesAsync(IEnumerable<(byte[] Message, int Code)> messages);

    /// <summary>The errors that many messages get, whatever they are; a ping is answered between and behind them.</summary>
    public abstract Task<IReadOnlyList<int>> ErrorsAsync(IEnumerable<byte[]> messages);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }
    }

    protected abstract Task<IClientTransport> TransportAsync();

    protected static int CodeOf(JsonElement answer) =>
        answer.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : 1;
}
