using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Counts;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Counts;
using DtMcp.Traffic.Queries.Rows;
using DtMcp.Traffic.Queries.Tables;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// Hands an investigation's query to the executor of the evidence there is, and adds what the investigation says of the result.
/// </summary>
internal sealed class QueryAnalysis(QueryInvestigation investigation, AnalysisSettings settings) : IAnalysis, IDividedConsumer
{
    private static readonly TableQuery Course = new()
    {
        Name = "intervals",
        By = Dimension.Interval,
        IsFree = true,
        Top = int.MaxValue,
        Columns = [Column.Key(Dimension.Interval), Column.Connections, Column.BytesIn, Column.BytesOut, Column.Bytes],
    };

    private readonly Query _wanted = Wanted(investigation.Query, settings);

    /// <summary>Made with the first row: a question that is answered from memory, or by counts, needs none of its tables.</summary>
    public RowExecutor Rows => field ??= new RowExecutor(_wanted, settings);

    public void Consume(FlowSet flows, FlowChunk chunk) => Rows.Consume(flows, chunk);

    public void Weigh(EndpointWeights weights) => Rows.Weigh(weights);

    public void Remap(EndpointRemap remap) => Rows.Remap(remap);

    public IReadOnlyList<IFlowConsumer> Divide() => [this, .. Rows.Divide().Where(part => part != Rows)];

    public Findings Finish(FlowSet flows)
    {
        var found = Rows.Finish(flows);
        return found with
        {
            Device = investigation.Needs.IsAboutDevice ? DeviceDescription.Of(settings, flows, Rows.Focus) : null,
            Totals = [.. found.Totals.Where(total => total.Value.Kind != CellKind.Absent && !IsHidden(total.Name))],
            Notes = [.. found.Notes, .. investigation.Notes(found), .. settings.Names?.Notes ?? []],
            Next = [.. investigation.Next(found, settings)],
        };
    }

    public Findings Finish(ConnectivityHalves answers)
    {
        var found = TableExecutor.Finish(_wanted, settings, answers);
        return found with
        {
            Device = investigation.Needs.IsAboutDevice ? DeviceDescription.Of(settings, answers) : null,
            Next = [.. investigation.NextOverTables(found, settings)],
        };
    }

    // What only rows can be selected or grouped by is not counted.
    public CountsWanted? CountsWanted => settings.Conditions.IsAny || !CountExecutor.MayAnswer(_wanted)
        ? null
        : counts => CountExecutor.Missing(investigation.Query, settings, counts);

    public Findings Finish(CountedEvidence counts)
    {
        var found = CountExecutor.Finish(investigation.Query, settings, counts);
        return found with
        {
            Device = investigation.Needs.IsAboutDevice
                ? DeviceDescription.Of(settings.FocusDid, settings.FocusAddress.ToString(), settings.FocusDetails)
                : null,
            Next = [.. investigation.Next(found, settings).Where(call => !NextCalls.NeedsRows(call))],
        };
    }

    public Findings Finish(Series series) => investigation.OverSeries(series, settings);

    // A course over time beside what the investigation wants, where one is asked for and is not there yet.
    private static Query Wanted(Query query, AnalysisSettings settings) =>
        settings.Interval is null || query.Tables.Any(table => table.By == Dimension.Interval || table.Then == Dimension.Interval)
            ? query
            : query with { Tables = [.. query.Tables, Course] };

    private bool IsHidden(string name) => investigation.Query.Totals.Any(total => total.Name == name && total.IsHidden);
}
