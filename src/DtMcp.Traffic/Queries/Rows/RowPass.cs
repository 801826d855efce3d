using System.Numerics;
using System.Runtime.InteropServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Queries.Rows.Selecting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>
/// One pass over rows for any number of tables: what rows meet is found out once a chunk, rows are selected once for each set of terms, and
/// what several tables need is summed once.
/// </summary>
internal sealed class RowPass : IFlowConsumer
{
    private const Terms Sided = Terms.External | Terms.Internal | Terms.Outbound | Terms.Inbound;

    private readonly AnalysisSettings _settings;
    private readonly bool _remembers;
    private readonly List<RowSelection> _selections = [];
    private readonly List<RowGroups> _groups = [];
    private readonly List<RowPairs> _pairs = [];
    private readonly List<RowSums> _sums = [];
    private readonly List<RowAggregate> _aggregates = [];

    /// <param name="settings">The question's.</param>
    /// <param name="query">What is wanted.</param>
    /// <param name="ofSums">Whether this pass makes the sums; else another does.</param>
    /// <param name="ofPairs">Whether this pass gathers lists and distinct counts; else another does.</param>
    public RowPass(AnalysisSettings settings, Query query, bool ofSums = true, bool ofPairs = true)
    {
        (_settings, _remembers) = (settings, query.IsCompared);
        var about = query.IsAboutSubnet
            ? settings with { FocusDid = null, FocusAddress = NetAddress.None, Filters = settings.Filters with { Ip = null } }
            : settings;
        About = about;
        Facts = new RowFacts(about, Wanted(query),
            Wheres(query).All(where => (where & Sided) == 0 || (where.Whole() & Terms.Touches) != 0));
        foreach (var total in ofSums ? query.Totals : [])
        {
            _ = total.Measure.Kind == MeasureKind.Distinct
                ? (object)AddGroups(total.Measure.Of, total.Where, detail: false)
                : AddSums(total.Where, total.Measure);
        }

        foreach (var table in query.Tables.Where(table => !IsOfTablesOnly(table.By)))
        {
            if (table.IsFree)
            {
                if (ofSums)
                {
                    _aggregates.Add(new RowAggregate(table, Select(table.Where), Facts));
                }

                continue;
            }

            if (ofSums)
            {
                AddGroups(table.By, table.Where, table.Columns.Any(column => column.Measure is { } measure && NeedsDetail(measure)));
            }

            foreach (var measure in ofPairs ? table.Columns.Select(column => column.Measure).OfType<Measure>() : [])
            {
                if (measure.Kind is MeasureKind.List or MeasureKind.Distinct)
                {
                    AddPairs(table.By, table.Where, measure);
                }
            }
        }

        Order();
    }

    /// <summary>The question's settings, as far as they say what it is about.</summary>
    public AnalysisSettings About { get; }

    public RowFacts Facts { get; }

    public IReadOnlyList<RowSums> Sums => _sums;

    public IReadOnlyList<RowGroups> Groups => _groups;

    public IReadOnlyList<RowPairs> Pairs => _pairs;

    public void Consume(FlowSet flows, FlowChunk chunk)
    {
        Facts.Learn(flows, chunk);
        foreach (var selection in _selections)
        {
            selection.Choose(chunk, Facts);
        }

        foreach (var sums in _sums)
        {
            sums.Take(flows, chunk);
        }

        for (var i = 0; i < _groups.Count; i++)
        {
            i += _groups[i].TakeWith(CollectionsMarshal.AsSpan(_groups)[(i + 1)..], flows, chunk);
        }

        foreach (var pairs in _pairs)
        {
            pairs.Take(flows, chunk);
        }

        foreach (var aggregate in _aggregates)
        {
            aggregate.Take(flows, chunk);
        }
    }

    public void Weigh(EndpointWeights weights)
    {
        Facts.Weigh(weights);
        foreach (var groups in _groups)
        {
            groups.Weigh(weights);
        }

        foreach (var aggregate in _aggregates)
        {
            aggregate.Weigh(weights);
        }
    }

    public void Remap(EndpointRemap remap)
    {
        Facts.Remap(remap);
        foreach (var groups in _groups)
        {
            groups.Remap(remap);
        }

        foreach (var pairs in _pairs)
        {
            pairs.Remap(remap);
        }

        foreach (var aggregate in _aggregates)
        {
            aggregate.Remap(remap);
        }
    }

    /// <summary>The groups of a table of any measures; null where it has none such.</summary>
    public RowAggregate? AggregateOf(TableQuery table) => _aggregates.Find(aggregate => ReferenceEquals(aggregate.Table, table));

    public IReadOnlyList<RowAggregate> Aggregates => _aggregates;

    public RowSums SumsOf(Terms where) => _sums.First(sums => sums.Selection.Where == where);

    public RowGroups GroupsOf(Dimension by, Terms where) => _groups.First(groups => groups.By == by && groups.Selection.Where == where);

    public RowPairs PairsOf(Dimension by, Terms where, Measure measure) => _pairs.First(pairs => IsSame(pairs, by, where, measure));

    /// <summary>Dimensions that only the vendor guide's tables have.</summary>
    public static bool IsOfTablesOnly(Dimension by) => by is Dimension.RemotePort or Dimension.LocalPort or Dimension.Status;

    private RowSums AddSums(Terms where, Measure measure)
    {
        var sums = _sums.Find(sums => sums.Selection.Where == where);
        if (sums is null)
        {
            sums = new RowSums(Select(where), Facts);
            _sums.Add(sums);
        }

        // Shares are of all rows, so their sums are always there.
        sums.HasDetail |= NeedsDetail(measure);
        sums.Weighs |= where == Terms.None || measure.Kind is MeasureKind.Bytes or MeasureKind.Packets or MeasureKind.PercentOfBytes;
        return sums;
    }

    private RowGroups AddGroups(Dimension by, Terms where, bool detail)
    {
        var known = _groups.FindIndex(groups => groups.By == by && groups.Selection.Where == where);
        if (known < 0)
        {
            _groups.Add(new RowGroups(by, Select(where), Facts, _settings.Internal, detail, _remembers));
            return _groups[^1];
        }

        return _groups[known].HasDetail || !detail
            ? _groups[known]
            : _groups[known] = new RowGroups(by, _groups[known].Selection, Facts, _settings.Internal, detail, _remembers);
    }

    private void AddPairs(Dimension by, Terms where, Measure measure)
    {
        if (!_pairs.Any(pairs => IsSame(pairs, by, where, measure)))
        {
            _pairs.Add(new RowPairs(by, measure, Select(where | measure.Where), Facts));
        }
    }

    // From the broad to the narrow, so that a narrow one need look only among the rows of a broad one.
    private void Order()
    {
        _selections.Sort((a, b) => Terms(a).CompareTo(Terms(b)));
        for (var i = 1; i < _selections.Count; i++)
        {
            var where = _selections[i].Where.Whole();
            _selections[i].LookAmong(_selections[..i].LastOrDefault(broad => !broad.IsAll && (where & broad.Where) == broad.Where));
        }

        static int Terms(RowSelection selection) => BitOperations.PopCount((uint)selection.Where.Whole());
    }

    private RowSelection Select(Terms where)
    {
        if (_selections.Find(selection => selection.Where == where) is { } known)
        {
            return known;
        }

        _selections.Add(new RowSelection(where));
        return _selections[^1];
    }

    private static bool IsSame(RowPairs pairs, Dimension by, Terms where, Measure measure) =>
        pairs.By == by && pairs.Measure.Of == measure.Of && pairs.Measure.Kind == measure.Kind
            && pairs.Selection.Where == (where | measure.Where);

    private static bool NeedsDetail(Measure measure) =>
        measure.Kind is MeasureKind.BytesIn or MeasureKind.BytesOut or MeasureKind.Failed or MeasureKind.First or MeasureKind.Last;

    private static Terms Wanted(Query query)
    {
        var measures = query.Tables.SelectMany(table =>
            table.Columns.Select(column => column.Measure)).OfType<Measure>().Concat(query.Totals.Select(total => total.Measure)).ToList();
        var byDevice = query.Tables.Any(table => table.By.IsByDevice())
            || query.Tables.Any(table => table.IsFree)
            || measures.Any(measure => measure.Of.IsByDevice() || measure.Kind is MeasureKind.BytesIn or MeasureKind.BytesOut);
        return Wheres(query)
            .Aggregate(byDevice ? Terms.Touches : Terms.None, (all, where) => all | where);
    }

    // All sets of terms by which rows are selected.
    private static IEnumerable<Terms> Wheres(Query query) => query.Tables.Select(table => table.Where)
        .Concat(query.Totals.Select(total => total.Where))
        .Concat(query.Tables.SelectMany(table => table.Columns.Select(column => table.Where | (column.Measure?.Where ?? Terms.None))));
}
