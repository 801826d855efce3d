using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class AnalyzeProtocolsAndPorts : ToolDefinition
{
    public override string Name => "analyze_protocols_and_ports";

    public override string Title => "Protocols and ports";

    public override string Description => "Protocols, application protocols, source and destination ports by bytes and connections.";

    public override IReadOnlyList<Parameter> Parameters { get; } =
        [.. Window, .. Device, .. AnySubnet, IntExt, Protocol, ApplicationProtocol, Port, Interval, Evidence, .. Output];

    protected override Investigation Investigate(ToolArguments arguments) => new ProtocolsAndPorts();
}
