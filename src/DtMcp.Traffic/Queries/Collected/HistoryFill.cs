using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries.Rows;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Collected;

/// <summary>
/// Fills the sums of an executor of rows from what the history counts: one GROUP BY for what tables share, instead of the rows themselves.
/// Rows that began later are taken by the executor as always, so that both add up; tables and notes are made of the sums in one way.
/// First <see cref="SumAsync"/>, then names and later rows, then <see cref="FinishAsync"/> for what is shown.
/// </summary>
internal sealed class HistoryFill(IHistory history, RowExecutor executor, AnalysisSettings settings, int mostEndpoints) : IHistoryFill
{
    // Keys that a query names; with more it asks for all.
    private const int MostNamed = 500;
    private const int MostDescribed = 2_000;

    private readonly RowPass _pass = executor.Pass;
    private int _focus = -1;

    public AnalysisSettings About => _pass.About;

    public IFlowConsumer Later => executor;

    public bool IsTouched { get; private set; }

    public long Selected => _pass.SumsOf(Terms.None).Connections;

    /// <summary>Fills sums, groups and their peers, and says who it was about.</summary>
    public async Task SumAsync(HistorySelection rows, FlowSet flows, CancellationToken cancellationToken)
    {
        IsTouched = true;
        var selection = await FiguresAsync(rows, flows, cancellationToken).ConfigureAwait(false);
        foreach (var groups in _pass.Groups)
        {
            foreach (var isSecond in Ends(groups.By))
            {
                await history.GroupAsync(
                    selection,
                    new HistoryGroups
                    {
                        By = groups.By,
                        IsSecond = isSecond,
                        Where = groups.Selection.Where,
                        HasDetail = groups.HasDetail,
                        StepMs = Steps.LengthOf(groups.By, settings),
                        Most = mostEndpoints,
                    },
                    (keys, in sums) =>
                    {
                        if (groups.Keys.NumberOf(keys[0], flows) is >= 0 and var key)
                        {
                            groups.Add(key, sums);
                        }
                    },
                    cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (var aggregate in _pass.Aggregates)
        {
            await FillAsync(selection, aggregate, flows, cancellationToken).ConfigureAwait(false);
        }

        NoteSides(rows.Sides, flows.Hosts);
        await FocusAsync(selection, flows, cancellationToken).ConfigureAwait(false);
        await history.DescribeAsync(rows.Span, Described(flows.Hosts), flows.Hosts, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Fills lists and numbers of partners of the groups that are shown.</summary>
    public async Task FinishAsync(HistorySelection rows, FlowSet flows, CancellationToken cancellationToken)
    {
        foreach (var pairs in _pass.Pairs)
        {
            var shown = executor.Query.Tables
                .Where(table => !table.IsFree && table.By == pairs.By && table.Columns.Any(column => column.Measure is { } measure
                    && measure.Of == pairs.Measure.Of && measure.Kind == pairs.Measure.Kind
                    && (table.Where | measure.Where) == pairs.Selection.Where))
                .SelectMany(table => executor.Shown(flows, table)).ToHashSet();
            if (shown.Count == 0)
            {
                continue;
            }

            foreach (var isSecond in Ends(pairs.By))
            {
                await history.GroupAsync(
                    rows,
                    new HistoryGroups
                    {
                        By = pairs.By,
                        IsSecond = isSecond,
                        Where = pairs.Selection.Where,
                        StepMs = Steps.LengthOf(pairs.By, settings),
                        Of = new HistoryValue(pairs.Measure.Of),
                        Among = Named(pairs.By, shown, flows.Hosts),
                        Most = Counting.PartnerSet.MaxKeys,
                    },
                    (keys, in sums) =>
                    {
                        if (pairs.Keys.NumberOf(keys[0], flows) is var key && shown.Contains(key))
                        {
                            pairs.Add(flows.Hosts, key, pairs.Values.NumberOf(keys[1], flows), sums.Connections);
                        }
                    },
                    cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // All figures in one pass over the rows. The selection comes back knowing whether ends without an address are among them.
    private async Task<HistorySelection> FiguresAsync(HistorySelection rows, FlowSet flows, CancellationToken cancellationToken)
    {
        List<Terms> wheres =
        [
            Terms.None, Terms.Genuine, .. _pass.Sums.Select(sums => sums.Selection.Where),
            .. _pass.Aggregates.Select(aggregate => aggregate.Selection.Where),
        ];
        var figures = await history.SumAsync(rows, [.. wheres.Distinct()], cancellationToken).ConfigureAwait(false);
        var of = wheres.Distinct().Zip(figures).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (var sums in _pass.Sums)
        {
            sums.Add(of[sums.Selection.Where]);
        }

        foreach (var aggregate in _pass.Aggregates)
        {
            aggregate.AddKeyless(of[aggregate.Selection.Where].Connections);
        }

        if (of[Terms.None].Connections > of[Terms.Genuine].Connections)
        {
            await history.ReadArtefactsAsync(
                rows, flows,
                chunk =>
                {
                    NoteSides(rows.Sides, flows.Hosts);
                    executor.Note(flows, chunk);
                },
                cancellationToken).ConfigureAwait(false);
        }

        return rows with { HasNameless = of[Terms.None].Nameless > 0 };
    }

    private async Task FillAsync(HistorySelection rows, RowAggregate aggregate, FlowSet flows, CancellationToken cancellationToken)
    {
        var (table, second) = (aggregate.Table, aggregate.Second);
        var asked = new HistoryGroups
        {
            By = table.By,
            Then = table.Then,
            Where = aggregate.Selection.Where,
            HasDetail = aggregate.HasDetail,
            StepMs = Steps.LengthOf(table.By.IsOfTime() ? table.By : table.Then ?? table.By, settings),
            Most = GroupPairs.MaxPairs,
        };
        bool[] ends = [.. Ends(table.By).Union(table.Then is { } then ? Ends(then) : [])];
        foreach (var isSecond in ends)
        {
            await history.GroupAsync(
                rows, asked with { IsSecond = isSecond },
                (keys, in sums) =>
                {
                    var (first, other) = Numbers(keys);
                    if (aggregate.Add(first, other, sums) && !isSecond)
                    {
                        aggregate.AddKeyless(-sums.Connections);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }

        var isOfEnds = IsOfEnds(table.By) || (table.Then is { } next && IsOfEnds(next));
        foreach (var (isSecond, isSecondPeer) in aggregate.Peers is null ? []
            : isOfEnds ? ends.Select(isSecond => (isSecond, false)) : [(false, false), (false, true)])
        {
            await history.GroupAsync(
                rows,
                asked with
                {
                    IsSecond = isSecond,
                    HasDetail = false,
                    Of = new HistoryValue(null, isSecondPeer),
                    Most = Counting.PartnerSet.MaxKeys,
                },
                (keys, in sums) =>
                {
                    var (first, other) = Numbers(keys[..^1]);
                    aggregate.AddPeer(first, other, flows.Hosts.GetOrAdd(keys[^1].Address, HostTable.NoDid, keys[^1].Text), flows.Hosts);
                },
                cancellationToken).ConfigureAwait(false);
        }

        (int First, int Second) Numbers(ReadOnlySpan<HistoryKey> keys) =>
            (aggregate.First.NumberOf(keys[0], flows), second?.NumberOf(keys[1], flows) ?? 0);
    }

    // The endpoint that the question is about: of several addresses the one that came by first.
    private async Task FocusAsync(HistorySelection rows, FlowSet flows, CancellationToken cancellationToken)
    {
        if (rows.Near is not { Count: > 0 })
        {
            return;
        }

        var (focus, earliest) = (NetAddress.None, long.MaxValue);
        foreach (var isSecond in Ends(Dimension.Device))
        {
            await history.GroupAsync(
                rows, new HistoryGroups { By = Dimension.Device, IsSecond = isSecond, Where = Terms.Touches, HasDetail = true },
                (keys, in sums) =>
                {
                    if (sums.First < earliest || (sums.First == earliest && !focus.IsPresent))
                    {
                        (focus, earliest) = (keys[0].Address, sums.First);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }

        if (focus.IsPresent)
        {
            _focus = flows.Hosts.GetOrAdd(focus, HostTable.NoDid);
        }
    }

    public void NoteNames(FlowSet flows) => executor.NoteFocus(flows.Hosts, _focus);

    // The ends whose country and autonomous system are told; null for all.
    private IReadOnlyList<NetAddress>? Described(HostTable hosts)
    {
        if (!executor.Query.Tables.Any(table => IsPlace(table.By) || (table.Then is { } then && IsPlace(then))
            || table.Columns.Any(column => column.Attribute is EndpointAttribute.Country or EndpointAttribute.Asn)))
        {
            return _focus < 0 ? [] : [hosts.Address(_focus)];
        }

        return hosts.Count > MostDescribed ? null
            : [.. Enumerable.Range(0, hosts.Count).Select(hosts.Address).Where(address => address.IsPresent)];

        static bool IsPlace(Dimension by) => by is Dimension.Country or Dimension.Asn;
    }

    private static void NoteSides(HistorySides sides, HostTable hosts)
    {
        foreach (var (addresses, isInside) in new[] { (sides.Inside, true), (sides.Outside, false) })
        {
            foreach (var address in addresses)
            {
                if (hosts.TryGet(address, out var id))
                {
                    hosts.NoteSide(id, isInside);
                }
            }
        }
    }

    private static List<NetAddress>? Named(Dimension by, HashSet<int> shown, HostTable hosts)
    {
        if (!by.IsEndpoint() || shown.Count > MostNamed)
        {
            return null;
        }

        List<NetAddress> addresses = [.. shown.Select(hosts.Address)];
        return addresses.TrueForAll(address => address.IsPresent) ? addresses : null;
    }

    // A connection can count for both of its ends.
    private static bool[] Ends(Dimension by) => by.IsByDevice() || by == Dimension.Endpoint ? [false, true] : [false];

    private static bool IsOfEnds(Dimension by) =>
        by.IsByDevice() || by.IsOfEndpoint() || by is Dimension.Source or Dimension.Destination;
}
