using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DtMcp.Configuration;
using DtMcp.Serving;
using DtMcp.Tests.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Tests.Issues;

/// <summary>
/// What came over HTTP in another form was a fault of the server, and an origin could say it was loopback while it was not.
/// </summary>
public sealed class HttpEdges_11(DemoInvestigators demo) : IClassFixture<DemoInvestigators>
{
    private const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private static readonly HttpClient Http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("nonsense")]
    public async Task A_message_without_its_type_is_no_fault_of_the_server(string? type)
    {
        await using var server = await StartAsync();
        using var request = Post(server, Encoding.UTF8.GetBytes(List), null);
        if (type is not null)
        {
            request.Content!.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var response = await Http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("application/json", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    public async Task A_message_with_its_type_is_answered(string type)
    {
        await using var server = await StartAsync();
        using var request = Post(server, Encoding.UTF8.GetBytes(List), type);
        using var response = await Http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_message_that_is_too_long_is_refused_as_such()
    {
        await using var server = await StartAsync();
        using var request = Post(server, new byte[(1 << 20) + 1], "application/json");
        using var response = await Http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("foo://localhost")]
    [InlineData("http://evil.example@localhost")]
    [InlineData("http://evil.example:80@localhost")]
    [InlineData("http://@localhost")]
    [InlineData("http://localhost/evil")]
    [InlineData("http://localhost#evil")]
    [InlineData("http://localhost?evil")]
    [InlineData("http://localhost\\@evil.example")]
    [InlineData("file://localhost")]
    [InlineData("chrome-extension://localhost")]
    public async Task An_origin_is_a_web_address_of_this_machine_and_nothing_beside(string origin)
    {
        await using var server = await StartAsync();
        using var request = Post(server, Encoding.UTF8.GetBytes(List), "application/json");
        request.Headers.TryAddWithoutValidation("Origin", origin);
        using var response = await Http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("http://localhost:6274")]
    [InlineData("https://127.0.0.1")]
    [InlineData("http://[::1]:3000")]
    public async Task The_origins_of_this_machine_are_answered(string origin)
    {
        await using var server = await StartAsync();
        using var request = Post(server, Encoding.UTF8.GetBytes(List), "application/json");
        request.Headers.TryAddWithoutValidation("Origin", origin);
        using var response = await Http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static HttpRequestMessage Post(HttpServer server, byte[] body, string? type)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Addresses[0] + HttpServer.Endpoint))
        {
            Content = new ByteArrayContent(body),
        };
        if (type is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return request;
    }

    private Task<HttpServer> StartAsync() =>
        HttpServer.StartAsync(demo.Runner, ListenAddress.Parse("http://127.0.0.1:0"), new ServingOptions(), TimeProvider.System,
            NullLoggerFactory.Instance, Token);
}
