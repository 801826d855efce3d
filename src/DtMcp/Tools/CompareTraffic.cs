using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations.Comparing;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class CompareTraffic : ToolDefinition
{
    public override string Name => "compare_traffic";

    public override string Title => "Compare traffic";

    public override string Description =>
        "What changed against an earlier window: new, gone and grown devices, destinations, ports and protocols.";

    public override IReadOnlyList<Parameter> Parameters { get; } =
        [.. Window, Against, AgainstFrom, AgainstTo, .. Device, .. AnySubnet, IntExt, Protocol, ApplicationProtocol, Port, .. Output];

    protected override Investigation Investigate(ToolArguments arguments)
    {
        if (TimeArguments.Pair(arguments, AgainstFrom, AgainstTo) is { } other)
        {
            return arguments.Has(Against)
                ? throw Refusal.Of("against and against_from+against_to both name the other window.", "Give one of them.")
                : new Comparison(Other: other);
        }

        return new Comparison(arguments.Text(Against) switch
        {
            "day" => LookBack.Day,
            "week" => LookBack.Week,
            _ => LookBack.Before,
        });
    }
}
