using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Requests;

/// <summary>A question to <c>GET /metricdata</c>: bytes or events over time. Absent filters are null.</summary>
public sealed record MetricDataQuery
{
    /// <summary>
    /// Names of metrics, at least one: one goes out as <c>metric</c>, several as <c>metric1</c>, <c>metric2</c> and so on.
    /// </summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    public TimeWindow? Window { get; init; }

    public long? Did { get; init; }

    /// <summary>The device at the other end, where it is the destination.</summary>
    public long? Ddid { get; init; }

    /// <summary>The device at the other end, either way.</summary>
    public long? Odid { get; init; }

    public int? Port { get; init; }

    public int? SourcePort { get; init; }

    public int? DestinationPort { get; init; }

    public string? Protocol { get; init; }

    public string? ApplicationProtocol { get; init; }

    /// <summary>Seconds a point, at least 1; the appliance takes 60 and groups by the maximum, not the sum.</summary>
    public int? IntervalSeconds { get; init; }
}
