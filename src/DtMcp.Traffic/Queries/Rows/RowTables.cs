using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>
/// Makes the tables and figures of a query from the sums of a pass: the first rows by their measure, and of these the cells.
/// </summary>
internal sealed class RowTables(AnalysisSettings settings, FlowSet flows, RowPass sums, RowPass pairs, long connections, long bytes)
{
    private readonly HostTable _hosts = flows.Hosts;

    public Field Total(TotalQuery total) => new(total.Name, !Knows(null, total.Measure) ? Cell.Absent : total.Measure.Kind switch
    {
        MeasureKind.Distinct => Cell.Of(OfKeys(sums.GroupsOf(total.Measure.Of, total.Where))),
        var kind => Value(sums.SumsOf(total.Where), kind),
    });

    /// <summary>A table, or null when rows know nothing of it.</summary>
    public Table? Of(TableQuery query)
    {
        if (RowPass.IsOfTablesOnly(query.By))
        {
            return null;
        }

        if (sums.AggregateOf(query) is { } aggregate)
        {
            return new AggregateTable(settings, flows, aggregate).Build();
        }

        Column[] columns = [.. query.Columns.Where(column => column.Measure is not { } measure || Knows(query.By, measure))];
        if (!columns.Any(column => column.Measure is not null))
        {
            return null;
        }

        var groups = sums.GroupsOf(query.By, query.Where);
        var by = OrderOf(query);
        return query.By.IsOfEndpoint() ? RolledUp(query, columns, groups, by) : Grouped(query, columns, groups, by);
    }

    /// <summary>The keys of the rows that a table will show; none of one that is rolled up, or of any measures.</summary>
    public IReadOnlyList<int> Shown(TableQuery query) =>
        RowPass.IsOfTablesOnly(query.By) || query.IsFree || query.By.IsOfEndpoint() ? []
            : Rank(query, sums.GroupsOf(query.By, query.Where), OrderOf(query)).Keys;

    private MeasureKind OrderOf(TableQuery query) => Knows(query.By, query.OrderBy) ? query.OrderBy
        : Knows(query.By, MeasureKind.Bytes) ? MeasureKind.Bytes
        : MeasureKind.Connections;

    private Table Grouped(TableQuery query, Column[] columns, RowGroups groups, MeasureKind by)
    {
        var ranked = Rank(query, groups, by);
        var makers = columns.Select(column => Maker(query, column, groups, ranked.Keys)).ToArray();
        var table = new TableBuilder(query.Name, query.By.IsOfTime() ? "time" : NameOf(by), [.. columns.Select(column => column.Name)]);
        foreach (var key in ranked.Keys)
        {
            table.Add([.. makers.Select(cell => cell(key))]);
        }

        return table.Build(ranked.Of) with { Shape = TableShapes.Of(query, columns) };
    }

    private Ranked Rank(TableQuery query, RowGroups groups, MeasureKind by)
    {
        var tally = groups.Sums;
        var isByTime = query.By.IsOfTime();
        var from = query.By.IsPort() || (query.By is Dimension.Protocol or Dimension.ApplicationProtocol && !query.WithUnknown) ? 1 : 0;
        var ties = query.By switch
        {
            _ when isByTime => (a, b) => groups.Keys.Time(a).CompareTo(groups.Keys.Time(b)),
            Dimension.Protocol => TopK.Names(flows.Protocols),
            Dimension.ApplicationProtocol => TopK.Names(flows.ApplicationProtocols),
            _ when groups.IsByEndpoint => TopK.Hosts(_hosts),
            _ => TopK.Ports,
        };
        var limit = isByTime ? int.MaxValue : settings.RowsOf(query.Top);
        var below = groups.IsByEndpoint ? Math.Min(tally.Length, _hosts.Count) : tally.Length;
        var ranked = TopK.Top(below, limit, key => key < from || tally[key] is not { Connections: > 0 } sum ? TopK.Nothing
            : isByTime ? 0
            : by == MeasureKind.Connections ? sum.Connections
            : by == MeasureKind.Bytes ? sum.Bytes
            : Number(groups, key, by), ties);
        return groups.IsByEndpoint ? ranked with { Of = groups.Endpoints.Distinct(_hosts) } : ranked;
    }

    private Table RolledUp(TableQuery query, Column[] columns, RowGroups groups, MeasureKind by)
    {
        var all = groups.RolledUp(_hosts).ByKey;
        var table = new TableBuilder(query.Name, NameOf(by), [.. columns.Select(column => column.Name)]);
        foreach (var (key, sum) in all
            .OrderByDescending(pair => by == MeasureKind.Bytes ? pair.Value.Bytes.Value : by == MeasureKind.Packets
                ? pair.Value.Packets.Value : pair.Value.Connections)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(settings.RowsOf(query.Top)))
        {
            table.Add([.. columns.Select(column => column.Measure?.Kind switch
            {
                null => Cell.Of(key),
                MeasureKind.Connections => Cell.Of(sum.Connections),
                MeasureKind.Bytes => Cell.Of(sum.Bytes),
                MeasureKind.Packets => Cell.Of(sum.Packets),
                MeasureKind.Percent => Percent.Of(sum.Connections, connections),
                MeasureKind.PercentOfBytes => Percent.Of(sum.Bytes, bytes),
                _ => Cell.Absent,
            })]);
        }

        return table.Build(all.Count) with { Shape = TableShapes.Of(query, columns) };
    }

    // What makes a column's cells. Lists and distinct counts are gathered once for all keys shown.
    private Func<int, Cell> Maker(TableQuery query, Column column, RowGroups groups, IReadOnlyList<int> keys)
    {
        if (column.Measure is not { } measure)
        {
            return RowCells.Of(column, flows, groups);
        }

        if (measure.Kind is not (MeasureKind.List or MeasureKind.Distinct))
        {
            return key => Value(groups, key, measure.Kind);
        }

        var gathered = pairs.PairsOf(query.By, query.Where, measure);
        if (gathered.Partners is { } partners)
        {
            var numbers = partners.Numbers(keys, _hosts);
            return key => Cell.Of(numbers[key]);
        }

        var lists = new RowLists(gathered.Counts!, keys, settings.ListAll || settings.IsJoined);
        return measure.Kind == MeasureKind.Distinct ? key => Cell.Of(lists.Distinct(key))
            : measure.Of is Dimension.Protocol ? key => lists.Names(key, flows.Protocols)
            : measure.Of is Dimension.ApplicationProtocol ? key => lists.Names(key, flows.ApplicationProtocols)
            : lists.Numbers;
    }

    private Cell Value(RowGroups groups, int key, MeasureKind kind) => kind switch
    {
        MeasureKind.Percent => Percent.Of(groups.Sums[key].Connections, connections),
        MeasureKind.PercentOfBytes => Percent.Of(groups.Sums[key].Bytes, bytes),
        MeasureKind.First or MeasureKind.Last => Moment(Number(groups, key, kind)),
        _ => Cell.Of(Number(groups, key, kind)),
    };

    private Cell Value(RowSums all, MeasureKind kind) => kind switch
    {
        MeasureKind.Connections => Cell.Of(all.Connections),
        MeasureKind.Bytes => Cell.Of(all.Bytes),
        MeasureKind.Packets => Cell.Of(all.Packets),
        MeasureKind.BytesIn => Cell.Of(all.Detail.BytesIn),
        MeasureKind.BytesOut => Cell.Of(all.Detail.BytesOut),
        MeasureKind.Failed => Cell.Of(all.Detail.Failed),
        MeasureKind.Percent => Percent.Of(all.Connections, connections),
        MeasureKind.PercentOfBytes => Percent.Of(all.Bytes, bytes),
        MeasureKind.First => Moment(all.Detail.First),
        MeasureKind.Last => Moment(all.Detail.Last),
        _ => Cell.Absent,
    };

    private static long Number(RowGroups groups, int key, MeasureKind kind) => kind switch
    {
        MeasureKind.Connections => groups.Sums[key].Connections,
        MeasureKind.Bytes => groups.Sums[key].Bytes,
        MeasureKind.Packets => groups.Sums[key].Packets,
        MeasureKind.BytesIn => groups.Detail(key).BytesIn,
        MeasureKind.BytesOut => groups.Detail(key).BytesOut,
        MeasureKind.Failed => groups.Detail(key).Failed,
        MeasureKind.First => groups.Detail(key).First,
        MeasureKind.Last => groups.Detail(key).Last,
        _ => 0,
    };

    private long OfKeys(RowGroups groups) => groups.IsByEndpoint ? groups.Endpoints.Distinct(_hosts) : groups.Sums.CountKeys();

    private bool Knows(Dimension? by, Measure measure) => flows.Count == 0 || Capabilities.OfRows(flows.Seen, by, measure).IsKnown;

    private static string NameOf(MeasureKind by) => by switch
    {
        MeasureKind.Connections => "connections",
        MeasureKind.Packets => "packets",
        MeasureKind.BytesIn => "bytes_in",
        MeasureKind.BytesOut => "bytes_out",
        MeasureKind.Failed => "failed",
        _ => "bytes",
    };

    private static Cell Moment(long milliseconds) => milliseconds > 0 ? Cell.Second(milliseconds) : Cell.Absent;
}
