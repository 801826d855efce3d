using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Serving;
using DtMcp.Serving.Auditing;
using DtMcp.Tests.Running;
using Microsoft.Extensions.Logging;

namespace DtMcp.Tests.Serving.Access;

/// <summary><c>serve</c> with settings, on a port of its own, and a client that can be anybody.</summary>
internal sealed class Served : IAsyncDisposable
{
    public const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private readonly HttpServer _server;
    private readonly StringWriter _log;
    private readonly AuditLog? _audit;
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        SslOptions =
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is { Subject: "CN=first" or "CN=second" },
        },
        // Each request comes on a connection of its own: a renewed certificate is seen.
        PooledConnectionLifetime = TimeSpan.Zero,
    });

    private Served(HttpServer server, StringWriter log, AuditLog? audit) => (_server, _log, _audit) = (server, log, audit);

    /// <summary>What was logged.</summary>
    public string Log => _log.ToString();

    public HttpServer Server => _server;

    public Uri Base => new(_server.Addresses[0]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<Served> StartAsync(DemoInvestigators demo, params (string Name, string Value)[] settings) =>
        StartAsync(demo, TimeProvider.System, settings);

    public static Task<Served> StartAsync(DemoInvestigators demo, TimeProvider clock, (string Name, string Value)[] settings,
        string urls = "http://127.0.0.1:0") => StartAsync(demo.Runner, clock, settings, urls);

    public static async Task<Served> StartAsync(IToolRunner runner, TimeProvider clock, (string Name, string Value)[] settings,
        string urls = "http://127.0.0.1:0", Func<CancellationToken, Task<bool>>? ready = null)
    {
        var log = new StringWriter();
        var loggers = new ErrorLog(TextWriter.Synchronized(log), LogLevel.Information, TimeProvider.System);
        var audit = AuditLog.Open(AuditOptions.Read(Read(settings)), TextWriter.Synchronized(log), clock, loggers.CreateLogger("Audit"));
        var server = await HttpServer.StartAsync(runner, ListenAddress.Parse(urls), Options(settings), clock, loggers, Token, audit,
            ready: ready);
        return new Served(server, log, audit);
    }

    private static Settings Read((string Name, string Value)[] settings) =>
        Settings.Read(settings.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));

    public static ServingOptions Options(params (string Name, string Value)[] settings) =>
        ServingSettings.Read(Read(settings));

    /// <summary>Asks for the tools, with headers.</summary>
    public Task<HttpResponseMessage> AskAsync(params (string Name, string Value)[] headers) => PostAsync(List, headers);

    /// <summary>Calls a tool with a bearer token.</summary>
    public Task<HttpResponseMessage> CallAsync(string token) => PostAsync(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"summarize_network_traffic","arguments":{"last":"1h"}}}""",
        ("Authorization", $"Bearer {token}"));

    /// <summary>Sends a message, with headers.</summary>
    public async Task<HttpResponseMessage> PostAsync(string message, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Base, HttpServer.Endpoint))
        {
            Content = new StringContent(message, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request, Token);
    }

    /// <summary>The answer to a request: its result, or its error.</summary>
    public async Task<JsonElement> RpcAsync(string method, string parameters, params (string Name, string Value)[] headers)
    {
        using var response = await PostAsync($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""", headers);
        var text = await response.Content.ReadAsStringAsync(Token);
        // One answer as an event, or by itself.
        var json = text.StartsWith('{') ? text : text.Split('\n').First(line => line.StartsWith("data: {", StringComparison.Ordinal))[6..];
        return JsonElement.Parse(json);
    }

    /// <summary>The text of a tool's answer, or of what refused it.</summary>
    public async Task<string> ToolAsync(string tool, string arguments, params (string Name, string Value)[] headers)
    {
        var answer = await RpcAsync("tools/call", $$"""{"name":"{{tool}}","arguments":{{arguments}}}""", headers);
        return answer.TryGetProperty("error", out var error)
            ? error.GetProperty("message").GetString()!
            : answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;
    }

    /// <summary>Asks for the tools with a bearer token.</summary>
    public Task<HttpResponseMessage> AskAsync(string token) => AskAsync(("Authorization", $"Bearer {token}"));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request, Token);

    /// <summary>The status and the body that a path has.</summary>
    public async Task<(int Status, string Body)> ProbeAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(Base, path), Token);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    public Task<string> GetAsync(string path) => _http.GetStringAsync(new Uri(Base, path), Token);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _audit?.Dispose();
    }
}
