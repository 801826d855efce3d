using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Records;

/// <summary>
/// A model breach that goes with a planted incident. Pairs between <see cref="Device"/> and <see cref="Peer"/> count as Unusual in
/// /network.
/// </summary>
internal sealed record ModelBreach
{
    public required long Pbid { get; init; }

    public required long Pid { get; init; }

    public required string Uuid { get; init; }

    public required string ModelName { get; init; }

    public required string Category { get; init; }

    public string Description { get; init; } = "";

    /// <summary>From 0 to 1.</summary>
    public required double Score { get; init; }

    public required long TimeMs { get; init; }

    public required IpAddress Device { get; init; }

    public IpAddress? Peer { get; init; }

    public int? Port { get; init; }

    /// <summary>Who acknowledged it; null when nobody did.</summary>
    public string? AcknowledgedBy { get; init; }

    public IReadOnlyList<string> MitreTechniques { get; init; } = [];
}
