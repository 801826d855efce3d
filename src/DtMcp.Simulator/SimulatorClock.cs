namespace DtMcp.Simulator;

/// <summary>The appliance's clock: another time of day, the same speed.</summary>
internal sealed class SimulatorClock(TimeProvider inner, TimeSpan offset) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <summary>A clock that shows this time now.</summary>
    public static SimulatorClock StartingAt(DateTimeOffset now, TimeProvider inner) => new(inner, now - inner.GetUtcNow());

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + offset;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
