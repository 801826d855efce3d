using DtMcp.Darktrace.Values;

namespace DtMcp.Tools.Arguments;

/// <summary>The present, and how a zone's clocks show times. Pure: the present is read once a question.</summary>
internal sealed record ZoneClock(DateTimeOffset Now, TimeZoneInfo Zone)
{
    public long NowMs => Now.ToUnixTimeMilliseconds();

    /// <summary>The date on the zone's calendar.</summary>
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, Zone).DateTime);

    /// <summary>The instant at which the clock shows a time first; of one that it skips, one soon after the skip.</summary>
    public long First(DateTime time) => Instant(time, (one, other) => one > other ? one : other);

    /// <summary>The instant at which the clock shows a time for the last time.</summary>
    public long Last(DateTime time) => Instant(time, (one, other) => one < other ? one : other);

    /// <summary>From the first millisecond of one day to the last before another.</summary>
    public TimeWindow Days(DateOnly first, DateOnly end) => new(StartOf(first), Math.Max(StartOf(first), StartOf(end) - 1));

    public long StartOf(DateOnly date) => First(date.ToDateTime(TimeOnly.MinValue));

    public long At(DateOnly date, int hour) => First(date.ToDateTime(new TimeOnly(hour, 0)));

    // Of an hour that comes twice the larger offset is the earlier instant.
    private long Instant(DateTime time, Func<TimeSpan, TimeSpan, TimeSpan> choose)
    {
        var offset = Zone.IsAmbiguousTime(time)
            ? Zone.GetAmbiguousTimeOffsets(time).Aggregate(choose)
            : Zone.GetUtcOffset(time);
        return (long)(time - DateTime.UnixEpoch - offset).TotalMilliseconds;
    }
}
