using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using DtMcp.Configuration;
using DtMcp.Serving;
using DtMcp.Tests.Running;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;

namespace DtMcp.Tests.Serving;

/// <summary>Kestrel on a port of its own.</summary>
public sealed class HttpProgram : ServedProgram, IAsyncLifetime
{
    private const int InternalError = -32603;

    private readonly DemoInvestigators _demo = new();
    private readonly HttpClient _http = new();
    private HttpServer? _server;

    public override int Mutations => 2_000;

    private Uri Endpoint => new(_server!.Addresses[0] + HttpServer.Endpoint);

    public async ValueTask InitializeAsync()
    {
        await _demo.InitializeAsync();
        _server = await HttpServer.StartAsync(_demo.Runner, ListenAddress.Parse("http://127.0.0.1:0"), new ServingOptions(),
            TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
    }

    public override async Task<IReadOnlyList<IReadOnlyList<int>>> CodesAsync(IEnumerable<(byte[] Message, int Code)> messages)
    {
        List<IReadOnlyList<int>> all = [];
        foreach (var (message, _) in messages)
        {
            all.Add(await PostAsync(message));
            Assert.Equal([1], await PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}"""u8.ToArray()));
        }

        return all;
    }

    public override async Task<IReadOnlyList<int>> ErrorsAsync(IEnumerable<byte[]> messages)
    {
        List<int> errors = [];
        foreach (var (number, message) in messages.Index())
        {
            errors.AddRange((await PostAsync(message)).Where(code => code < 0));
            if (number % 100 == 99)
            {
                Assert.Equal([1], await PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}"""u8.ToArray()));
            }
        }

        return errors;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _http.Dispose();
        await _server!.DisposeAsync();
        await _demo.DisposeAsync();
    }

    protected override Task<IClientTransport> TransportAsync() => Task.FromResult<IClientTransport>(new HttpClientTransport(
        new HttpClientTransportOptions { Endpoint = Endpoint, TransportMode = HttpTransportMode.StreamableHttp }));

    // An answer is JSON, or an event that holds it; a fault of the server is an internal error.
    private async Task<List<int>> PostAsync(byte[] message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = new ByteArrayContent(message) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await _http.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        if (response.StatusCode == HttpStatusCode.Accepted)
        {
            Assert.Equal("", text);
            return [];
        }

        return (int)response.StatusCode >= 500
            ? [InternalError]
            : [.. text.Split('\n').Select(line => line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : line)
                .Where(line => line.StartsWith('{')).Select(line => CodeOf(JsonElement.Parse(line)))];
    }
}
