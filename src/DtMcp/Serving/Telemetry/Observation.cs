using System.Diagnostics.Metrics;
using DtMcp.Configuration;
using DtMcp.Darktrace;
using DtMcp.History;
using DtMcp.Replicas;
using DtMcp.Running;
using DtMcp.Traffic.Observing;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DtMcp.Serving.Telemetry;

/// <summary>
/// What is told of the program to a collector or to Prometheus, while this lives. Nothing of it is loaded unless somebody asks: start-up is
/// part of every conversation on stdio.
/// </summary>
internal sealed class Observation : IAsyncDisposable
{
    // A collector that is away must not hold up the end of a program for longer.
    private const int LastWordsMs = 3_000;

    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;
    private readonly ILoggerFactory? _logs;
    private readonly ProtocolMeter _protocol;
    private readonly Meter _captures;
    private readonly ScrapePage? _page;

    private Observation(TracerProvider? traces, MeterProvider? metrics, ILoggerFactory? logs, ProtocolMeter protocol, Meter captures,
        ScrapePage? page) =>
        (_traces, _metrics, _logs, _protocol, _captures, _page) = (traces, metrics, logs, protocol, captures, page);

    /// <summary>Where Prometheus reads; null for nowhere.</summary>
    public string? Scraped => _page?.Address;

    /// <param name="options">Where to; null for nowhere, and nothing is done.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    public static async Task<Observation?> StartAsync(ObservingOptions? options, CancellationToken cancellationToken)
    {
        if (options is null)
        {
            return null;
        }

        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(options.Values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
        var protocol = new ProtocolMeter();
        var captures = new Meter(KeptCaptures.Name);
        var traces = options.Traces ? Traces(configuration) : null;
        var metrics = options.Metrics || options.Scrape is not null ? Metrics(configuration, options) : null;
        var logs = options.Logs ? Logs(configuration) : null;
        var page = options.Scrape is { } at ? await ScrapePage.StartAsync(metrics!, at, cancellationToken) : null;
        return new Observation(traces, metrics, logs, protocol, captures, page);
    }

    /// <summary>Sends what is logged too: in the words that are safe for stderr, and of what was thrown its type alone.</summary>
    public void Hear(ErrorLog log)
    {
        if (_logs is { } sent)
        {
            log.Also = (level, category, line, thrown) => sent.CreateLogger(category).Log(level, default,
                thrown is null ? [] : new KeyValuePair<string, object?>[] { new("exception.type", thrown.GetType().FullName) },
                null, (_, _) => line);
        }
    }

    /// <summary>Tells of what the investigators keep.</summary>
    public void Watch(Investigators investigators) => KeptCaptures.Tell(_captures, investigators);

    public async ValueTask DisposeAsync()
    {
        if (_page is not null)
        {
            await _page.DisposeAsync();
        }

        await Task.WhenAll(
            Task.Run(() => _traces?.Shutdown(LastWordsMs)),
            Task.Run(() => _metrics?.Shutdown(LastWordsMs)),
            Task.Run(() => _logs?.Dispose()));
        _protocol.Dispose();
        _captures.Dispose();
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static TracerProvider Traces(IConfiguration configuration) => Sdk.CreateTracerProviderBuilder()
        .ConfigureServices(services => services.AddSingleton(configuration))
        .ConfigureResource(Resource)
        .AddSource(ProtocolNames.Sdk, DarktraceClient.ObservedAs, TrafficInstruments.Name, "Microsoft.AspNetCore")
        .AddProcessor(new SpanCleaning())
        .AddOtlpExporter()
        .Build();

    private static MeterProvider Metrics(IConfiguration configuration, ObservingOptions options)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(Resource)
            .AddMeter(ProtocolMeter.Name, DarktraceClient.ObservedAs, TrafficInstruments.Name, KeptCaptures.Name, ReplicaSharing.ObservedAs,
                Collector.ObservedAs, "Microsoft.AspNetCore.Hosting", "System.Runtime");
        if (options.Metrics)
        {
            builder.AddOtlpExporter();
        }

        if (options.Scrape is not null)
        {
            builder.AddPrometheusExporter();
        }

        return builder.Build();
    }

    private static ILoggerFactory Logs(IConfiguration configuration) => LoggerFactory.Create(logging =>
    {
        logging.Services.AddSingleton(configuration);
        // What is below the level of the settings does not come here.
        logging.SetMinimumLevel(LogLevel.Trace);
        logging.AddOpenTelemetry(log =>
        {
            var resource = ResourceBuilder.CreateEmpty();
            Resource(resource);
            log.SetResourceBuilder(resource);
            log.IncludeFormattedMessage = true;
            log.AddOtlpExporter();
        });
    });

    // The host's name is not told: OTEL_RESOURCE_ATTRIBUTES can say it.
    private static void Resource(ResourceBuilder resource) => resource.Clear()
        .AddService("dtmcp", serviceVersion: ProgramVersion.Text)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}
