namespace DtMcp.Simulator.Setup;

/// <summary>The appliance's clock: another time of day, the same speed or standing still. Timers and stopwatches run on.</summary>
internal sealed class SimulatorClock : TimeProvider
{
    private readonly TimeProvider _inner;
    private readonly DateTimeOffset _start;
    private readonly DateTimeOffset _innerStart;
    private readonly bool _runs;

    private SimulatorClock(DateTimeOffset start, TimeProvider inner, bool runs) =>
        (_start, _inner, _innerStart, _runs) = (start, inner, inner.GetUtcNow(), runs);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => _inner.TimestampFrequency;

    /// <summary>What it would show if it had run since the start.</summary>
    public DateTimeOffset Running => _start + (_inner.GetUtcNow() - _innerStart);

    /// <summary>A clock that shows this time now.</summary>
    public static SimulatorClock StartingAt(DateTimeOffset now, TimeProvider inner) => new(now, inner, runs: true);

    /// <summary>A clock that always shows this time.</summary>
    public static SimulatorClock StandingAt(DateTimeOffset now, TimeProvider inner) => new(now, inner, runs: false);

    public override DateTimeOffset GetUtcNow() => _runs ? Running : _start;

    public override long GetTimestamp() => _inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _inner.CreateTimer(callback, state, dueTime, period);
}
