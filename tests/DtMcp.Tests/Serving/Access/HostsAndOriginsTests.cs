using System.Net;
using DtMcp.Tests.Running;

namespace DtMcp.Tests.Serving.Access;

public sealed class HostsAndOriginsTests(DemoInvestigators demo) : IClassFixture<DemoInvestigators>
{
    [Theory]
    [InlineData("dtmcp.example.com", HttpStatusCode.OK)]
    [InlineData("DTMCP.example.com:8443", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("dtmcp.example.com.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("evil-dtmcp.example.com", HttpStatusCode.Forbidden)]
    public async Task Only_listed_names_are_answered(string host, HttpStatusCode expected)
    {
        await using var served = await Served.StartAsync(demo, ("DTMCP_ALLOWED_HOSTS", "other.example, dtmcp.example.com"));
        using var response = await served.AskAsync(("Host", host));
        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("dtmcp.example.com", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.Forbidden)]
    public async Task Beyond_loopback_the_list_is_all_save_for_probes(string host, HttpStatusCode expected)
    {
        await using var served = await Served.StartAsync(demo, TimeProvider.System,
            [("DTMCP_BEARER_TOKEN", "a-long-token-of-the-tests"), ("DTMCP_ALLOWED_HOSTS", "dtmcp.example.com")],
            "http://127.0.0.1:0;http://0.0.0.0:0");
        using var response = await served.AskAsync(("Host", host), ("Authorization", "Bearer a-long-token-of-the-tests"));
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("ok", await served.GetAsync("/readyz"));
    }

    [Theory]
    [InlineData("https://app.example.com", HttpStatusCode.OK)]
    [InlineData("http://localhost:6274", HttpStatusCode.OK)]
    [InlineData("http://app.example.com", HttpStatusCode.Forbidden)]
    [InlineData("https://app.example.com:444", HttpStatusCode.Forbidden)]
    [InlineData("https://app.example.com.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("https://app.example.com@evil.example", HttpStatusCode.Forbidden)]
    public async Task Only_listed_origins_beside_its_own_may_ask(string origin, HttpStatusCode expected)
    {
        await using var served = await Served.StartAsync(demo, ("DTMCP_ALLOWED_ORIGINS", "https://app.example.com"));
        using var response = await served.AskAsync(("Origin", origin));
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(origin == "https://app.example.com", response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("https://app.example.com", HttpStatusCode.NoContent)]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    public async Task A_browser_is_told_before_it_lets_a_page_ask(string origin, HttpStatusCode expected)
    {
        await using var served = await Served.StartAsync(demo, ("DTMCP_BEARER_TOKEN", "a-long-token-of-the-tests"),
            ("DTMCP_ALLOWED_ORIGINS", "https://app.example.com"));
        using var request = new HttpRequestMessage(HttpMethod.Options, new Uri(served.Base, "/mcp"));
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization, mcp-method");
        using var response = await served.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.NoContent)
        {
            Assert.Equal("authorization, mcp-method", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Headers")));
        }
    }

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("192.0.2.1", HttpStatusCode.Forbidden)]
    public async Task The_name_that_a_proxy_was_asked_by_is_believed_of_named_proxies_only(string proxies, HttpStatusCode expected)
    {
        await using var served = await Served.StartAsync(demo, ("DTMCP_TRUSTED_PROXIES", proxies),
            ("DTMCP_ALLOWED_HOSTS", "dtmcp.example.com"));
        using var response = await served.AskAsync(("Host", "backend.internal.example"), ("X-Forwarded-Host", "dtmcp.example.com"),
            ("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-Proto", "https"), ("Origin", "https://dtmcp.example.com"));
        Assert.Equal(expected, response.StatusCode);
    }
}
