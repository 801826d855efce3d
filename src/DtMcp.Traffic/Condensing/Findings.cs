using DtMcp.Darktrace.Reading;
using DtMcp.Traffic.Rendering;

namespace DtMcp.Traffic.Condensing;

/// <summary>What an analysis found: the part of a <see cref="Digest"/> that depends on the evidence.</summary>
public sealed record Findings
{
    public required IReadOnlyList<Field> Totals { get; init; }

    public required IReadOnlyList<Table> Tables { get; init; }

    public IReadOnlyList<Field>? Device { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    public IReadOnlyList<string> Next { get; init; } = [];
}

/// <summary>
/// One analysis, one file. Over rows it is a consumer that takes chunks as they come and never keeps one.
/// Over the guide's tables it answers at once from one answer, or from the two halves of a device (internal and external).
/// </summary>
public interface IAnalysis : IFlowConsumer
{
    /// <summary>After the last chunk.</summary>
    Findings Finish(FlowSet flows);

    /// <summary>From the guide's tables; says in a note what they cannot tell.</summary>
    Findings Finish(ConnectivityHalves answers);
}

/// <summary>
/// The guide's answers to one question: everything in one (<see cref="Both"/>), or a device's internal and external halves.
/// </summary>
public sealed record ConnectivityHalves
{
    public Connectivity? Both { get; init; }

    public Connectivity? Internal { get; init; }

    public Connectivity? External { get; init; }

    /// <summary>
    /// Answers about single subnets beside one about everything: they alone tell what each of a subnet's devices received and sent itself.
    /// </summary>
    public IReadOnlyList<Connectivity> SubnetViews { get; init; } = [];

    /// <summary>
    /// The answers to add up: everything in one, else the two halves. An external answer beside everything only describes the outside.
    /// </summary>
    public IEnumerable<Connectivity> Summed => Both is { } both ? [both] : All;

    public IEnumerable<Connectivity> All => new[] { Both, Internal, External }.OfType<Connectivity>();
}

/// <summary>An analysis that a series of bytes over time answers too.</summary>
public interface ISeriesAnalysis
{
    Findings Finish(Series series);
}
