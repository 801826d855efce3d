using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class HuntTraffic : ToolDefinition
{
    public override string Name => "hunt_traffic";

    public override string Title => "Hunt in traffic";

    public override string Description =>
        "Look for beacons, uploads, scans, admin ports to the Internet, new destinations and long connections, with the evidence for each.";

    public override IReadOnlyList<Parameter> Parameters { get; } = [HuntKind, .. Window, .. Device, .. AnySubnet, Protocol,
        ApplicationProtocol, Port, .. Output];

    /// <summary>What to look for becomes <c>Extra["kind"]</c>; everything when it is not said.</summary>
    public override Question Ask(ToolArguments arguments, TimeProvider clock) =>
        base.Ask(arguments, clock) with { Extra = QuestionBuilder.Extra((HuntKind.Name, arguments.Text(HuntKind) ?? "all")) };
}
