using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence.NameEntries;

/// <summary>Finds the names of a window in the history, where it has them from the window's start on without a hole.</summary>
internal sealed class CollectedNames(HistoryPresence presence, InvestigatorOptions options)
{
    /// <summary>What is held of a window; null where the appliance is to be asked for all of it.</summary>
    /// <returns>And why, where the history is away.</returns>
    public async Task<(HeldNames? Held, HistoryAwayException? Away)> FindAsync(TimeWindow window, CancellationToken cancellationToken)
    {
        if (options.Evidence == EvidencePolicy.Network)
        {
            return (null, null);
        }

        try
        {
            var held = await presence.SpanAsync(window, isWished: false, cancellationToken).ConfigureAwait(false);
            var span = held.WithNames;

            // What came later is read from the appliance, as long as that is the smaller part.
            var covered = span.CoveredTo(window);
            var isEnough = window.EndMs - covered <= covered - window.StartMs;
            return (isEnough ? new HeldNames(presence.History, span, window, covered) : null, null);
        }
        catch (HistoryAwayException away)
        {
            return (null, away);
        }
    }

    /// <summary>Notes that it did not answer.</summary>
    public HistoryAwayException NoteAway(HistoryAwayException away) => presence.Note(away);
}

/// <summary>The names that the history holds of a window.</summary>
internal sealed class HeldNames(IHistory history, HistorySpan span, TimeWindow window, long covered)
{
    private readonly TimeWindow _held = new(window.StartMs, covered);

    /// <summary>What is to be asked of the appliance: what came since; null where all is held.</summary>
    public TimeWindow? Late => covered < window.EndMs ? new TimeWindow(covered + 1, window.EndMs) : null;

    /// <summary>Since when it was collected.</summary>
    public string Told => HistoryReader.Told(span.Within(_held), covered, window, isCounted: false);

    /// <summary>The newest entries of a search, the newest first.</summary>
    public Task<IReadOnlyList<NameRecord>> NewestAsync(NameSearch search, int most, CancellationToken cancellationToken) =>
        history.NamesAsync(span.Within(_held), search with { Window = _held }, most, cancellationToken);

    /// <summary>How many entries a search finds.</summary>
    public Task<long> CountAsync(NameSearch search, CancellationToken cancellationToken) =>
        history.CountNamesAsync(span.Within(_held), search with { Window = _held }, cancellationToken);

    /// <summary>How often others than some devices looked names up or called them; a name that nobody used is left out.</summary>
    public Task<IReadOnlyDictionary<string, long>> OfOthersAsync(
        IReadOnlyList<NetAddress> than, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        history.NamesOfOthersAsync(span.Within(_held), _held, than, names, cancellationToken);
}
