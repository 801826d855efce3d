using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Investigations;

/// <summary>An analysis whose tables can be filled by several threads, each going over all rows for its own.</summary>
internal interface IDividedAnalysis
{
    /// <summary>Divides it, for good. Every part has to see every kept row; then the analysis is whole.</summary>
    IReadOnlyList<IFlowConsumer> Divide();
}
