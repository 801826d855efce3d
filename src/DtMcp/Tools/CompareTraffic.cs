using DtMcp.Tools.Arguments;
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

    /// <summary>
    /// The other window becomes <c>Extra["against"]</c> (before, day or week), or <c>Extra["against_from"]</c> and
    /// <c>Extra["against_to"]</c> in milliseconds since 1970.
    /// </summary>
    public override Question Ask(ToolArguments arguments, TimeProvider clock)
    {
        var question = base.Ask(arguments, clock);
        var other = TimeArguments.Pair(arguments, AgainstFrom, AgainstTo);
        if (other is null)
        {
            return question with { Extra = QuestionBuilder.Extra((Against.Name, arguments.Text(Against) ?? "before")) };
        }

        if (arguments.Has(Against))
        {
            throw Refusal.Of("against and against_from+against_to both name the other window.", "Give one of them.");
        }

        return question with
        {
            Extra = QuestionBuilder.Extra((AgainstFrom.Name, QuestionBuilder.Number(other.Value.StartMs)),
                (AgainstTo.Name, QuestionBuilder.Number(other.Value.EndMs))),
        };
    }
}
