using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class SummarizeNetworkTraffic : ToolDefinition
{
    public override string Name => "summarize_network_traffic";

    public override string Title => "Network traffic summary";

    public override string Description => "Overview to start with: totals, external share, top protocols, ports and talkers.";

    public override IReadOnlyList<Parameter> Parameters { get; } =
        [.. Window, .. Device, .. AnySubnet, IntExt, Protocol, ApplicationProtocol, Port, Interval, Evidence, .. Output];

    protected override Investigation Investigate(ToolArguments arguments) => new TrafficSummary();
}
