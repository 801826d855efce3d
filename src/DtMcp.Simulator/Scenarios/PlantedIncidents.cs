using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Scenarios;

/// <summary>What was planted in the last 24 hours of an office: what a hunter has to find.</summary>
internal sealed record PlantedIncidents
{
    /// <summary>A device that calls a rare host outside about every five minutes.</summary>
    public required Incident Beacon { get; init; }

    /// <summary>A device that sends gigabytes to a rare host outside at night.</summary>
    public required Incident Upload { get; init; }

    /// <summary>A device that tries one port on many neighbours, and many ports on <see cref="Incident.Peer"/>.</summary>
    public required Incident Scan { get; init; }

    /// <summary>RDP to a rare host outside.</summary>
    public required Incident RemoteDesktop { get; init; }

    /// <summary>SMB to a rare host outside.</summary>
    public required Incident FileSharing { get; init; }

    /// <summary>A device that was not there the day before, and a destination that nobody used before.</summary>
    public required Incident NewDevice { get; init; }

    public IReadOnlyList<Incident> All => [Beacon, Upload, Scan, RemoteDesktop, FileSharing, NewDevice];
}

/// <summary>
/// One planted incident: its two ends, its port (that of the sweep for the scan), its first and last start, how many connections it is, and
/// the bytes of all that was written for it.
/// </summary>
internal sealed record Incident(IpAddress Device, string DeviceName, IpAddress Peer, string PeerName, int Port, long FirstMs, long LastMs,
    int Connections, long Bytes);
