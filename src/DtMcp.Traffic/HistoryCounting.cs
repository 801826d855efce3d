using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Collected;
using DtMcp.Traffic.Queries.Rows;
using DtMcp.Traffic.Queries.Rows.Selecting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic;

/// <summary>
/// Has the history count a long window for an executor of rows. What it cannot count, or holds too little of, is read as rows: then null.
/// </summary>
internal sealed class HistoryCounting(Gatherer gatherer, IHistory? history, InvestigatorOptions options)
{
    /// <summary>Whether there is a history to ask.</summary>
    public bool IsThere => history is not null;

    /// <param name="ask">The question.</param>
    /// <param name="executor">Fresh; where this comes to null it is of no use any more.</param>
    /// <param name="settings">The question's.</param>
    /// <param name="notes">Hears why rows are read instead, where that was not to be expected.</param>
    /// <param name="progress">Hears of it.</param>
    /// <param name="cancellationToken">Stops it, on the server too.</param>
    public async Task<Counted?> TryAsync(Ask ask, RowExecutor executor, AnalysisSettings settings, List<string> notes,
        IProgress<AskProgress>? progress, CancellationToken cancellationToken)
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
                : await CountAsync(ask, span, executor, settings, progress, cancellationToken).ConfigureAwait(false);
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

    private async Task<Counted> CountAsync(Ask ask, HistorySpan span, RowExecutor executor, AnalysisSettings settings,
        IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        var names = await gatherer.Tables.NamesAsync(ask, cancellationToken).ConfigureAwait(false);
        var fill = new HistoryFill(history!, executor, settings, options.MaxHosts);
        var filter = new RowFilter(ask, options.Internal, executor);
        var overflow = new OverflowFeed(filter);
        HistorySelection? rows = null;
        var gathered = await gatherer.CountAsync(ask, span, names, overflow, TakeAsync, progress, cancellationToken).ConfigureAwait(false);
        var flows = gathered.Rows!.Flows!;
        executor.NoteFocus(flows.Hosts, fill.Focus);
        if (!overflow.Happened)
        {
            RowFeed.Show(flows, filter, cancellationToken);
        }

        await fill.ListAsync(rows!, flows, cancellationToken).ConfigureAwait(false);
        return new Counted(flows, gathered, executor.Pass.SumsOf(Terms.None).Connections);

        async Task TakeAsync(HistorySpan held, ConnSearch search, FlowSet into, IProgress<ReadProgress>? heard, CancellationToken token)
        {
            var sides = await history!.SidesAsync(held, options.Internal, token).ConfigureAwait(false);
            rows = Selections.Of(ask, executor.Pass.About, options.Internal, held, search, sides, names);
            into.HasServices = true;
            into.Seen |= rows.Seen;
            await ReadAsync(ask, Selections.Read(rows), names, into, token).ConfigureAwait(false);
            await fill.SumAsync(rows, into, token).ConfigureAwait(false);
            await history.DescribeAsync(held, fill.Described(into.Hosts), into.Hosts, token).ConfigureAwait(false);
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
