using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DtMcp.Configuration;
using DtMcp.Serving;
using DtMcp.Tests.Running;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Tests.Serving;

public sealed class HttpServerTests(DemoInvestigators demo) : IClassFixture<DemoInvestigators>
{
    private const string BearerToken = "a-long-token-of-the-tests";

    private const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private static readonly HttpClient Http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_is_well_is_known_by_the_health_command()
    {
        await using var server = await StartAsync();
        var (code, output, _) = await Published.RunAsync(Published.Start("health", "--url", server.Addresses[0]));

        Assert.Equal(0, code);
        Assert.StartsWith("HTTP/1.1 200 ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Both_eras_of_the_protocol_are_answered_without_a_session(string version)
    {
        await using var server = await StartAsync();
        using var request = Post(server, version == "2025-11-25" ? List : """
            {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{
            "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}
            """);
        request.Headers.Add("MCP-Protocol-Version", version);
        request.Headers.Add("Mcp-Method", "tools/list");
        using var response = await Http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("summarize_network_traffic", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Mcp-Session-Id"));
    }

    [Fact]
    public async Task The_era_without_initialize_does_not_know_the_method()
    {
        await using var server = await StartAsync();
        using var request = Post(server, """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"_meta":{
            "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}
            """);
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", "2026-07-28");
        request.Headers.TryAddWithoutValidation("Mcp-Method", "initialize");
        using var response = await Http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("-32601", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:6274", HttpStatusCode.OK)]
    [InlineData("Host", "evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Host", "localhost", HttpStatusCode.OK)]
    public async Task A_page_in_a_browser_cannot_ask(string header, string value, HttpStatusCode expected)
    {
        await using var server = await StartAsync();
        using var request = Post(server, List);
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await Http.SendAsync(request, Token);
        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Basic " + BearerToken, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer " + BearerToken + "x", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer " + BearerToken, HttpStatusCode.OK)]
    [InlineData("bearer " + BearerToken, HttpStatusCode.OK)]
    public async Task A_token_that_is_set_is_asked_for_on_loopback_too(string? authorization, HttpStatusCode expected)
    {
        await using var server = await StartAsync(BearerToken);
        using var request = Post(server, List);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await Http.SendAsync(request, Token);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Unauthorized,
            response.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme == "Bearer"));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task The_probes_answer_without_a_token(string path)
    {
        await using var server = await StartAsync(BearerToken);
        Assert.Equal("ok", await Http.GetStringAsync(new Uri(new Uri(server.Addresses[0]), path), Token));
    }

    [Fact]
    public async Task Beyond_loopback_it_listens_with_a_token_only()
    {
        var refused = await Assert.ThrowsAsync<SetupException>(async () =>
            await HttpServer.StartAsync(demo.Runner, ListenAddress.Parse("http://0.0.0.0:0"), new ServingOptions(), TimeProvider.System,
                NullLoggerFactory.Instance, Token));
        Assert.Contains("DTMCP_BEARER_TOKEN_FILE", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://0.0.0.0:8080", false)]
    [InlineData("http://*:8080", false)]
    [InlineData("http://127.0.0.1:8080;http://10.0.0.1:8080", false)]
    public void It_knows_what_is_beyond_loopback(string urls, bool isLoopback) =>
        Assert.Equal(isLoopback, ListenAddress.Parse(urls).IsLoopback);

    [Theory]
    [InlineData("ftp://127.0.0.1:8443")]
    [InlineData("https://127.0.0.1:8443/path")]
    [InlineData("http://example.com:8080")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("")]
    public void An_address_that_it_cannot_take_is_refused(string urls) => Assert.Throws<SetupException>(() => ListenAddress.Parse(urls));

    private static Uri Mcp(HttpServer server) => new(server.Addresses[0] + HttpServer.Endpoint);

    private static HttpRequestMessage Post(HttpServer server, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Mcp(server))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return request;
    }

    private Task<HttpServer> StartAsync(string? bearerToken = null) =>
        HttpServer.StartAsync(demo.Runner, ListenAddress.Parse("http://127.0.0.1:0"),
            bearerToken is null ? new ServingOptions() : new ServingOptions { Identity = IdentityKind.Bearer, BearerToken = bearerToken },
            TimeProvider.System, NullLoggerFactory.Instance, Token);
}
