using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class ListAlerts : ToolDefinition
{
    public override string Name => "list_alerts";

    public override string Title => "List alerts";

    public override string Description => "Darktrace's own alerts: model breaches and AI Analyst incidents.";

    public override IReadOnlyList<Parameter> Parameters { get; } = [Last, From, To, Tz, Did, Hostname, .. Output];

    protected override Investigation Investigate(ToolArguments arguments) => new AlertReview();
}
