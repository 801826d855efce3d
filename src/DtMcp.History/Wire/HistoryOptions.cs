using DtMcp.Darktrace.Signing;

namespace DtMcp.History.Wire;

/// <summary>Where the history is kept, and how much one question may take there.</summary>
public sealed record HistoryOptions
{
    /// <summary>
    /// The HTTP addresses of the nodes. Questions and rows go to the first; tables are made, and old days dropped, on each.
    /// </summary>
    public required IReadOnlyList<Uri> Nodes { get; init; }

    public string Database { get; init; } = "dtmcp";

    /// <summary>The cluster that the nodes are the shards of, as their configuration names it; null for one node.</summary>
    public string? Cluster { get; init; }

    public string User { get; init; } = "default";

    public Secret? Password { get; init; }

    /// <summary>PEM file of certificate authorities that are trusted beside the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Days that are kept; older ones are dropped.</summary>
    public int Days { get; init; } = 90;

    /// <summary>The longest that one query may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The wait before a read is tried again; each further one is twice as long.</summary>
    internal TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Bytes of names that are sent at once; a test sends each page.</summary>
    internal int NamesBatch { get; init; } = 8 << 20;

    /// <summary>Rows whose channels one query groups, about; a test divides few.</summary>
    internal long ChannelsAtOnce { get; init; } = 20_000_000;

    /// <summary>The most memory that one query may take on a node, in bytes.</summary>
    public long MaxMemory { get; init; } = 2L << 30;

    /// <summary>The most rows that one query may read.</summary>
    public long MaxRows { get; init; } = 10_000_000_000;
}
