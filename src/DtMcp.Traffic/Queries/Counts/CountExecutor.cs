using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence.Counts;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Counts;

/// <summary>
/// Answers a query from what the appliance counts itself. It goes over the whole query with the counts there are and names those that it
/// lacks; with none lacking the answer is whole. What cannot be counted is left out with its reason, never 0.
/// </summary>
internal sealed class CountExecutor
{
    private readonly AnalysisSettings _settings;
    private readonly CountLookup _counts;
    private readonly CountTerms _terms;
    private readonly CountFigures _figures;
    private readonly CountLimits _limits = new();
    private readonly CountTables _tables;

    private CountExecutor(Query query, AnalysisSettings settings, CountedEvidence evidence)
    {
        _settings = settings;
        _counts = new CountLookup(evidence.Book);
        _terms = new CountTerms(evidence, settings, query.IsAboutSubnet);
        _figures = new CountFigures(_counts, _terms);
        _tables = new CountTables(settings, evidence, _counts, _terms, _figures, _limits);
    }

    /// <summary>Whether a query may be answered at all: in groups that are fields of a record.</summary>
    public static bool MayAnswer(Query query) => query.Tables.All(table => !table.IsFree || CountAggregate.MayTell(table));

    /// <summary>The counts that are still needed, or why they would not answer.</summary>
    public static CountsNeeded Missing(Query query, AnalysisSettings settings, CountedEvidence evidence)
    {
        var executor = new CountExecutor(query, settings, evidence);
        executor.Answer(query);
        return new CountsNeeded(executor._counts.Missing, executor._limits.Refusal);
    }

    public static Findings Finish(Query query, AnalysisSettings settings, CountedEvidence evidence)
    {
        var executor = new CountExecutor(query, settings, evidence);
        var found = executor.Answer(query);
        return executor._counts.Missing.Count == 0
            ? found
            : throw new InvalidOperationException($"{executor._counts.Missing.Count} counts of {query.Tables.Count} tables are not there.");
    }

    private Findings Answer(Query query)
    {
        var totals = query.Totals.Where(total => !total.IsOfTables).Select(total => (total.IsHidden, Field: Total(total))).ToList();
        var tables = _tables.Of([.. query.Tables.Where(table => !table.IsOfTables)]).ToList();
        return new Findings
        {
            Totals = [.. totals.Where(total => !total.IsHidden && total.Field.Value.Kind != CellKind.Absent).Select(total => total.Field)],
            Tables = tables,
            Notes = [_limits.Note(), .. _limits.Notes],
        };
    }

    private Field Total(TotalQuery total)
    {
        if (!_limits.Tells(null, total.Where, total.Measure))
        {
            return new Field(total.Name, Cell.Absent);
        }

        var where = _terms.Of(total.Where | total.Measure.Where);
        var value = total.Measure.Kind switch
        {
            MeasureKind.Connections => Cell.Of(_figures.Connections(where)),
            MeasureKind.Bytes => Cell.Of(_figures.Bytes(where)),
            MeasureKind.Packets => Cell.Of(_figures.Packets(where)),
            MeasureKind.BytesIn => Cell.Of(_figures.Direction(where, isIn: true)),
            MeasureKind.BytesOut => Cell.Of(_figures.Direction(where, isIn: false)),
            MeasureKind.Failed => Cell.Of(_figures.Failed(where)),
            MeasureKind.Percent => Share(_figures.Connections(where), _figures.Connections(null)),
            MeasureKind.PercentOfBytes => Share(_figures.Bytes(where), _figures.Bytes(null)),
            MeasureKind.First => CountTables.Moment(_figures.Moment(where, isLast: false)),
            MeasureKind.Last => CountTables.Moment(_figures.Moment(where, isLast: true)),
            _ => Number(total.Measure.Of, total.Where),
        };
        if (value.Kind == CellKind.Absent
            && total.Measure.Kind is not (MeasureKind.Connections or MeasureKind.Percent or MeasureKind.Failed))
        {
            _limits.Add(Capabilities.OfCounts(null, total.Where, total.Measure));
        }

        if (total.Measure.Kind is MeasureKind.BytesIn or MeasureKind.BytesOut && !_terms.IsOneAddress)
        {
            _limits.Add(Capabilities.SelfTwice);
        }

        return new Field(total.Name, value);
    }

    // Exact where the appliance lists all of them.
    private Cell Number(Dimension of, Terms where) =>
        CountGroups.Of(of, _terms.Of(where), withUnknown: of is Dimension.Protocol, _counts, _terms) is { IsWhole: true } groups
            ? Cell.Of((long)groups.Groups.Count)
            : Cell.Absent;

    private static Cell Share(long? part, long? whole) => part is { } one && whole is { } all ? Percent.Of(one, all) : Cell.Absent;
}
