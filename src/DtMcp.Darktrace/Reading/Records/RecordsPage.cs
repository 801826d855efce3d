namespace DtMcp.Darktrace.Reading.Records;

/// <summary>
/// One page of Advanced Search: matches in all, entries in this page, whether the search itself ran out of time, and bytes of JSON.
/// </summary>
public readonly record struct RecordsPage(long Total, int Hits, bool TimedOut, long BytesRead)
{
    /// <summary>Entries of the page that start outside the window asked, and so were left out.</summary>
    public long Outside { get; init; }

    /// <summary>Rows without a start of their own, which stand at the second of their insertion.</summary>
    public long ByInsertion { get; init; }

    /// <summary>Payload that sensors did not see, by gaps in the sequence numbers.</summary>
    public long MissedBytes { get; init; }

    /// <summary>Rows that miss some.</summary>
    public long MissedRows { get; init; }

    /// <summary>The probe that did not answer (<c>darktraceChildError</c>), or null. Untrusted text.</summary>
    public string? SilentProbe { get; init; }

    /// <summary>Parts of the index that failed.</summary>
    public long FailedShards { get; init; }

    /// <summary>What the appliance says in <c>error</c>, where it refuses a search with status 200, or null. Untrusted text.</summary>
    public string? Error { get; init; }
}
