namespace DtMcp.Darktrace.Values;

/// <summary>A span of time in milliseconds since 1970, UTC, both ends inclusive. A connection belongs to a window by its start.</summary>
public readonly record struct TimeWindow
{
    public TimeWindow(long startMs, long endMs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startMs, endMs);
        StartMs = startMs;
        EndMs = endMs;
    }

    public long StartMs { get; }

    public long EndMs { get; }

    /// <summary>Length in milliseconds; a window of one millisecond has length 1.</summary>
    public long LengthMs => EndMs - StartMs + 1;

    public bool Contains(TimeWindow other) => StartMs <= other.StartMs && other.EndMs <= EndMs;
}
