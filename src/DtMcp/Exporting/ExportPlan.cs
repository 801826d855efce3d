using DtMcp.Darktrace.Values;

namespace DtMcp.Exporting;

/// <summary>Which hours of a window are to be read.</summary>
internal static class ExportPlan
{
    private const long HourMs = 3_600_000;

    /// <summary>Entries are put into the index a little later than a connection ends: an hour read sooner is not whole.</summary>
    private static readonly TimeSpan Settles = TimeSpan.FromMinutes(2);

    /// <summary>
    /// An hour that was read sooner after its end is read once more then: an entry is put into the index when its connection has ended, and
    /// searches reach a day ahead for those.
    /// </summary>
    private static readonly TimeSpan Late = TimeSpan.FromHours(24);

    /// <summary>The hours that a window touches, whole, the oldest first; one that has not ended goes up to now.</summary>
    public static IEnumerable<TimeWindow> Hours(TimeWindow window, long nowMs)
    {
        for (var start = HourOf(window.StartMs); start <= Math.Min(window.EndMs, nowMs); start += HourMs)
        {
            yield return new TimeWindow(start, Math.Min(start + HourMs - 1, nowMs));
        }
    }

    /// <summary>Whether what is known of an hour is not enough.</summary>
    public static bool IsDue(TimeWindow hour, ExportSlice? known, long nowMs)
    {
        if (known?.File is null)
        {
            return true;
        }

        var end = HourOf(hour.StartMs) + HourMs;
        var readAt = known.ReadAt.ToUnixTimeMilliseconds();
        return readAt < end + (long)Settles.TotalMilliseconds
            || (readAt < end + (long)Late.TotalMilliseconds && nowMs >= end + (long)Late.TotalMilliseconds);
    }

    private static long HourOf(long timeMs) => timeMs - (((timeMs % HourMs) + HourMs) % HourMs);
}
