using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace DtMcp.Tests.Support;

/// <summary>
/// The program as a process, spoken to line by line, past the point where a client library would refuse to. Nothing is waited for without
/// end.
/// </summary>
internal sealed class StdioSession : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Process _process;
    private readonly Task _reading;
    private readonly Task<string> _errors;

    public StdioSession(Action<ProcessStartInfo>? change = null)
    {
        var start = Published.Start("--demo", "--connections", "500", "--days", "1");
        change?.Invoke(start);
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync(Token);
        _reading = ReadAsync();
    }

    /// <summary>What came behind the last ping, once it has ended.</summary>
    public IReadOnlyList<JsonElement> Rest { get; private set; } = [];

    public int Id => _process.Id;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task SendAsync(string lines) => SendAsync(Encoding.UTF8.GetBytes(lines));

    /// <summary>A write to a process that no longer reads blocks: it gets a thread of its own.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> lines) => Task.Run(
        () =>
        {
            _process.StandardInput.BaseStream.Write(lines.Span);
            _process.StandardInput.BaseStream.Write("\n"u8);
            _process.StandardInput.BaseStream.Flush();
        },
        Token).WaitAsync(Patience, Token);

    /// <summary>The next message that it sends.</summary>
    public async Task<JsonElement> NextAsync() =>
        JsonElement.Parse(await _lines.Reader.ReadAsync(Token).AsTask().WaitAsync(Patience, Token));

    /// <summary>Pings; returns what came before its answer. An answer to an earlier line that takes longer comes later.</summary>
    public async Task<List<JsonElement>> PingAsync(int number)
    {
        var id = $"ping {number}";
        await SendAsync($$"""{"jsonrpc":"2.0","id":"{{id}}","method":"ping"}""");
        List<JsonElement> before = [];
        while (true)
        {
            var answer = await NextAsync();
            if (answer.TryGetProperty("id", out var given) && given.ValueKind == JsonValueKind.String && given.ValueEquals(id))
            {
                return before;
            }

            before.Add(answer);
        }
    }

    /// <summary>Ends the input and waits for the end; returns the exit code.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(Token).WaitAsync(Patience, Token);
        await _reading.WaitAsync(Patience, Token);
        Rest = [.. await _lines.Reader.ReadAllAsync(Token).Select(line => JsonElement.Parse(line)).ToListAsync(Token)];
        return _process.ExitCode;
    }

    /// <summary>What it said on stderr, once it has ended.</summary>
    public Task<string> ErrorsAsync() => _errors;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
    }
}
