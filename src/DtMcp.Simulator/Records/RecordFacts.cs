using DtMcp.Simulator.Records.Addresses;
using DtMcp.Simulator.Records.NameLogs;

namespace DtMcp.Simulator.Records;

/// <summary>What goes with the connections of a record set and cannot be had from them.</summary>
internal sealed record RecordFacts
{
    public IReadOnlyDictionary<IpAddress, DeviceFacts> Devices { get; init; } = new Dictionary<IpAddress, DeviceFacts>();

    public IReadOnlyDictionary<IpAddress, OutsideInfo> Outside { get; init; } = new Dictionary<IpAddress, OutsideInfo>();

    /// <summary>Subnets by name, numbered in this order; empty for the /24s and /64s of the devices.</summary>
    public IReadOnlyList<(AddressRange Range, string? Label)> Subnets { get; init; } = [];

    public IReadOnlyList<ModelBreach> Breaches { get; init; } = [];

    /// <summary>Names seen in the connections; null where no log of them is there.</summary>
    public IReadOnlyList<NameEntry>? Names { get; init; }

    public bool Synthetic { get; init; }
}
