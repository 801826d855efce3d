using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Investigations.Comparing;

/// <summary>How much one thing (a destination, a port) was used in one window. What the evidence does not tell is null.</summary>
/// <param name="Identify">Says who it is; asked for the few that are shown.</param>
/// <param name="Id">What <paramref name="Identify"/> goes by.</param>
/// <param name="Connections">Connections.</param>
/// <param name="Bytes">Bytes of both directions.</param>
internal sealed record Usage(Func<int, IReadOnlyList<Cell>> Identify, int Id, long? Connections, long? Bytes)
{
    public Usage(IReadOnlyList<Cell> identity, long? connections, long? bytes)
        : this(_ => identity, 0, connections, bytes)
    {
    }

    public IReadOnlyList<Cell> Identity => Identify(Id);
}

/// <summary>All that is compared, each by a key that means the same in both windows; null where the evidence has none.</summary>
internal sealed record WindowUsage
{
    public Dictionary<string, Usage>? Destinations { get; init; }

    public Dictionary<string, Usage>? Devices { get; init; }

    public Dictionary<string, Usage>? Ports { get; init; }

    /// <summary>Ports at the other end of one device, whoever began.</summary>
    public Dictionary<string, Usage>? RemotePorts { get; init; }

    public Dictionary<string, Usage>? Protocols { get; init; }

    public Dictionary<string, Usage>? ApplicationProtocols { get; init; }

    /// <summary>Whether this window may have seen an endpoint of this key, though it holds none: it was evicted.</summary>
    public Func<string, bool> MayHaveSeen { get; init; } = static _ => false;
}
