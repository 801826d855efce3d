using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Collected;

/// <summary>Fills an analysis from what the history counts, in place of the rows that are held there.</summary>
internal interface IHistoryFill
{
    /// <summary>What the question is about, for the analysis.</summary>
    AnalysisSettings About { get; }

    /// <summary>The analysis: it takes the rows that began later.</summary>
    IFlowConsumer Later { get; }

    /// <summary>Whether anything was filled in: then it cannot begin anew.</summary>
    bool IsTouched { get; }

    /// <summary>How many connections the question selects, once it is filled.</summary>
    long Selected { get; }

    /// <summary>Fills in what is held.</summary>
    Task SumAsync(HistorySelection rows, FlowSet flows, CancellationToken cancellationToken);

    /// <summary>Endpoints have their names and devices; later rows come next.</summary>
    void NoteNames(FlowSet flows);

    /// <summary>Asks for what is told only of what is shown, once the later rows are in and endpoints have their names.</summary>
    Task FinishAsync(HistorySelection rows, FlowSet flows, CancellationToken cancellationToken);
}
