using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;

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

    /// <summary>What rows are for a question.</summary>
    public static Gathered FromRows(Ask ask, Capture capture) => new()
    {
        Evidence = capture.Evidence,
        Rows = capture,
        ReadAt = capture.ReadAt,
        Window = new TimeWindow(ask.Window.StartMs, Math.Max(ask.Window.StartMs, Math.Min(ask.Window.EndMs, capture.Key.Window.EndMs))),
        ConnectionsRead = capture.Flows!.Count,
        AtLeast = capture.AtLeast,
        Notes = [.. capture.Notes, .. Caveats.OfRows(capture.Flows), .. OfApplication(ask, capture)],
    };

    private static IEnumerable<string> OfApplication(Ask ask, Capture capture) =>
        capture.Flows!.HasServices && Caveats.OfApplication(ask.Filters.ApplicationProtocol, capture.Flows) is { } note ? [note] : [];
}
