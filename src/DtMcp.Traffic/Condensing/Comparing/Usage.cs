using DtMcp.Traffic.Rendering;

namespace DtMcp.Traffic.Condensing.Comparing;

/// <summary>How much one thing (a destination, a port) was used in one window. What the evidence does not tell is null.</summary>
internal sealed record Usage(IReadOnlyList<Cell> Identity, long? Connections, long? Bytes);

/// <summary>All that is compared, each by a key that means the same in both windows; null where the evidence has none.</summary>
internal sealed record WindowUsage
{
    public Dictionary<string, Usage>? Destinations { get; init; }

    public Dictionary<string, Usage>? Devices { get; init; }

    public Dictionary<string, Usage>? Ports { get; init; }

    public Dictionary<string, Usage>? Protocols { get; init; }

    public Dictionary<string, Usage>? ApplicationProtocols { get; init; }
}
