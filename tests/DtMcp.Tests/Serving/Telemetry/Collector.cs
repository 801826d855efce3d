using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace DtMcp.Tests.Serving.Telemetry;

/// <summary>A collector of OpenTelemetry that keeps what it is sent (OTLP over HTTP, protobuf).</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = [];
    private readonly WebApplication _app;

    private Collector(WebApplication app) => _app = app;

    /// <summary>Spans: trace 1, id 2, parent 4, name 5, attributes 9, status 15.</summary>
    public IReadOnlyList<ProtobufMessage> Spans => At("/v1/traces");

    /// <summary>Metrics: name 1, sum 7, histogram 9.</summary>
    public IReadOnlyList<ProtobufMessage> Metrics => At("/v1/metrics");

    /// <summary>Records of the log: level 3, body 5, attributes 6.</summary>
    public IReadOnlyList<ProtobufMessage> Logs => At("/v1/logs");

    /// <summary>Everything that was sent but the log, as text.</summary>
    public string All =>
        string.Concat(_received.Where(one => one.Path != "/v1/logs").Select(one => Encoding.Latin1.GetString(one.Body)));

    public string Address => _app.Urls.First();

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new Collector(app);
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            collector._received.Enqueue((context.Request.Path.Value!, body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>Has a program tell this one.</summary>
    public void Observe(ProcessStartInfo start)
    {
        start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address;
        start.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        start.Environment["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=tests";
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    // A resource, a scope, and what came of it, are fields 1, 2 and 2 of each of the three.
    private List<ProtobufMessage> At(string path) =>
        [.. _received.Where(one => one.Path == path).SelectMany(one => new ProtobufMessage(one.Body).At(1, 2, 2))];
}
