namespace DtMcp.Darktrace.Flows;

/// <summary>What is known of one connection beside its numbers.</summary>
[Flags]
public enum FlowTraits : byte
{
    None = 0,

    /// <summary>The source of the row says it stays inside.</summary>
    MarkedInternal = 1,

    /// <summary>The source of the row says one end is outside.</summary>
    MarkedExternal = 2,

    /// <summary>The connection is known not to have been established: unanswered, refused, or seen from one side only.</summary>
    Failed = 4,

    /// <summary>More than 65,535 payload bytes a packet: a sensor's sequence-number artefact, not traffic.</summary>
    SensorArtefact = 8,

    /// <summary>The row says that it was established, which outweighs <see cref="Failed"/>; with neither, nothing is known.</summary>
    Established = 16,
}

/// <summary>Which columns at least one row of a set filled. A column nobody filled is unknown, not 0.</summary>
[Flags]
public enum FlowFields
{
    None = 0,
    Source = 1,
    Destination = 2,
    Protocol = 4,
    ApplicationProtocol = 8,
    SourcePort = 16,
    DestinationPort = 32,
    Bytes = 64,

    /// <summary>Bytes of the originator are known beside the sum (records).</summary>
    BytesOut = 128,
    Packets = 256,
    Start = 512,
    Duration = 1024,
    Direction = 2048,

    /// <summary>Whether a connection failed is known.</summary>
    State = 4096,
}
