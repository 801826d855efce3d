using System.Net;
using DtMcp.Tests.Running;

namespace DtMcp.Tests.Serving.Access;

public sealed class HeaderAccessTests(DemoInvestigators demo) : IClassFixture<DemoInvestigators>
{
    [Theory]
    [InlineData("127.0.0.1", "alice", HttpStatusCode.OK)]
    [InlineData("10.0.0.1,127.0.0.0/8", "alice@example.com", HttpStatusCode.OK)]
    [InlineData("192.0.2.1", "alice", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", null, HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", " ", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "eve, alice", HttpStatusCode.Forbidden)]
    public async Task A_gateway_names_the_user_from_its_own_addresses_only(string gateways, string? user, HttpStatusCode expected)
    {
        await using var served = await StartAsync(gateways);
        using var response = await (user is null ? served.AskAsync() : served.AskAsync(("X-Forwarded-User", user)));
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Two_headers_name_nobody()
    {
        await using var served = await StartAsync("127.0.0.1");
        using var response = await served.AskAsync(("X-Forwarded-User", "eve"), ("x-forwarded-user", "alice"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_stranger_is_no_gateway_by_saying_so()
    {
        await using var served = await StartAsync("192.0.2.1");
        using var response = await served.AskAsync(("X-Forwarded-User", "alice"), ("X-Forwarded-For", "192.0.2.1"),
            ("X-Real-IP", "192.0.2.1"), ("Forwarded", "for=192.0.2.1"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_gateway_stays_one_when_it_says_for_whom_it_asks()
    {
        await using var served = await StartAsync("127.0.0.1");
        using var response = await served.AskAsync(("X-Forwarded-User", "alice"), ("X-Forwarded-For", "198.51.100.7"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<Served> StartAsync(string gateways) => Served.StartAsync(demo, ("DTMCP_IDENTITY", "header"),
        ("DTMCP_IDENTITY_HEADER", "X-Forwarded-User"), ("DTMCP_TRUSTED_PROXIES", gateways));
}
