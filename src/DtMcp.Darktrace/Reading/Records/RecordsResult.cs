namespace DtMcp.Darktrace.Reading.Records;

/// <summary>
/// What a search of connection records came to. <see cref="Total"/> is the appliance's count for the search, <see cref="Read"/> the rows
/// that went into the set; <see cref="Complete"/> when nothing that matches was left unread.
/// </summary>
public sealed record RecordsResult(long Total, long Read, bool Complete)
{
    /// <summary>Entries that start outside the window asked, and so were left out.</summary>
    public long Outside { get; init; }

    /// <summary>Rows without a start of their own, which stand at the second of their insertion.</summary>
    public long ByInsertion { get; init; }

    /// <summary>Payload that sensors did not see, by gaps in the sequence numbers.</summary>
    public long MissedBytes { get; init; }

    /// <summary>Rows that miss some.</summary>
    public long MissedRows { get; init; }

    /// <summary>Whether a search ran out of time on the appliance.</summary>
    public bool TimedOut { get; init; }

    /// <summary>
    /// Names of probes that did not answer (<c>darktraceChildError</c>), each once, separated by a blank and a comma; null when all did.
    /// Untrusted text.
    /// </summary>
    public string? SilentProbes { get; init; }

    /// <summary>The most parts of the index that failed in one search.</summary>
    public long FailedShards { get; init; }

    /// <summary>Whether a part of the appliance did not answer: then its counts are at least what they say.</summary>
    public bool IsPartial => TimedOut || SilentProbes is not null || FailedShards > 0;
}
