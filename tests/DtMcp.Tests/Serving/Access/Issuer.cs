using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DtMcp.Tests.Serving.Access;

/// <summary>An issuer that does what it is told: its documents can be slow, wrong or huge, its tokens anything.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    public const string Resource = "https://dtmcp.example/mcp";

    public const string Scope = "dtmcp.read";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly WebApplication _app;
    // Making one takes a while; the keys of issuers differ by name alone.
    private static readonly RSA Rsa = RSA.Create(2048);

    private string _keyId = "first";

    private Issuer(WebApplication app)
    {
        _app = app;
        KeySet = context => context.Response.WriteAsync(Keys);
        Discovery = context => context.Response.WriteAsync(Document(Address, Address + "/keys"));
    }

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>How often it was asked for its keys.</summary>
    public int Reads { get; private set; }

    /// <summary>Completes when it is asked for its keys.</summary>
    public TaskCompletionSource Asked { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestDelegate Discovery { get; set; }

    public RequestDelegate KeySet { get; set; }

    /// <summary>Its set of keys.</summary>
    public string Keys => new JsonObject
    {
        ["keys"] = new JsonArray(
            new JsonObject { ["kty"] = "oct", ["kid"] = "shared", ["k"] = Base64UrlEncoder.Encode(new byte[32]) },
            PublicKey(_keyId)),
    }.ToJsonString();

    public (string Name, string Value)[] Settings =>
    [
        ("DTMCP_IDENTITY", "oauth"), ("DTMCP_OAUTH_ISSUER", Address), ("DTMCP_OAUTH_RESOURCE", Resource),
    ];

    public static async Task<Issuer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var issuer = new Issuer(app);
        app.MapGet("/.well-known/openid-configuration", context => issuer.Discovery(context));
        app.MapGet("/keys", context =>
        {
            issuer.Reads++;
            issuer.Asked.TrySetResult();
            return issuer.KeySet(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    public static string Document(string issuer, string keys) =>
        new JsonObject { ["issuer"] = issuer, ["jwks_uri"] = keys }.ToJsonString();

    /// <summary>The same key under another name, as a client sees a rotation.</summary>
    public void Rotate(string keyId) => _keyId = keyId;

    /// <summary>A token that is right, save for what is changed of it.</summary>
    public string Token(Action<SecurityTokenDescriptor>? change = null)
    {
        var descriptor = Descriptor();
        change?.Invoke(descriptor);
        return Handler.CreateToken(descriptor);
    }

    public SecurityTokenDescriptor Descriptor() => new()
    {
        Issuer = Address,
        Audience = Resource,
        Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
        Subject = new ClaimsIdentity([new Claim("sub", "alice"), new Claim("scope", $"openid {Scope}")]),
        SigningCredentials = new SigningCredentials(new RsaSecurityKey(Rsa) { KeyId = _keyId }, SecurityAlgorithms.RsaSha256),
    };

    /// <summary>What a right token says, under a head and a signature of one's own.</summary>
    public string Forged(string head, Func<byte[], byte[]> sign)
    {
        var signed = Base64UrlEncoder.Encode(head) + "." + Token().Split('.')[1];
        return signed + "." + Base64UrlEncoder.Encode(sign(Encoding.ASCII.GetBytes(signed)));
    }

    /// <summary>The public key in the forms in which an attacker could take it for a shared secret.</summary>
    public static IEnumerable<byte[]> PublicKeyAsSecret() =>
    [
        Encoding.ASCII.GetBytes(Rsa.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(Rsa.ExportRSAPublicKeyPem()),
        Rsa.ExportSubjectPublicKeyInfo(), Rsa.ExportParameters(false).Modulus!, new byte[32],
    ];

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(true));
        await _app.DisposeAsync();
    }

    private static JsonObject PublicKey(string keyId)
    {
        var parameters = Rsa.ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = keyId,
            ["n"] = Base64UrlEncoder.Encode(parameters.Modulus),
            ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
        };
    }
}
