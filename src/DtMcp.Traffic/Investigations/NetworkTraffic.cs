using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>The connections themselves, in the order asked, a page at a time.</summary>
public sealed record NetworkTraffic : WindowInvestigation
{
    public override string Name => "get_network_traffic";

    internal override Needs Needs => new(WantsOutside: true);

    internal override IAnalysis Begin(AnalysisSettings settings) => new RawTraffic(settings);

    internal override long WorkBytes(AnalysisSettings settings, FlowSet? flows) =>
        Math.Min(flows?.Count ?? 0, settings.Offset + settings.Limit) * RawTraffic.BytesOfRow;
}
