using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.History.Schema;

/// <summary>What was noted of hours: each time that one was looked at, which part counts for it from then on.</summary>
internal static class PartNotes
{
    /// <summary>The part that counts for each hour: the one noted last. In order of time.</summary>
    public static IReadOnlyList<HistoryHour> Counting(IEnumerable<HistoryHour> notes) =>
    [
        .. notes.GroupBy(static note => note.StartMs).Select(static same => InOrder(same)[^1]).OrderBy(static hour => hour.StartMs),
    ];

    /// <summary>
    /// The parts that may still be read: those that count, and those that were replaced so lately that an answer begun before may be
    /// under way.
    /// </summary>
    /// <param name="notes">All notes.</param>
    /// <param name="sinceMs">Who began before is not waited for.</param>
    public static IReadOnlySet<ulong> Read(IEnumerable<HistoryHour> notes, long sinceMs) =>
        notes.GroupBy(static note => note.StartMs).Select(InOrder).SelectMany(same => same.Where((note, at) =>
            same.Skip(at + 1).FirstOrDefault(later => later.Part != note.Part) is not { } next || next.CollectedMs > sinceMs))
            .Select(static note => note.Part).ToHashSet();

    private static List<HistoryHour> InOrder(IEnumerable<HistoryHour> same) =>
        [.. same.OrderBy(static note => note.CollectedMs).ThenBy(static note => note.Part)];
}
