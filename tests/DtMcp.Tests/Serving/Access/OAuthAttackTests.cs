using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using DtMcp.Tests.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace DtMcp.Tests.Serving.Access;

/// <summary>Tokens made by hand and issuers gone wrong, over real HTTP.</summary>
public sealed class OAuthAttackTests(DemoInvestigators demo) : IClassFixture<DemoInvestigators>
{
    private static readonly TimeProvider Now = TimeProvider.System;

    private static readonly RSA Other = RSA.Create(2048);

    private readonly FakeTimeProvider _clock = new();

    public static TheoryData<string, string> WrongTokens => new()
    {
        { "expired", "it has expired" },
        { "not yet", "it is not valid yet" },
        { "for ever", "it never expires" },
        { "audience", "it is for another audience" },
        { "no audience", "it is for another audience" },
        { "foreign issuer", "it is of another issuer" },
        { "no issuer", "it is of another issuer" },
        { "foreign key", "its signature does not hold" },
        { "unknown key", "its signature does not hold" },
        { "changed", "its signature does not hold" },
        { "no signature", "its signature does not hold" },
        { "alg none", "it is no signed token" },
        { "alg None", "its algorithm is not allowed" },
        { "alg none signed", "its algorithm is not allowed" },
        { "HS256 with oct key", "its algorithm is not allowed" },
        { "critical", "its algorithm is not allowed" },
        { "encrypted", "it is no signed token" },
        { "no subject", "it names no subject" },
        { "words", "it is no signed token" },
        { "dots", "it is no signed token" },
        { "huge", "it is no signed token" },
        { "deep", "it is no signed token" },
    };

    [Theory]
    [MemberData(nameof(WrongTokens))]
    public async Task A_wrong_token_is_refused_with_the_way_to_a_right_one(string kind, string why)
    {
        await using var issuer = await Issuer.StartAsync();
        await using var served = await Served.StartAsync(demo, issuer.Settings);
        using var response = await served.AskAsync(Make(issuer, kind));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            $"Bearer error=\"invalid_token\", error_description=\"{why}\", scope=\"dtmcp.read\", " +
            "resource_metadata=\"https://dtmcp.example/.well-known/oauth-protected-resource/mcp\"",
            Assert.Single(response.Headers.GetValues("WWW-Authenticate")));
        // The server is as well as before.
        using var right = await served.AskAsync(issuer.Token());
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task A_public_key_is_no_shared_secret()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var served = await Served.StartAsync(demo, issuer.Settings);
        foreach (var secret in Issuer.PublicKeyAsSecret())
        {
            foreach (var keyId in new[] { "first", "shared" })
            {
                using var response = await served.AskAsync(issuer.Forged(
                    $$"""{"alg":"HS256","typ":"JWT","kid":"{{keyId}}"}""", signed => HMACSHA256.HashData(secret, signed)));
                Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            }
        }
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("dtmcp.read.not dtmcp")]
    [InlineData("DTMCP.READ")]
    [InlineData("")]
    public async Task A_token_without_the_scope_is_told_which_it_lacks(string scope)
    {
        await using var issuer = await Issuer.StartAsync();
        await using var served = await Served.StartAsync(demo, issuer.Settings);
        using var response = await served.AskAsync(issuer.Token(token =>
            token.Subject = new ClaimsIdentity([new Claim("sub", "alice"), new Claim("scope", scope)])));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(
            "Bearer error=\"insufficient_scope\", error_description=\"the token lacks the scope\", scope=\"dtmcp.read\", " +
            "resource_metadata=\"https://dtmcp.example/.well-known/oauth-protected-resource/mcp\"",
            Assert.Single(response.Headers.GetValues("WWW-Authenticate")));
    }

    [Theory]
    [InlineData("scope", """["openid","dtmcp.read"]""")]
    [InlineData("scp", """["dtmcp.read"]""")]
    [InlineData("scp", "\"profile dtmcp.read\"")]
    public async Task Scopes_are_read_as_issuers_write_them(string claim, string json)
    {
        await using var issuer = await Issuer.StartAsync();
        await using var served = await Served.StartAsync(demo, issuer.Settings);
        using var response = await served.AskAsync(issuer.Token(token =>
        {
            token.Subject = new ClaimsIdentity([new Claim("sub", "alice")]);
            token.Claims = new Dictionary<string, object> { [claim] = System.Text.Json.JsonElement.Parse(json) };
        }));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_key_that_the_issuer_has_changed_is_found_and_strangers_cannot_make_it_read_on()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var served = await Served.StartAsync(demo, _clock, issuer.Settings);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, issuer.Token()));
        issuer.Rotate("second");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(served, issuer.Token()));
        }

        Assert.Equal(1, issuer.Reads);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, issuer.Token()));
        Assert.Equal(2, issuer.Reads);
    }

    [Fact]
    public async Task Many_at_once_read_the_keys_once()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var served = await Served.StartAsync(demo, issuer.Settings);
        var token = issuer.Token();
        // As many as one user may have under way (DTMCP_CONCURRENCY_PER_USER is 32).
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => StatusAsync(served, token)));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, issuer.Reads);
    }

    [Fact]
    public async Task An_issuer_that_never_ends_costs_ten_seconds_once()
    {
        await using var issuer = await Issuer.StartAsync();
        issuer.KeySet = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var served = await Served.StartAsync(demo, _clock, issuer.Settings);
        var waiting = Enumerable.Range(0, 10).Select(_ => served.AskAsync(issuer.Token())).ToArray();
        await issuer.Asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(10));
        foreach (var refused in await Task.WhenAll(waiting))
        {
            using (refused)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
                Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter!.Delta);
            }
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(served, issuer.Token()));
        Assert.Equal(1, issuer.Reads);
        issuer.KeySet = context => context.Response.WriteAsync(issuer.Keys);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, issuer.Token()));
    }

    [Theory]
    [InlineData("huge", "longer than 256 KiB")]
    [InlineData("endless", "longer than 256 KiB")]
    [InlineData("error", "answered 500")]
    [InlineData("redirect", "answered 302")]
    [InlineData("page", "set of keys is none")]
    [InlineData("empty", "set of keys is none")]
    [InlineData("no keys", "has 0 that sign")]
    [InlineData("shared secrets", "has 0 that sign")]
    [InlineData("many keys", "has 101 that sign")]
    [InlineData("discovery page", "discovery document is none")]
    [InlineData("other issuer", "names another issuer")]
    [InlineData("keys by file", "names no https address")]
    [InlineData("keys in the open", "names no https address")]
    public async Task Documents_that_are_wrong_are_not_taken_and_the_log_says_which(string fault, string says)
    {
        await using var issuer = await Issuer.StartAsync();
        Break(issuer, fault);
        await using var served = await Served.StartAsync(demo, issuer.Settings);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(served, issuer.Token()));
        Assert.Contains(says, served.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_were_good_are_used_on_while_the_issuer_is_away_for_a_day()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var served = await Served.StartAsync(demo, _clock, issuer.Settings);
        var token = issuer.Token();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, token));
        Break(issuer, "error");
        _clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, token));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(served, token));
    }

    [Fact]
    public async Task Strangers_tokens_make_nobody_read_anything()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var served = await Served.StartAsync(demo, issuer.Settings);
        foreach (var kind in new[] { "foreign issuer", "alg none", "HS256 with oct key", "words", "deep" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(served, Make(issuer, kind)));
        }

        Assert.Equal(0, issuer.Reads);
    }

    private static async Task<HttpStatusCode> StatusAsync(Served served, string token)
    {
        using var response = await served.AskAsync(token);
        return response.StatusCode;
    }

    private static string Make(Issuer issuer, string kind)
    {
        switch (kind)
        {
            case "expired":
                return issuer.Token(token => token.Expires = Now.GetUtcNow().UtcDateTime.AddMinutes(-2));
            case "not yet":
                return issuer.Token(token => token.NotBefore = Now.GetUtcNow().UtcDateTime.AddMinutes(5));
            case "for ever":
                return issuer.Token(token => token.Expires = null);
            case "audience":
                return issuer.Token(token => token.Audience = "https://other.example/mcp");
            case "no audience":
                return issuer.Token(token => token.Audience = null);
            case "foreign issuer":
                return issuer.Token(token => token.Issuer = "https://evil.example");
            case "no issuer":
                return issuer.Token(token => token.Issuer = null);
            case "foreign key":
                return issuer.Token(token => token.SigningCredentials = Stranger("first"));
            case "unknown key":
                return issuer.Token(token => token.SigningCredentials = Stranger("of-a-stranger"));
            case "changed":
                var parts = issuer.Token().Split('.');
                var says = Base64UrlEncoder.Decode(parts[1]).Replace("alice", "admin", StringComparison.Ordinal);
                return $"{parts[0]}.{Base64UrlEncoder.Encode(says)}.{parts[2]}";
            case "no signature":
                return issuer.Token()[..(issuer.Token().LastIndexOf('.') + 1)] + "AAAA";
            case "alg none":
                return issuer.Forged("""{"alg":"none","typ":"JWT"}""", _ => []);
            case "alg None":
                return issuer.Forged("""{"alg":"nOnE","typ":"JWT"}""", _ => [1]);
            case "alg none signed":
                return issuer.Forged("""{"alg":"none","typ":"JWT","kid":"first"}""", signed => signed);
            case "HS256 with oct key":
                return issuer.Forged("""{"alg":"HS256","typ":"JWT","kid":"shared"}""", signed => HMACSHA256.HashData(new byte[32], signed));
            case "critical":
                return issuer.Token(token => token.AdditionalHeaderClaims = new Dictionary<string, object> { ["crit"] = new[] { "exp" } });
            case "encrypted":
                return issuer.Token(token => token.EncryptingCredentials = new EncryptingCredentials(
                    new SymmetricSecurityKey(new byte[32]), SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
            case "no subject":
                return issuer.Token(token => token.Subject = new ClaimsIdentity([new Claim("scope", "dtmcp.read")]));
            case "words":
                return "not a token at all";
            case "dots":
                return "..";
            case "huge":
                return issuer.Token(token => token.Subject.AddClaim(new Claim("groups", new string('x', 20_000))));
            case "deep":
                return issuer.Forged(string.Concat(Enumerable.Repeat("{\"a\":", 1_500)) + "1" + new string('}', 1_500), _ => [1]);
            default:
                throw new ArgumentException(kind, nameof(kind));
        }
    }

    private static SigningCredentials Stranger(string keyId) =>
        new(new RsaSecurityKey(Other) { KeyId = keyId }, SecurityAlgorithms.RsaSha256);

    private static void Break(Issuer issuer, string fault)
    {
        RequestDelegate keys(string body) => context => context.Response.WriteAsync(body);
        switch (fault)
        {
            case "huge":
                issuer.KeySet = keys(issuer.Keys + new string(' ', 256 * 1024));
                break;
            case "endless":
                issuer.KeySet = async context =>
                {
                    while (!context.RequestAborted.IsCancellationRequested)
                    {
                        await context.Response.WriteAsync(new string(' ', 4096));
                    }
                };
                break;
            case "error":
                issuer.KeySet = context =>
                {
                    context.Response.StatusCode = 500;
                    return Task.CompletedTask;
                };
                break;
            case "redirect":
                issuer.KeySet = context =>
                {
                    context.Response.Redirect("/.well-known/openid-configuration");
                    return Task.CompletedTask;
                };
                break;
            case "page":
                issuer.KeySet = keys("<html>Sign in</html>");
                break;
            case "empty":
                issuer.KeySet = keys("");
                break;
            case "no keys":
                issuer.KeySet = keys("""{"keys":[]}""");
                break;
            case "shared secrets":
                issuer.KeySet = keys("""{"keys":[{"kty":"oct","kid":"first","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}""");
                break;
            case "many keys":
                var key = System.Text.Json.Nodes.JsonNode.Parse(issuer.Keys)!["keys"]![1]!.ToJsonString();
                issuer.KeySet = keys($$"""{"keys":[{{string.Join(',', Enumerable.Repeat(key, 101))}}]}""");
                break;
            case "discovery page":
                issuer.Discovery = keys("<html>Sign in</html>");
                break;
            case "other issuer":
                issuer.Discovery = keys(Issuer.Document("https://evil.example", issuer.Address + "/keys"));
                break;
            case "keys by file":
                issuer.Discovery = keys(Issuer.Document(issuer.Address, "file:///etc/passwd"));
                break;
            case "keys in the open":
                issuer.Discovery = keys(Issuer.Document(issuer.Address, "http://192.0.2.1/keys"));
                break;
            default:
                throw new ArgumentException(fault, nameof(fault));
        }
    }
}
