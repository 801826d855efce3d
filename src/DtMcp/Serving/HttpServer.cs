using System.Net.Sockets;
using DtMcp.Configuration;
using DtMcp.Darktrace.Sending;
using DtMcp.Running;
using DtMcp.Serving.Access;
using DtMcp.Serving.Auditing;
using DtMcp.Serving.Limits;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace DtMcp.Serving;

/// <summary>The MCP server on Streamable HTTP, stateless (both eras of the protocol), with two probes beside it.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    public const string Endpoint = "/mcp";

    public const string Alive = "/healthz";

    public const string Ready = "/readyz";

    // A call's arguments are a few hundred bytes.
    private const long MaxRequestBytes = 1 << 20;

    // An idle connection costs some 10 KiB; a browser or gateway holds a handful.
    private const long MostConnections = 4_096;

    private readonly WebApplication _app;
    private readonly CallLimits _limits;
    private readonly TimeProvider _clock;
    private int _stopped;

    private HttpServer(WebApplication app, CallLimits limits, TimeProvider clock) => (_app, _limits, _clock) = (app, limits, clock);

    /// <summary>Where it listens, with the ports it got.</summary>
    public IReadOnlyList<string> Addresses =>
        [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <param name="runner">What answers.</param>
    /// <param name="listen">Where to listen.</param>
    /// <param name="options">Who may ask.</param>
    /// <param name="clock">When files and keys are due to be read again.</param>
    /// <param name="loggers">The log.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <param name="audit">Keeps a line for each call; null for none.</param>
    /// <param name="ready">Whether an appliance answers, for <c>/readyz</c>; null where that is not asked.</param>
    /// <param name="more">What is served beside DtMcp's own: the conformance suite has tools of its own.</param>
    /// <exception cref="SetupException">It cannot listen there, or may not: beyond loopback only when it knows who asks.</exception>
    public static async Task<HttpServer> StartAsync(IToolRunner runner, ListenAddress listen, ServingOptions options, TimeProvider clock,
        ILoggerFactory loggers, CancellationToken cancellationToken, AuditLog? audit = null, Action<McpServerOptions>? more = null,
        Func<CancellationToken, Task<bool>>? ready = null)
    {
        listen.Check(options);
        var access = Accesses.Open(options, clock, loggers);
        var certificate = options.Tls is { } tls
            ? ServerCertificate.Open(tls.CertFile, tls.KeyFile, clock, loggers.CreateLogger("DtMcp.Access"))
            : null;

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Limits.RequestHeadersTimeout = options.Limits.Incoming;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            foreach (var point in listen.Points)
            {
                kestrel.Listen(point.At, endpoint =>
                {
                    if (point.IsTls)
                    {
                        endpoint.UseHttps(new TlsHandshakeCallbackOptions
                        {
                            OnConnection = _ => ValueTask.FromResult(certificate!.Current),
                        });
                    }
                });
            }
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();

        // One for all: each request has a server and options of its own.
        IToolRunner bounded = new ReachRunner(new DeadlineRunner(runner, options.Limits.Answer, clock));
        var tools = new ToolServer(audit is null ? bounded : new AuditedRunner(bounded, audit, clock));
        builder.Services.AddMcpServer(server =>
        {
            tools.Configure(server);
            more?.Invoke(server);
        }).WithHttpTransport(http =>
            http.SessionMode = HttpServerSessionMode.Stateless);

        var app = builder.Build();
        var limits = new CallLimits(options.Limits, clock);
        var guard = new HttpGuard(listen.IsLoopback, options, access);
        Configure(app, guard, CursorKeys.Open(options, clock, loggers.CreateLogger("DtMcp.Access")), limits, options, audit, clock);
        MapProbes(app, limits, ready);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new SetupException(
                $"serve cannot listen on {string.Join(", ", listen.Points.Select(point => point.At))}: {refused.Message.TrimEnd('.')}. " +
                "Give an address of this machine and a free port with --urls.");
        }

        return new HttpServer(app, limits, clock);
    }

    private static void Configure(
        WebApplication app, HttpGuard guard, Func<CursorKeys> keys, CallLimits limits, ServingOptions options, AuditLog? audit,
        TimeProvider clock)
    {
        app.Use(next => context =>
        {
            PeerAddress.Keep(context);
            return next(context);
        });
        if (options.Proxies.Ranges.Count > 0)
        {
            app.UseForwardedHeaders(Forwarded(options.Proxies));
        }

        if (audit is not null)
        {
            var refused = new AuditedRefusals(audit, clock);
            app.Use(next => context => refused.CheckAsync(context, next));
        }

        app.Use(next => context => guard.CheckAsync(context, next));
        app.Use(next => context =>
        {
            Caller.Keep(context);
            var user = context.User.Identity?.Name;
            Asker.Enter(new Asker(context.Features.Get<Reach>() ?? Reach.Everything, keys().Of(user ?? "")));
            // Users share the appliance fairly.
            Lane.Enter(user is null ? null : Lane.Of(user));
            return next(context);
        });
        var limited = new LimitedCalls(limits);
        app.Use(next => context => limited.CheckAsync(context, next));
        app.Use(next => context => HttpMessages.CheckAsync(context, next, options.Limits.Incoming));
        if (options.OAuth is { } oauth)
        {
            var metadata = new ProtectedResource(oauth).Document;
            app.MapGet(ProtectedResource.Place + "/{**resource}", async context =>
            {
                context.Response.ContentType = "application/json";
                await context.Response.BodyWriter.WriteAsync(metadata, context.RequestAborted);
            });
        }

        app.MapMcp(Endpoint);
    }

    private static void MapProbes(WebApplication app, CallLimits limits, Func<CancellationToken, Task<bool>>? ready)
    {
        app.MapGet(Alive, () => "ok");
        app.MapGet(Ready, async context =>
        {
            var isEnding = limits.IsDraining || app.Lifetime.ApplicationStopping.IsCancellationRequested;
            var isAsked = ready is not null && context.Request.Query["exclude"] != "appliance";
            var isReady = !isEnding && (!isAsked || await ready!(context.RequestAborted));
            context.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(
                isReady ? "ok" : isEnding ? "about to end" : "no appliance answers", context.RequestAborted);
        });
    }

    // What proxies say of the request, as far back as each is one that is believed.
    private static ForwardedHeadersOptions Forwarded(AddressList proxies)
    {
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var range in proxies.Ranges)
        {
            forwarded.KnownIPNetworks.Add(range);
        }

        return forwarded;
    }

    /// <summary>
    /// Takes no more requests and waits for those that run, for <paramref name="grace"/> at most; then those that are left are given up.
    /// </summary>
    public async Task DrainAsync(TimeSpan grace)
    {
        using var ending = new CancellationTokenSource(grace, _clock);
        await _limits.DrainAsync().WaitAsync(ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ending.IsCancellationRequested)
        {
            await StopAsync(new CancellationToken(true));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task StopAsync(CancellationToken atOnce)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            await _app.StopAsync(atOnce).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
