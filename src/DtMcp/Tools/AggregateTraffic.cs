using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Questions;
using static DtMcp.Tools.Arguments.Parameters;

namespace DtMcp.Tools;

internal sealed class AggregateTraffic : ToolDefinition
{
    public override string Name => "aggregate_traffic";

    public override string Title => "Any grouping of traffic";

    public override string Description =>
        "Groups connections by one or two things (device by hour, country, who talks to a peer) with any measure and filter.";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        By, Measure, Top, Order, .. Window, .. Device, .. AnySubnet, IntExt, Protocol, ApplicationProtocol, Port, SourcePort,
        DestinationPort, .. Conditions, Interval, .. Output,
    ];

    public override IReadOnlyList<Parameter> Required { get; } = [By];

    protected override Investigation Investigate(ToolArguments arguments)
    {
        var by = arguments.Words(By)!;
        return by.Contains("interval") && !arguments.Has(Interval)
            ? throw Refusal.Of("by=interval needs a length.", "Give interval as well, such as interval=5m, or take by=hour.")
            : new TrafficAggregation(by[0], by.Count > 1 ? by[1] : null, arguments.Text(Arguments.Parameters.Measure) ?? "bytes",
                arguments.Text(Order) == "ascending");
    }
}
