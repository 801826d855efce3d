using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Evidence.Collected;

/// <summary>
/// The history of one appliance as all know it who ask: one that did not answer is not waited for by every question, but left alone for
/// half a minute.
/// </summary>
internal sealed class HistoryPresence(IHistory history, string appliance, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private volatile Absence? _away;

    /// <summary>What is asked once it is known what it holds.</summary>
    public IHistory History => history;

    /// <summary>What it holds of the hours that a window touches.</summary>
    /// <param name="window">The window.</param>
    /// <param name="isWished">Whether the history was asked for: then it is asked though it was away a moment ago.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="HistoryAwayException">It does not answer, or did not lately.</exception>
    public async Task<HistorySpan> SpanAsync(TimeWindow window, bool isWished, CancellationToken cancellationToken)
    {
        if (!isWished && _away is { } last && time.GetUtcNow() < last.Until)
        {
            throw new HistoryAwayException(last.Why.Happened, last.Why.Remedy);
        }

        try
        {
            var span = await history.SpanAsync(appliance, window, cancellationToken).ConfigureAwait(false);
            _away = null;
            return span;
        }
        catch (HistoryAwayException away)
        {
            throw Note(away);
        }
    }

    /// <summary>Notes that it did not answer.</summary>
    public HistoryAwayException Note(HistoryAwayException away)
    {
        _away = new Absence(time.GetUtcNow() + Patience, away);
        return away;
    }

    private sealed record Absence(DateTimeOffset Until, HistoryAwayException Why);
}
