using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>Answers a query from rows: one pass for all its tables, in bounded memory, whatever the number of rows.</summary>
internal sealed class RowExecutor : IDividedConsumer
{
    private readonly Query _query;
    private readonly AnalysisSettings _settings;
    private readonly RowCaveats _caveats;
    private RowPass _sums;
    private RowPass? _pairs;

    public RowExecutor(Query query, AnalysisSettings settings)
    {
        (_query, _settings) = (OfRows(query), settings);
        _sums = new RowPass(settings, WithAll(_query));
        _caveats = new RowCaveats(_sums.Facts.Sides);
    }

    /// <summary>The endpoint that the question was about, where it came by; else -1.</summary>
    public int Focus => _sums.Facts.Ends.First;

    /// <summary>The endpoint that the question was about was counted elsewhere.</summary>
    public void NoteFocus(HostTable hosts, int id) => _ = id >= 0 && _sums.Facts.Ends.Contains(hosts, id);

    public void Consume(FlowSet flows, FlowChunk chunk)
    {
        _caveats.Take(flows, chunk);
        _sums.Consume(flows, chunk);
    }

    public void Weigh(EndpointWeights weights) => _sums.Weigh(weights);

    public void Remap(EndpointRemap remap)
    {
        _caveats.Remap(remap);
        _sums.Remap(remap);
    }

    /// <summary>Lists and distinct counts take about as long as all sums.</summary>
    public IReadOnlyList<IFlowConsumer> Divide()
    {
        if (_sums.Pairs.Count == 0)
        {
            return [this];
        }

        _sums = new RowPass(_settings, WithAll(_query), ofPairs: false);
        _pairs = new RowPass(_settings, _query, ofSums: false);
        return [this, _pairs];
    }

    /// <summary>What is wanted of rows.</summary>
    public Query Query => _query;

    /// <summary>What is added up, where it is filled from elsewhere; not to be divided then.</summary>
    public RowPass Pass => _sums;

    /// <summary>Takes rows for notes on bytes that sensors made up, and for nothing else.</summary>
    public void Note(FlowSet flows, FlowChunk chunk) => _caveats.Take(flows, chunk);

    /// <summary>The groups of a table that will be shown, of those that lists and numbers are gathered for.</summary>
    public IReadOnlyList<int> Shown(FlowSet flows, TableQuery table) => Tables(flows).Shown(table);

    private RowTables Tables(FlowSet flows)
    {
        var all = _sums.SumsOf(Terms.None);
        return new RowTables(_settings, flows, _sums, _pairs ?? _sums, all.Connections, all.Bytes);
    }

    public Findings Finish(FlowSet flows)
    {
        var tables = Tables(flows);
        return new Findings
        {
            Totals = [.. _query.Totals.Select(tables.Total)],
            Tables = [.. _query.Tables.Select(tables.Of).OfType<Table>()],
            Notes =
            [
                .. _caveats.Notes(flows, Unknown(flows), (_pairs ?? _sums).Pairs),
                .. _sums.Aggregates.SelectMany(aggregate => new AggregateTable(_settings, flows, aggregate).Notes()),
            ],
        };
    }

    /// <summary>Every group of every table, where the query is compared.</summary>
    public GroupSet Groups(FlowSet flows) => RowGroupSet.Of(flows, _sums);

    // Why columns and figures are left out, from the table of what rows can tell.
    private IEnumerable<string> Unknown(FlowSet flows) => flows.Count == 0
        ? []
        : _query.Tables.SelectMany(table => table.Columns.Select(column => (By: (Dimension?)table.By, column.Measure)))
            .Concat(_query.Totals.Select(total => (By: (Dimension?)null, Measure: (Measure?)total.Measure)))
            .Where(wanted => wanted.Measure is not null)
            .Select(wanted => Capabilities.OfRows(flows.Seen, wanted.By, wanted.Measure!.Value).Reason)
            .OfType<string>();

    // Shares are of everything.
    private static Query WithAll(Query query) => query with { Totals = [.. query.Totals, new TotalQuery("all", MeasureKind.Connections)] };

    // What no rows tell is neither counted nor shown.
    private static Query OfRows(Query query) => query with
    {
        Totals = [.. query.Totals.Where(total => !total.IsOfTables)],
        Tables =
        [
            .. query.Tables.Where(table => !table.IsOfTables).Select(table => table with
            {
                Columns =
                [
                    .. table.Columns.Where(column => !column.IsOfTables
                        && (column.Measure is not { } measure || Capabilities.OfAnyRows(table.By, measure).IsKnown)),
                ],
            }).Where(table => table.Columns.Any(column => column.Measure is not null)),
        ],
    };
}
