using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Queries.Rows.Selecting;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>
/// Shows the rows of a capture to an analysis: on one thread, or where it pays on as many as the analysis can be divided for.
/// </summary>
internal static class RowFeed
{
    /// <summary>With fewer rows another thread costs more than it saves.</summary>
    public const int FewestForThreads = 100_000;

    /// <param name="flows">The capture's rows.</param>
    /// <param name="analysis">What sees them.</param>
    /// <param name="filter">Selects rows for the analysis; null when all count.</param>
    /// <param name="cancellationToken">Stops between two chunks.</param>
    public static void Run(FlowSet flows, IFlowConsumer analysis, RowFilter? filter, CancellationToken cancellationToken)
    {
        if (PaysThreads(flows.Count) && analysis is IDividedConsumer divided)
        {
            Parallel.Invoke(new ParallelOptions { CancellationToken = cancellationToken },
                [.. divided.Divide().Select(part =>
                    (Action)(() => Show(flows, filter is null ? part : filter.For(part), cancellationToken)))]);
        }
        else
        {
            Show(flows, (IFlowConsumer?)filter ?? analysis, cancellationToken);
        }
    }

    /// <summary>Whether so many rows are worth another thread.</summary>
    public static bool PaysThreads(long rows) => rows >= FewestForThreads && Environment.ProcessorCount > 1;

    /// <summary>Shows all rows on this thread.</summary>
    public static void Show(FlowSet flows, IFlowConsumer to, CancellationToken cancellationToken)
    {
        foreach (var chunk in flows.Chunks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            to.Consume(flows, chunk);
        }
    }
}
