using System.Net;
using System.Net.Sockets;
using DtMcp.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OpenTelemetry.Metrics;

namespace DtMcp.Serving.Telemetry;

/// <summary>
/// The metrics as Prometheus reads them, at an address of its own: who may read them is not who may ask. There is nothing else there.
/// </summary>
internal sealed class ScrapePage : IAsyncDisposable
{
    public const string Place = "/metrics";

    private readonly WebApplication _app;

    private ScrapePage(WebApplication app) => _app = app;

    public string Address =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + Place;

    /// <exception cref="SetupException">It cannot listen there.</exception>
    public static async Task<ScrapePage> StartAsync(MeterProvider metrics, IPEndPoint at, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = 64;
            kestrel.Listen(at);
        });
        var app = builder.Build();
        app.Use(next => context =>
        {
            // A page in a browser does not read it under a name that it made up.
            if (IPAddress.IsLoopback(at.Address) && context.Request.Host.Host.Trim('[', ']') is not "localhost" and var host
                && !(IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            }

            return next(context);
        });
        app.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, predicate: null, Place, configureBranchedPipeline: null, optionsName: null);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new SetupException(
                $"The page for Prometheus cannot be served on {at}: {refused.Message.TrimEnd('.')}. Give a free port with " +
                "OTEL_EXPORTER_PROMETHEUS_PORT.");
        }

        return new ScrapePage(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }
}
