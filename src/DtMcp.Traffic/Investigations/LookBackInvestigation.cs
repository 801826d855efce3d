using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>An investigation that looks back at an earlier window too.</summary>
public abstract record LookBackInvestigation : Investigation
{
    /// <summary>The earlier window; the one before unless another was asked for.</summary>
    internal virtual TimeWindow Earlier(TimeWindow window) => new(window.StartMs - window.LengthMs, window.EndMs - window.LengthMs);

    /// <summary>A fresh analysis of both windows.</summary>
    internal abstract ITwoWindowAnalysis Begin(AnalysisSettings settings, TimeWindow earlier);

    /// <summary>About how many bytes it holds at once over the rows of one window.</summary>
    internal abstract long WorkBytes(FlowSet flows);
}

/// <summary>
/// An analysis of two windows: feed <see cref="Now"/> and <see cref="Before"/>, in either order or side by side, then finish.
/// </summary>
internal interface ITwoWindowAnalysis
{
    IFlowConsumer Now { get; }

    IFlowConsumer Before { get; }

    /// <summary>Whether tables of the earlier window would be of use where the later one has no rows.</summary>
    bool ComparesTables { get; }

    /// <summary>Whether it is to be told which end sent how much, where the appliance says that anywhere.</summary>
    bool WantsDirections => false;

    /// <summary>Destinations outside that the later window has and the earlier lacks: they may have been seen before both.</summary>
    IReadOnlyList<NetAddress> Fresh(FlowSet now, FlowSet? before);

    /// <summary>Which of them the history saw; to be told before the finish.</summary>
    HistoryPast? Past { get; set; }

    /// <summary>What was sent in the later window and is to be compared with what is usual; null for nothing.</summary>
    SentToCompare? SentNow(FlowSet now);

    /// <summary>What the history knows of what is usual; to be told before the finish.</summary>
    HistoryUploads? SentBefore { get; set; }

    /// <param name="now">The later window's rows.</param>
    /// <param name="before">The earlier window's rows; null when it has none that can be used.</param>
    /// <param name="beforeSelected">How many of them the question selects.</param>
    Findings Finish(FlowSet now, FlowSet? before, long beforeSelected);

    Findings Finish(ConnectivityHalves now, ConnectivityHalves before);
}
