using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class AnalyzeSubnet : ToolDefinition
{
    public override string Name => "analyze_subnet";

    public override string Title => "Subnet activity";

    public override string Description =>
        "One subnet (subnet or viewsubnet needed): its devices, traffic within it and to other subnets, protocols.";

    public override IReadOnlyList<Parameter> Parameters { get; } =
        [.. AnySubnet, .. Window, IntExt, Protocol, ApplicationProtocol, Port, Interval, Evidence, .. Output];

    protected override Investigation Investigate(ToolArguments arguments)
    {
        arguments.NeedOneOf(Subnet, ViewSubnet);
        return new SubnetTraffic();
    }
}
