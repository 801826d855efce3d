using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class GetNetworkTraffic : ToolDefinition
{
    public override string Name => "get_network_traffic";

    public override string Title => "Network traffic rows";

    public override string Description =>
        "Single connections that match the filters, sorted and paged, with totals. Prefer the summaries for an overview.";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        .. Window, .. Device, .. AnySubnet, IntExt, Protocol, ApplicationProtocol, Port, SourcePort, DestinationPort, .. Conditions,
        Metric,
        FullDeviceDetails, ResponseData,
        Sort, Cursor, .. Output,
    ];

    // The filters of the endpoint by their own names.
    public override bool Lists(Parameter parameter) => true;

    protected override Investigation Investigate(ToolArguments arguments) => new NetworkTraffic();
}
