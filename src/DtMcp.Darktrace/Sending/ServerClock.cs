namespace DtMcp.Darktrace.Sending;

/// <summary>The Date header of the last answer: the appliance's clock, in whole seconds.</summary>
internal sealed class ServerClock
{
    private long _ticks;

    internal DateTimeOffset? Last => Interlocked.Read(ref _ticks) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    internal void Saw(DateTimeOffset? date)
    {
        if (date is { } seen)
        {
            Interlocked.Exchange(ref _ticks, seen.UtcTicks);
        }
    }
}
