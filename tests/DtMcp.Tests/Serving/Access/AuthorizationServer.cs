using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace DtMcp.Tests.Serving.Access;

/// <summary>OpenIddict, an authorization server, with client credentials: discovery, keys and tokens are its own.</summary>
internal sealed class AuthorizationServer : IAsyncDisposable
{
    private const string Secret = "secret-of-the-client";

    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    private AuthorizationServer(WebApplication app) => _app = app;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<AuthorizationServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddLogging();
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            // Without a database: what would be looked up there is said here.
            options.EnableDegradedMode();
            options.SetTokenEndpointUris("/connect/token").AllowClientCredentialsFlow();
            options.AddEphemeralEncryptionKey().AddEphemeralSigningKey().DisableAccessTokenEncryption();
            options.RegisterScopes("dtmcp.read", "other");
            options.UseAspNetCore().DisableTransportSecurityRequirement();
            options.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientSecret != Secret)
                {
                    context.Reject(OpenIddictConstants.Errors.InvalidClient);
                }

                return default;
            }));
            options.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                var identity = new ClaimsIdentity("client");
                identity.SetClaim(OpenIddictConstants.Claims.Subject, context.ClientId);
                identity.SetScopes(context.Request.GetScopes());
                identity.SetResources((string?)context.Request.GetParameter("for") ?? "");
                context.SignIn(new ClaimsPrincipal(identity));
                return default;
            }));
        });
        var app = builder.Build();
        app.UseAuthentication();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new AuthorizationServer(app);
    }

    /// <summary>What it tells of itself.</summary>
    public async Task<JsonElement> DiscoverAsync(string issuer) => JsonElement.Parse(await _http.GetStringAsync(
        new Uri(issuer.TrimEnd('/') + "/.well-known/openid-configuration"), TestContext.Current.CancellationToken));

    /// <summary>A token as a client gets it.</summary>
    public async Task<string> TokenAsync(string endpoint, string resource, string scope)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "soc-assistant",
            ["client_secret"] = Secret,
            ["scope"] = scope,
            ["for"] = resource,
        });
        using var response = await _http.PostAsync(new Uri(endpoint), form, TestContext.Current.CancellationToken);
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return answer.GetProperty("access_token").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
