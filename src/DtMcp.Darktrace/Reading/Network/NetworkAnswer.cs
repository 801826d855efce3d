using DtMcp.Darktrace.Flows;

namespace DtMcp.Darktrace.Reading.Network;

/// <summary>Which shape a <c>/network</c> answer had, told by its top-level keys.</summary>
public enum NetworkAnswerKind
{
    /// <summary>An empty object or array: a restriction to a name that does not exist, or nothing at all.</summary>
    Empty,

    /// <summary><c>traffic[]</c> (and <c>summary</c>): one row a connection.</summary>
    Flows,

    /// <summary>The guide's tables.</summary>
    Connectivity,

    /// <summary><c>metric</c> (a string) and <c>data[]</c>.</summary>
    Series,
}

/// <summary>What one <c>/network</c> request gave. Flows are in the <see cref="FlowSet"/> that the caller passed.</summary>
public sealed record NetworkAnswer
{
    public required NetworkAnswerKind Kind { get; init; }

    public Connectivity? Connectivity { get; init; }

    public Series? Series { get; init; }

    /// <summary>Rows of <c>traffic[]</c> or <c>data[]</c> read.</summary>
    public long Rows { get; init; }

    /// <summary>Bytes of JSON read, after decompression.</summary>
    public long BytesRead { get; init; }

    /// <summary>
    /// Values of rows that were not usable as they came: negative sizes, ports beyond 65,535, texts for numbers. They count 0, or as
    /// unknown.
    /// </summary>
    public long InvalidValues { get; init; }

    /// <summary>Entries of tables, or points of a series, beyond a million in one answer: counted and dropped.</summary>
    public long EntriesNotKept { get; init; }

    /// <summary>What an answer says that has nothing but <c>error</c>, or null. Untrusted text.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// <c>summary.totalconnections</c> where the answer had it: the appliance's own count, to be checked against the rows.
    /// </summary>
    public long? ReportedConnections { get; init; }
}
