using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class SummarizeExternalTraffic : ToolDefinition
{
    public override string Name => "summarize_external_traffic";

    public override string Title => "External traffic summary";

    public override string Description =>
        "Traffic with the Internet: destinations by bytes, internal sources with suspicious ports, and who came in.";

    public override IReadOnlyList<Parameter> Parameters { get; } =
        [.. Window, .. Device, .. AnySubnet, Protocol, ApplicationProtocol, Port, DestinationPort, Interval, Evidence, .. Output];

    protected override Investigation Investigate(ToolArguments arguments) => new ExternalTraffic();
}
