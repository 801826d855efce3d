using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Network;

/// <summary>
/// One point of the <c>metric</c>+<c>data[]</c> answer: a device and an interval. <see cref="Host"/> is an id of
/// <see cref="Series.Hosts"/>.
/// </summary>
public readonly record struct SeriesPoint(long TimeMs, int Host, long BytesIn, long BytesOut, long? PacketsIn, long? PacketsOut,
    long? Connections);

/// <summary>Bytes in and out over time, by device.</summary>
public sealed record Series
{
    public required string Metric { get; init; }

    public required HostTable Hosts { get; init; }

    public required IReadOnlyList<SeriesPoint> Points { get; init; }

    /// <summary>Values that were not usable as they came.</summary>
    public InvalidValues Invalid { get; init; } = new();

    /// <summary>Bytes of memory.</summary>
    public long Size => (Points.Count * 144L) + Hosts.Size;
}
