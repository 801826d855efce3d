using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>A consumer whose tables can be filled by several threads, each going over all rows for its own.</summary>
internal interface IDividedConsumer : IFlowConsumer
{
    /// <summary>Divides it, for good. Every part has to see every kept row; then it is whole.</summary>
    IReadOnlyList<IFlowConsumer> Divide();
}
