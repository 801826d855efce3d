using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Evidence;

/// <summary>
/// Watches the reading of rows. While all rows and endpoints fit they are only kept, to be analysed afterwards and to serve later
/// questions. Once they do not, the question's analysis takes the kept ones and every one after, so that its figures stay exact. Two that
/// are read for at once each take all.
/// </summary>
internal sealed class OverflowFeed(params IReadOnlyList<IFlowConsumer> analyses) : IFlowConsumer
{
    /// <summary>Whether the analysis has been fed already.</summary>
    public bool Happened { get; private set; }

    public void Consume(FlowSet flows, FlowChunk chunk)
    {
        if (flows.KeepsRows)
        {
            return;
        }

        if (!Happened)
        {
            Happened = true;
            foreach (var kept in flows.Chunks)
            {
                Show(flows, kept);
            }
        }

        Show(flows, chunk);
    }

    public void Weigh(EndpointWeights weights)
    {
        foreach (var analysis in analyses)
        {
            analysis.Weigh(weights);
        }
    }

    public void Remap(EndpointRemap remap)
    {
        foreach (var analysis in analyses)
        {
            analysis.Remap(remap);
        }
    }

    private void Show(FlowSet flows, FlowChunk chunk)
    {
        foreach (var analysis in analyses)
        {
            analysis.Consume(flows, chunk);
        }
    }
}
