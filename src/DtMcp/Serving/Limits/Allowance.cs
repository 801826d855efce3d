namespace DtMcp.Serving.Limits;

/// <summary>
/// A minute's requests, coming back as time goes by (a token bucket): a burst is as good as an even flow. Not for many threads at once.
/// </summary>
/// <param name="rate">Requests a minute; 0 for any.</param>
/// <param name="clock">Goes by.</param>
internal sealed class Allowance(int rate, TimeProvider clock)
{
    private const double Minute = 60;

    private double _left = rate;
    private long _at = clock.GetTimestamp();

    /// <summary>Seconds until one may be taken, rounded up; 0 for now.</summary>
    public int SecondsToWait()
    {
        if (rate == 0)
        {
            return 0;
        }

        Refill();
        return _left >= 1 ? 0 : (int)Math.Ceiling((1 - _left) * Minute / rate);
    }

    public void Take() => _left--;

    public bool IsWhole()
    {
        Refill();
        return _left >= rate;
    }

    private void Refill()
    {
        var now = clock.GetTimestamp();
        _left = Math.Min(rate, _left + (clock.GetElapsedTime(_at, now).TotalSeconds * rate / Minute));
        _at = now;
    }
}
