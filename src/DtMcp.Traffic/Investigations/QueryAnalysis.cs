using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Counts;
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
    private readonly RowExecutor _rows = new(investigation.Query, settings);

    public void Consume(FlowSet flows, FlowChunk chunk) => _rows.Consume(flows, chunk);

    public void Weigh(EndpointWeights weights) => _rows.Weigh(weights);

    public void Remap(EndpointRemap remap) => _rows.Remap(remap);

    public IReadOnlyList<IFlowConsumer> Divide() => [this, .. _rows.Divide().Where(part => part != _rows)];

    public Findings Finish(FlowSet flows)
    {
        var found = _rows.Finish(flows);
        return found with
        {
            Device = investigation.Needs.IsAboutDevice ? DeviceDescription.Of(settings, flows, _rows.Focus) : null,
            Totals = [.. found.Totals.Where(total => total.Value.Kind != CellKind.Absent && !IsHidden(total.Name))],
            Notes = [.. found.Notes, .. investigation.Notes(found)],
            Next = [.. investigation.Next(found, settings)],
        };
    }

    public Findings Finish(ConnectivityHalves answers)
    {
        var found = TableExecutor.Finish(investigation.Query, settings, answers);
        return found with
        {
            Device = investigation.Needs.IsAboutDevice ? DeviceDescription.Of(settings, answers) : null,
            Next = [.. investigation.NextOverTables(found, settings)],
        };
    }

    public CountsWanted? CountsWanted => counts => CountExecutor.Missing(investigation.Query, settings, counts);

    public Findings Finish(CountedEvidence counts)
    {
        var found = CountExecutor.Finish(investigation.Query, settings, counts);
        return found with
        {
            Device = investigation.Needs.IsAboutDevice
                ? DeviceDescription.Of(settings.FocusDid, settings.FocusAddress.ToString(), settings.FocusDetails)
                : null,
            Next = [.. investigation.Next(found, settings)],
        };
    }

    public Findings Finish(Series series) => investigation.OverSeries(series, settings);

    private bool IsHidden(string name) => investigation.Query.Totals.Any(total => total.Name == name && total.IsHidden);
}
