namespace DtMcp.Simulator.Records;

/// <summary>One connection, as Zeek's conn.log has it. Counts that the source does not know are 0.</summary>
internal readonly struct ConnectionRecord
{
    /// <summary>Start, epoch milliseconds UTC.</summary>
    public required long StartMs { get; init; }

    /// <summary>Duration in seconds; NaN when unknown.</summary>
    public double DurationSeconds { get; init; }

    /// <summary>The originator: an index into <see cref="RecordSet.Addresses"/>.</summary>
    public required int Source { get; init; }

    /// <summary>The responder: an index into <see cref="RecordSet.Addresses"/>.</summary>
    public required int Destination { get; init; }

    /// <summary>0 for ICMP.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>0 for ICMP.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>A row of <see cref="RecordSet.Services"/>; 0 for none.</summary>
    public ushort Service { get; init; }

    /// <summary>A row of <see cref="RecordSet.Protocols"/>.</summary>
    public byte Protocol { get; init; }

    public ConnState State { get; init; }

    /// <summary>Payload bytes that the originator sent.</summary>
    public long OrigBytes { get; init; }

    public long RespBytes { get; init; }

    public long OrigPackets { get; init; }

    public long RespPackets { get; init; }

    public bool HasDuration => !double.IsNaN(DurationSeconds);

    /// <summary>End: start and duration, rounded to a millisecond; the start when the duration is unknown.</summary>
    public long EndMs => HasDuration ? StartMs + (long)Math.Round(DurationSeconds * 1000, MidpointRounding.AwayFromZero) : StartMs;

    public long Bytes => OrigBytes + RespBytes;

    public long Packets => OrigPackets + RespPackets;
}
