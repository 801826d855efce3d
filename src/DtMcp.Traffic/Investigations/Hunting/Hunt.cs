using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>Rules over the traffic of a window, with the time before as a baseline.</summary>
/// <param name="Kind">One rule's kind, or all.</param>
public sealed record Hunt(HuntKind Kind = HuntKind.All) : LookBackInvestigation
{
    public override string Name => "hunt_traffic";

    internal override IReadOnlyList<(string Name, string Value)> Arguments => [("kind", Kind.Word())];

    internal override ITwoWindowAnalysis Begin(AnalysisSettings settings, TimeWindow earlier) => new TrafficHunt(settings, Kind);

    internal override long WorkBytes(FlowSet flows) => ConnectionPairs.BytesOf(flows.Count);
}
