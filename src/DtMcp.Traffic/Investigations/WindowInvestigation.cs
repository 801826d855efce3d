using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>An investigation of the traffic of one window.</summary>
public abstract record WindowInvestigation : Investigation
{
    /// <summary>A fresh analysis, which answers from whatever evidence there is.</summary>
    internal abstract IAnalysis Begin(AnalysisSettings settings);

    /// <summary>About how many bytes it holds at once over so many rows.</summary>
    internal virtual long WorkBytes(AnalysisSettings settings, FlowSet? flows) => WorkBytesOf.Tables(flows);
}

/// <summary>
/// About how many bytes a piece of work holds at once. Rather too many: what is held is bounded, what is estimated too low is not.
/// </summary>
internal static class WorkBytesOf
{
    /// <summary>Sums, sides and partners of an endpoint in all tables of an analysis.</summary>
    private const long Host = 200;

    /// <summary>Pairs of an endpoint and a port, a name or a partner: most connections make none that is new.</summary>
    private const long Row = 24;

    private const long MaxRowBytes = 96 << 20;

    public static long Tables(FlowSet? flows) => flows is null ? 0 : (flows.Hosts.Count * Host) + Math.Min(flows.Count * Row, MaxRowBytes);
}
