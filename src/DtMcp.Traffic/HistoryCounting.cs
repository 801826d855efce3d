using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Channels;
using DtMcp.Traffic.Queries.Collected;
using DtMcp.Traffic.Queries.Rows;
using DtMcp.Traffic.Queries.Rows.Selecting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic;

/// <summary>
/// Has the history count a long window for an analysis. What it cannot count, or holds too little of, is read as rows: then null.
/// </summary>
internal sealed class HistoryCounting(Gatherer gatherer, IHistory? history, InvestigatorOptions options)
{
    /// <summary>Whether there is a history to ask.</summary>
    public bool IsThere => history is not null;

    /// <summary>Fills an executor of rows, which is fresh; where this comes to null it is of no use any more.</summary>
    public Task<Counted?> TryAsync(Ask ask, RowExecutor executor, AnalysisSettings settings, List<string> notes,
        IProgress<AskProgress>? progress, CancellationToken cancellationToken) => history is null
            ? Task.FromResult<Counted?>(null)
            : TryAsync(ask, new HistoryFill(history, executor, settings, options.MaxHosts), notes, progress, cancellationToken);

    /// <summary>What fills the channels of a hunt.</summary>
    public IHistoryFill FillOf(ChannelBook book, AnalysisSettings settings) =>
        new ChannelFill(history!, book, settings, HuntRules.BeatsLow);

    /// <param name="ask">The question.</param>
    /// <param name="fill">Fills a fresh analysis.</param>
    /// <param name="notes">Hears why rows are read instead, where that was not to be expected.</param>
    /// <param name="progress">Hears of it.</param>
    /// <param name="cancellationToken">Stops it, on the server too.</param>
    public async Task<Counted?> TryAsync(
        Ask ask, IHistoryFill fill, List<string> notes, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        if (history is null || !Selections.CanSay(ask)
            || await gatherer.CountableAsync(ask, cancellationToken).ConfigureAwait(false) is not { } span)
        {
            return null;
        }

        try
        {
            return await AreFewAsync(ask, span, cancellationToken).ConfigureAwait(false)
                ? null
                : await CountAsync(ask, span, fill, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (NotCountedException)
        {
            return null;
        }
        catch (HistoryAwayException away)
        {
            notes.Add($"Rows were read, since the history did not count them: {away.Happened}");
            return null;
        }
    }

    // Each table of an answer is a pass over what is held. Where filters leave few rows, they are read, in one.
    private async Task<bool> AreFewAsync(Ask ask, HistorySpan span, CancellationToken cancellationToken)
    {
        var filters = RecordReader.Pushable(ask);
        if (filters == new NetworkQuery())
        {
            return false;
        }

        var rows = new HistorySelection
        {
            Span = span.Within(ask.Window),
            Search = RecordReader.Search(filters, ask.Window, filters.Did is null ? null : ask.Focus?.Addresses),
            Internal = options.Internal,
            HasNameless = false,
            Seen = FlowFields.State,
        };
        return (await history!.SumAsync(rows, [Terms.None], cancellationToken).ConfigureAwait(false))[0].Connections < options.CountedRows;
    }

    private async Task<Counted> CountAsync(Ask ask, HistorySpan span, IHistoryFill fill, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        var names = await gatherer.Tables.NamesAsync(ask, cancellationToken).ConfigureAwait(false);
        var filter = new RowFilter(ask, options.Internal, fill.Later);
        var overflow = new OverflowFeed(filter);
        HistorySelection? rows = null;
        var gathered = await gatherer.CountAsync(ask, span, names, overflow, TakeAsync, progress, cancellationToken).ConfigureAwait(false);
        var flows = gathered.Rows!.Flows!;
        fill.NoteNames(flows);
        if (!overflow.Happened)
        {
            RowFeed.Show(flows, filter, cancellationToken);
        }

        await fill.FinishAsync(rows!, flows, cancellationToken).ConfigureAwait(false);
        return new Counted(flows, gathered, fill.Selected);

        async Task TakeAsync(HistorySpan held, ConnSearch search, FlowSet into, IProgress<ReadProgress>? heard, CancellationToken token)
        {
            var sides = await history!.SidesAsync(held, options.Internal, token).ConfigureAwait(false);
            rows = Selections.Of(ask, fill.About, options.Internal, held, search, sides, names);
            into.HasServices = true;
            into.Seen |= rows.Seen;
            await ReadAsync(ask, Selections.Read(rows), names, into, token).ConfigureAwait(false);
            await fill.SumAsync(rows, into, token).ConfigureAwait(false);
            heard?.Report(new ReadProgress(into.Count, 0));
        }
    }

    // What is said of everything that was read, selected or not.
    private async Task ReadAsync(Ask ask, HistorySelection read, Names names, FlowSet into, CancellationToken cancellationToken)
    {
        var all = (await history!.SumAsync(read, [Terms.None], cancellationToken).ConfigureAwait(false))[0];
        into.AddCounted(all.Connections, all.Bytes, all.Packets);
        if (ask.Filters.ApplicationProtocol is not null)
        {
            foreach (var service in await history.ServicesAsync(read, cancellationToken).ConfigureAwait(false))
            {
                into.ApplicationProtocols.GetOrAdd(service);
            }
        }

        var shared = Selections.Shared(names, ask.Window.StartMs);
        foreach (var by in shared.Count == 0 ? [] : new[] { Dimension.Source, Dimension.Destination })
        {
            await history.GroupAsync(
                read with { HasNameless = false }, new HistoryGroups { By = by, Among = shared },
                (keys, in _) => into.Hosts.GetOrAdd(keys[0].Address, HostTable.NoDid), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What an executor was filled with.</summary>
    /// <param name="Flows">Endpoints and names, and the rows that began since.</param>
    /// <param name="Gathered">Where it is from.</param>
    /// <param name="Selected">How many connections the question selects.</param>
    public sealed record Counted(FlowSet Flows, Gathered Gathered, long Selected);
}
