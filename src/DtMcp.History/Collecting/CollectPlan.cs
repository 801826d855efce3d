using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.History.Collecting;

/// <summary>
/// Which hours are due: those that are not there, and those that late entries may have come to since. The newest first, so that what was
/// last is known soon.
/// </summary>
internal static class CollectPlan
{
    /// <summary>An hour is asked for so long after its end: entries are put into the index a little later than a connection ends.</summary>
    public static readonly TimeSpan Settles = TimeSpan.FromMinutes(2);

    /// <summary>
    /// So long after its end an hour is looked at again. An entry is put into the index when its connection has ended, and searches reach a
    /// day ahead for those.
    /// </summary>
    private static readonly TimeSpan[] Again = [TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromHours(24)];

    /// <param name="known">The hours that are there.</param>
    /// <param name="fromMs">The first time that is wanted.</param>
    /// <param name="nowMs">Now.</param>
    public static IEnumerable<DueHour> Due(IReadOnlyList<HistoryHour> known, long fromMs, long nowMs)
    {
        var there = known.ToDictionary(static hour => hour.StartMs);
        var last = HourOf(nowMs - (long)Settles.TotalMilliseconds) - HistoryHour.LengthMs;
        for (var start = last; start >= HourOf(fromMs); start -= HistoryHour.LengthMs)
        {
            if (!there.TryGetValue(start, out var hour))
            {
                yield return new DueHour(start, null);
            }
            else if (IsDueAgain(hour, nowMs))
            {
                yield return new DueHour(start, hour);
            }
        }
    }

    public static long HourOf(long timeMs) =>
        timeMs - (((timeMs % HistoryHour.LengthMs) + HistoryHour.LengthMs) % HistoryHour.LengthMs);

    private static bool IsDueAgain(HistoryHour hour, long nowMs) => Array.Exists(Again, after =>
        hour.EndMs + (long)after.TotalMilliseconds is var at && hour.CollectedMs < at && at <= nowMs);
}

/// <summary>An hour that is due.</summary>
/// <param name="StartMs">Its start.</param>
/// <param name="Known">What is there of it, to be looked at again; null where nothing is.</param>
internal sealed record DueHour(long StartMs, HistoryHour? Known);
