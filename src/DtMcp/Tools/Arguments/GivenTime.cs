using DtMcp.Darktrace.Values;

namespace DtMcp.Tools.Arguments;

/// <summary>
/// A point of time as given. A lone date, or a word for a span such as <c>yesterday</c>, means its first millisecond as a start and its
/// last as an end. A clock time without an offset is one of the asked zone.
/// </summary>
internal abstract record GivenTime
{
    /// <summary>An instant in milliseconds since 1970, whatever the zone.</summary>
    public sealed record Instant(long Ms) : GivenTime
    {
        public override TimeWindow In(ZoneClock clock) => new(Ms, Ms);
    }

    /// <summary>What a clock on the wall shows.</summary>
    public sealed record OnTheWall(DateTime Time) : GivenTime
    {
        // An hour that comes twice is meant whole: it starts with the first and ends with the second.
        public override TimeWindow In(ZoneClock clock) => new(clock.First(Time), clock.Last(Time));
    }

    /// <summary>A whole day.</summary>
    public sealed record Day(DateOnly Date) : GivenTime
    {
        // The last day of all has none after it.
        public override TimeWindow In(ZoneClock clock) =>
            new(clock.StartOf(Date), clock.Last(Date.ToDateTime(new TimeOnly(23, 59, 59, 999))));
    }

    /// <summary>A word for a span.</summary>
    public sealed record Word(TimeWord Span) : GivenTime
    {
        public override TimeWindow In(ZoneClock clock) => TimeWords.In(Span, clock);
    }

    /// <summary>The first and the last millisecond of it.</summary>
    public abstract TimeWindow In(ZoneClock clock);
}
