using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class AnalyzeBandwidth : ToolDefinition
{
    public override string Name => "analyze_bandwidth";

    public override string Title => "Bandwidth";

    public override string Description => "Bytes in and out by device and by hour.";

    public override IReadOnlyList<Parameter> Parameters { get; } =
        [.. Window, .. Device, .. AnySubnet, IntExt, Protocol, ApplicationProtocol, Port, Interval, Evidence, .. Output];

    protected override Investigation Investigate(ToolArguments arguments) => new Bandwidth();
}
