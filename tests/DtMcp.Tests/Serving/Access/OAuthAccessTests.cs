using System.Net;
using System.Text.Json;
using DtMcp.Tests.Running;

namespace DtMcp.Tests.Serving.Access;

/// <summary>The way of a client with a real authorization server: from the challenge to the answer.</summary>
public sealed class OAuthAccessTests(DemoInvestigators demo) : IClassFixture<DemoInvestigators>
{
    private const string Resource = Issuer.Resource;

    [Fact]
    public async Task A_client_finds_its_way_from_the_challenge_to_an_answer()
    {
        await using var authorization = await AuthorizationServer.StartAsync();
        await using var served = await StartAsync(authorization);

        using var refused = await served.AskAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var challenge = Assert.Single(refused.Headers.GetValues("WWW-Authenticate"));
        Assert.Equal(
            "Bearer scope=\"dtmcp.read\", resource_metadata=\"https://dtmcp.example/.well-known/oauth-protected-resource/mcp\"", challenge);

        var path = new Uri(challenge.Split("resource_metadata=\"")[1].TrimEnd('"')).AbsolutePath;
        var metadata = JsonElement.Parse(await served.GetAsync(path));
        Assert.Equal(Resource, metadata.GetProperty("resource").GetString());
        Assert.Equal("dtmcp.read", metadata.GetProperty("scopes_supported")[0].GetString());
        Assert.Equal("header", metadata.GetProperty("bearer_methods_supported")[0].GetString());
        var issuer = metadata.GetProperty("authorization_servers")[0].GetString()!;

        var discovery = await authorization.DiscoverAsync(issuer);
        var token = await authorization.TokenAsync(discovery.GetProperty("token_endpoint").GetString()!, Resource, "dtmcp.read");
        using var answered = await served.AskAsync(token);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Contains("summarize_network_traffic",
            await answered.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain(token, served.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Resource, "other", HttpStatusCode.Forbidden)]
    [InlineData("https://other.example/mcp", "dtmcp.read", HttpStatusCode.Unauthorized)]
    [InlineData(Resource, "other dtmcp.read", HttpStatusCode.OK)]
    public async Task A_real_token_is_for_this_resource_and_scope(string resource, string scope, HttpStatusCode expected)
    {
        await using var authorization = await AuthorizationServer.StartAsync();
        await using var served = await StartAsync(authorization);
        using var response = await served.AskAsync(
            await authorization.TokenAsync(authorization.Address + "/connect/token", resource, scope));
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_token_of_another_authorization_server_is_refused()
    {
        await using var authorization = await AuthorizationServer.StartAsync();
        await using var other = await AuthorizationServer.StartAsync();
        await using var served = await StartAsync(authorization);
        using var response = await served.AskAsync(await other.TokenAsync(other.Address + "/connect/token", Resource, "dtmcp.read"));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-protected-resource/mcp")]
    public async Task The_metadata_and_the_probes_need_no_token(string path)
    {
        await using var issuer = await Issuer.StartAsync();
        await using var served = await Served.StartAsync(demo, issuer.Settings);
        Assert.Contains(Resource, await served.GetAsync(path), StringComparison.Ordinal);
        Assert.Equal("ok", await served.GetAsync("/healthz"));
    }

    [Fact]
    public async Task Without_oauth_there_is_no_metadata()
    {
        await using var served = await Served.StartAsync(demo, ("DTMCP_BEARER_TOKEN", "a-long-token-of-the-tests"));
        var missing = await Assert.ThrowsAsync<HttpRequestException>(() => served.GetAsync("/.well-known/oauth-protected-resource"));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    private Task<Served> StartAsync(AuthorizationServer authorization) => Served.StartAsync(demo, ("DTMCP_IDENTITY", "oauth"),
        ("DTMCP_OAUTH_ISSUER", authorization.Address), ("DTMCP_OAUTH_RESOURCE", Resource));
}
