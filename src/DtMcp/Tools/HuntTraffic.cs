using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class HuntTraffic : ToolDefinition
{
    public override string Name => "hunt_traffic";

    public override string Title => "Hunt in traffic";

    public override string Description =>
        "Look for beacons, uploads, lateral movement, guessed passwords, scans, admin ports across the edge: stories with evidence.";

    public override IReadOnlyList<Parameter> Parameters { get; } = [HuntFor, .. Window, .. Device, .. AnySubnet, Protocol,
        ApplicationProtocol, Port, .. Output];

    protected override Investigation Investigate(ToolArguments arguments) =>
        arguments.Text(HuntFor) is { } kind ? new Hunt(HuntKinds.Of(kind)) : new Hunt();
}
