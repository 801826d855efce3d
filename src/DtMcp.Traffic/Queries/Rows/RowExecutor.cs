using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>Answers a query from rows: one pass for all its tables, in bounded memory, whatever the number of rows.</summary>
internal sealed class RowExecutor(Query query, AnalysisSettings settings) : FlowAnalysis(settings), IDividedAnalysis
{
    private RowPass _sums = new(settings, WithAll(query));
    private RowPass? _pairs;

    public override Findings Finish(FlowSet flows)
    {
        var all = _sums.SumsOf(Terms.None);
        var tables = new RowTables(Settings, flows, _sums, _pairs ?? _sums, all.Connections, all.Bytes);
        return new Findings
        {
            Totals = [.. query.Totals.Select(tables.Total)],
            Tables = [.. query.Tables.Select(tables.Of).OfType<Table>()],
            Notes = RowNotes(flows),
        };
    }

    public override Findings Finish(ConnectivityHalves answers) => throw new NotSupportedException();

    /// <summary>Lists and distinct counts take about as long as all sums.</summary>
    public IReadOnlyList<IFlowConsumer> Divide()
    {
        if (_sums.Pairs.Count == 0)
        {
            return [this];
        }

        _sums = new RowPass(Settings, WithAll(query), ofPairs: false);
        _pairs = new RowPass(Settings, query, ofSums: false);
        return [this, _pairs];
    }

    public override void Weigh(EndpointWeights weights) => _sums.Weigh(weights);

    public override void Remap(EndpointRemap remap) => _sums.Remap(remap);

    protected override IReadOnlyList<CountMap> Pairs => [.. (_pairs ?? _sums).Pairs.Select(pairs => pairs.Counts).OfType<CountMap>()];

    protected override IReadOnlyList<PartnerSet> Partners =>
        [.. (_pairs ?? _sums).Pairs.Select(pairs => pairs.Partners).OfType<PartnerSet>()];

    protected override void Count(FlowSet flows, FlowChunk chunk) => _sums.Consume(flows, chunk);

    // Shares are of everything.
    private static Query WithAll(Query query) => query with { Totals = [.. query.Totals, new TotalQuery("all", MeasureKind.Connections)] };
}
