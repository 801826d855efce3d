namespace DtMcp.Traffic.Queries;

/// <summary>
/// Where the hours, days and other steps begin that times fall into, by the clock of a zone. Days are those of its calendar: one that the
/// clock changes in has 23 or 25 hours. Steps up to an hour have their length always. Keeps the last offset: one instance, one thread.
/// </summary>
/// <param name="lengthMs">The length of a step.</param>
/// <param name="zone">The zone.</param>
internal sealed class TimeSteps(long lengthMs, TimeZoneInfo zone)
{
    private const long HourMs = 3_600_000;

    // Clocks change at full quarters of an hour of UTC.
    private const long QuarterMs = 900_000;

    // Years 2 to 9998: beyond, no calendar has a day to each side.
    private const long FirstMs = -62_104_060_800_000;
    private const long LastMs = 253_370_764_800_000;

    private readonly bool _isUtc = zone.Equals(TimeZoneInfo.Utc);
    private long _quarter = long.MinValue;
    private long _offset;

    /// <summary>The start of the step that a time falls into, both in milliseconds since 1970.</summary>
    public long StartOf(long time)
    {
        if (_isUtc)
        {
            return time - Past(time, lengthMs);
        }

        var offset = OffsetAt(time);
        var onTheWall = time + offset;
        onTheWall -= Past(onTheWall, lengthMs);
        return onTheWall - (lengthMs <= HourMs ? offset : OffsetAt(onTheWall - offset));
    }

    private long OffsetAt(long time)
    {
        var quarter = time - Past(time, QuarterMs);
        if (quarter != _quarter)
        {
            _quarter = quarter;
            _offset = quarter is > FirstMs and < LastMs
                ? (long)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(quarter)).TotalMilliseconds
                : (long)zone.BaseUtcOffset.TotalMilliseconds;
        }

        return _offset;
    }

    private static long Past(long time, long length) => ((time % length) + length) % length;
}
