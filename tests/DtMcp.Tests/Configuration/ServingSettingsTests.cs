using DtMcp.Configuration;
using DtMcp.Tests.Serving.Access;

namespace DtMcp.Tests.Configuration;

public sealed class ServingSettingsTests
{
    private const string Token = "DTMCP_BEARER_TOKEN=a-long-token-of-the-tests";
    private const string Issuer = "DTMCP_OAUTH_ISSUER=https://login.example.com";
    private const string Resource = "DTMCP_OAUTH_RESOURCE=https://dtmcp.example.com/mcp";

    [Theory]
    [InlineData("none")]
    [InlineData("bearer", Token)]
    [InlineData("bearer", "DTMCP_TOKENS_FILE=/etc/dtmcp/tokens")]
    [InlineData("oauth", "DTMCP_IDENTITY=oauth", Issuer, Resource)]
    [InlineData("header", "DTMCP_IDENTITY=header", "DTMCP_IDENTITY_HEADER=X-User", "DTMCP_TRUSTED_PROXIES=10.0.0.1")]
    public void What_is_set_says_how_it_knows_who_asks(string kind, params string[] settings) =>
        Assert.Equal(kind, Read(settings).Identity.ToString(), ignoreCase: true);

    [Theory]
    [InlineData("DTMCP_IDENTITY is bearer, and there is no token", "DTMCP_IDENTITY=bearer")]
    [InlineData("DTMCP_BEARER_TOKEN is set, but DTMCP_IDENTITY is none", "DTMCP_IDENTITY=none", Token)]
    [InlineData("DTMCP_BEARER_TOKEN is set, but DTMCP_IDENTITY is oauth", "DTMCP_IDENTITY=oauth", Token, Issuer, Resource)]
    [InlineData("DTMCP_OAUTH_ISSUER is set, but DTMCP_IDENTITY is bearer", Token, Issuer)]
    [InlineData("DTMCP_IDENTITY_HEADER is set, but DTMCP_IDENTITY is none", "DTMCP_IDENTITY_HEADER=X-User")]
    [InlineData("Did you mean oauth?", "DTMCP_IDENTITY=oath")]
    [InlineData("DTMCP_OAUTH_ISSUER is not set", "DTMCP_IDENTITY=oauth", Resource)]
    [InlineData("DTMCP_OAUTH_RESOURCE is not set", "DTMCP_IDENTITY=oauth", Issuer)]
    [InlineData("plain http is for loopback only", "DTMCP_IDENTITY=oauth", Resource, "DTMCP_OAUTH_ISSUER=http://login.example.com")]
    [InlineData("without query", "DTMCP_IDENTITY=oauth", Issuer, "DTMCP_OAUTH_RESOURCE=https://dtmcp.example.com/mcp?a=1")]
    [InlineData("name of one scope", "DTMCP_IDENTITY=oauth", Issuer, Resource, "DTMCP_OAUTH_SCOPE=two words")]
    [InlineData("anybody could name a user", "DTMCP_IDENTITY=header", "DTMCP_IDENTITY_HEADER=X-User")]
    [InlineData("DTMCP_IDENTITY_HEADER is not set", "DTMCP_IDENTITY=header", "DTMCP_TRUSTED_PROXIES=10.0.0.1")]
    [InlineData("name of one header", "DTMCP_IDENTITY=header", "DTMCP_IDENTITY_HEADER=X User", "DTMCP_TRUSTED_PROXIES=10.0.0.1")]
    [InlineData("DTMCP_TRUSTED_PROXIES is", "DTMCP_TRUSTED_PROXIES=nginx")]
    [InlineData("DTMCP_TRUSTED_PROXIES is", "DTMCP_TRUSTED_PROXIES=10.0.0.0/99")]
    [InlineData("belong together", "DTMCP_TLS_CERT_FILE=/x")]
    [InlineData("DTMCP_ALLOWED_HOSTS has", "DTMCP_ALLOWED_HOSTS=https://dtmcp.example.com")]
    [InlineData("DTMCP_ALLOWED_HOSTS has", "DTMCP_ALLOWED_HOSTS=*")]
    [InlineData("DTMCP_ALLOWED_ORIGINS has", "DTMCP_ALLOWED_ORIGINS=https://app.example.com/")]
    [InlineData("DTMCP_ALLOWED_ORIGINS has", "DTMCP_ALLOWED_ORIGINS=*")]
    [InlineData("shorter than 16", "DTMCP_BEARER_TOKEN=short")]
    public void What_cannot_be_followed_stops_the_start(string says, params string[] settings) =>
        Assert.Contains(says, Assert.Throws<SetupException>(() => Read(settings)).Message, StringComparison.Ordinal);

    private static ServingOptions Read(string[] settings) =>
        Served.Options([.. settings.Select(setting => setting.Split('=', 2)).Select(pair => (pair[0], pair[1]))]);
}
