using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// An investigation that is a <see cref="Queries.Query"/>: it says what it wants, once, and each kind of evidence answers it.
/// </summary>
public abstract record QueryInvestigation : WindowInvestigation
{
    /// <summary>The figures and tables that are wanted.</summary>
    internal abstract Query Query { get; }

    internal sealed override IAnalysis Begin(AnalysisSettings settings) => new QueryAnalysis(this, settings);

    /// <summary>From a series of bytes over time, where the investigation asks for one.</summary>
    internal virtual Findings OverSeries(Series series, AnalysisSettings settings) =>
        throw new NotSupportedException($"{Name} asks for no series.");

    /// <summary>What a reader should know besides, by the figures found over rows.</summary>
    internal virtual IEnumerable<string> Notes(Findings found) => [];

    /// <summary>Calls worth making next, by what was found over rows.</summary>
    internal virtual IEnumerable<string> Next(Findings found, AnalysisSettings settings) => [];

    /// <summary>Calls worth making next, by what was found over connectivity tables.</summary>
    internal virtual IEnumerable<string> NextOverTables(Findings found, AnalysisSettings settings) => [];
}
