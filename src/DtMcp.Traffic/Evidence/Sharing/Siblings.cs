namespace DtMcp.Traffic.Evidence.Sharing;

/// <summary>
/// Two pieces of work at once, of which neither is of use alone: when one fails the other is cancelled, and both have ended before the
/// failure is thrown.
/// </summary>
internal static class Siblings
{
    public static async Task<(TFirst First, TSecond Second)> BothAsync<TFirst, TSecond>(
        Func<CancellationToken, Task<TFirst>> first, Func<CancellationToken, Task<TSecond>> second, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var one = first(stop.Token);
        var other = second(stop.Token);
        var ended = await Task.WhenAny(one, other).ConfigureAwait(false);
        if (!ended.IsCompletedSuccessfully)
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }

        await ((Task)one).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((Task)other).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended.ConfigureAwait(false);
        return (await one.ConfigureAwait(false), await other.ConfigureAwait(false));
    }
}
