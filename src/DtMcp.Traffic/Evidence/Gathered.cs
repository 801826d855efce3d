using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Evidence;

/// <summary>The evidence for one question.</summary>
internal sealed record Gathered
{
    public required EvidenceKind Evidence { get; init; }

    /// <summary>Rows, or null.</summary>
    public Capture? Rows { get; init; }

    public ConnectivityHalves? Tables { get; init; }

    public Series? Series { get; init; }

    public DateTimeOffset ReadAt { get; init; }

    /// <summary>What was really read, when it differs from the window asked (a capture a moment old).</summary>
    public TimeWindow Window { get; init; }

    public long? ConnectionsRead { get; init; }

    /// <summary>Whether a part of the appliance did not answer: totals are at least what they say.</summary>
    public bool AtLeast { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];
}
