using System.Net.Sockets;
using DtMcp.Configuration;
using DtMcp.Running;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace DtMcp.Serving;

/// <summary>The MCP server on Streamable HTTP, stateless (both eras of the protocol), with two probes beside it.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    public const string Endpoint = "/mcp";

    // A call's arguments are a few hundred bytes.
    private const long MaxRequestBytes = 1 << 20;

    private readonly WebApplication _app;

    private HttpServer(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the ports it got.</summary>
    public IReadOnlyList<string> Addresses =>
        [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <param name="runner">What answers.</param>
    /// <param name="listen">Where to listen.</param>
    /// <param name="bearerToken">What its clients must have; null for none.</param>
    /// <param name="loggers">The log.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <param name="more">What is served beside DtMcp's own: the conformance suite has tools of its own.</param>
    /// <exception cref="SetupException">It cannot listen there, or may not: beyond loopback only with a bearer token.</exception>
    public static async Task<HttpServer> StartAsync(IToolRunner runner, ListenAddress listen, string? bearerToken, ILoggerFactory loggers,
        CancellationToken cancellationToken, Action<McpServerOptions>? more = null)
    {
        if (!listen.IsLoopback && bearerToken is null)
        {
            throw new SetupException(
                $"serve listens beyond loopback only with a bearer token. Set {OptionCatalog.BearerToken.Name}{OptionCatalog.FileSuffix} " +
                $"(or {OptionCatalog.BearerToken.Name}), or listen on 127.0.0.1.");
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            foreach (var point in listen.Points)
            {
                kestrel.Listen(point);
            }
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.Services.AddMcpServer(options =>
        {
            new ToolServer(runner).Configure(options);
            more?.Invoke(options);
        }).WithHttpTransport(http =>
            http.SessionMode = HttpServerSessionMode.Stateless);

        var app = builder.Build();
        var guard = new HttpGuard(listen.IsLoopback, bearerToken);
        app.Use(next => context => guard.CheckAsync(context, next));
        app.Use(next => context => HttpMessages.CheckAsync(context, next));
        app.MapGet("/healthz", () => "ok");
        app.MapGet("/readyz",
            (IHostApplicationLifetime life) =>
                life.ApplicationStopping.IsCancellationRequested
                    ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
                    : Results.Text("ok"));
        app.MapMcp(Endpoint);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new SetupException(
                $"serve cannot listen on {string.Join(", ", listen.Points)}: {refused.Message.TrimEnd('.')}. Give an address of this " +
                $"machine and a free port with --urls.");
        }

        return new HttpServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
