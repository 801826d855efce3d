using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>Rules over the traffic of a window, with the time before as a baseline: as long, and a day at least.</summary>
/// <param name="Kind">One rule's kind, or all.</param>
public sealed record Hunt(HuntKind Kind = HuntKind.All) : LookBackInvestigation
{
    public override string Name => "hunt_traffic";

    internal override Needs Needs => new(WantsOutside: true, WantsOwnBytes: true, WantsNames: Kind switch
    {
        HuntKind.All => NamesWanted.LookupsBeside,
        HuntKind.DnsTunnel or HuntKind.GeneratedNames => NamesWanted.Lookups,
        _ => NamesWanted.None,
    });

    internal override IReadOnlyList<(string Name, string Value)> Arguments => [("kind", Kind.Word())];

    internal override TimeWindow Earlier(TimeWindow window) =>
        new(window.StartMs - Math.Max(window.LengthMs, HuntRules.UsualMs), window.StartMs - 1);

    internal override ITwoWindowAnalysis Begin(AnalysisSettings settings, TimeWindow earlier) => new TrafficHunt(settings, Kind);

    internal override long WorkBytes(FlowSet flows) => ChannelBook.BytesOf(flows.Count);
}
