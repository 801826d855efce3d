using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DtMcp.Serving.Telemetry;

/// <summary>The MCP SDK's own metrics (<c>mcp.server.operation.duration</c> and the like), told again with known names only.</summary>
internal sealed class ProtocolMeter : IDisposable
{
    public const string Name = "DtMcp.Protocol";

    // As the SDK has them, by the conventions of MCP.
    private static readonly InstrumentAdvice<double> Bounds = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
    };

    private readonly Meter _meter = new(Name);
    private readonly MeterListener _listener = new();

    public ProtocolMeter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // In this process the SDK's client may be there too, in tests; it is not ours to tell of.
            if (instrument is Histogram<double> { Meter.Name: ProtocolNames.Sdk }
                && instrument.Name.StartsWith("mcp.server.", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument,
                    _meter.CreateHistogram(instrument.Name, instrument.Unit, instrument.Description, advice: Bounds));
            }
        };
        _listener.SetMeasurementEventCallback<double>(Tell);
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    private static void Tell(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels, object? state)
    {
        var known = default(TagList);
        foreach (var (key, told) in labels)
        {
            if (ProtocolNames.Known(key, told) is { } name)
            {
                known.Add(key, name);
            }
        }

        ((Histogram<double>)state!).Record(value, known);
    }
}
