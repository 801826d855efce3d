using DtMcp.Darktrace.Reading.Network;

namespace DtMcp.Traffic.Evidence;

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
