using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Records;

/// <summary>
/// The filters of /network as they were asked. Null is no filter. A connection belongs to the window by its start, both ends inclusive.
/// </summary>
internal sealed record Filter
{
    public required long StartMs { get; init; }

    public required long EndMs { get; init; }

    public long? Did { get; init; }

    public IpAddress? Ip { get; init; }

    /// <summary>A sid: connections with either end in the subnet.</summary>
    public long? ViewSubnet { get; init; }

    /// <summary>True for internal only, false for external only.</summary>
    public bool? Internal { get; init; }

    /// <summary>A name in any case, or a code of <c>/enums</c>.</summary>
    public string? Protocol { get; init; }

    /// <summary>A name in any case, or a code of <c>/enums</c>.</summary>
    public string? ApplicationProtocol { get; init; }

    /// <summary>Either port.</summary>
    public int? Port { get; init; }

    public int? SourcePort { get; init; }

    public int? DestinationPort { get; init; }

    /// <summary>Peer of <see cref="Did"/> or <see cref="Ip"/>: /metricdata's and /details' ddid.</summary>
    public long? PeerDid { get; init; }
}
