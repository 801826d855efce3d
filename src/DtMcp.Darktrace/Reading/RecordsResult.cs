namespace DtMcp.Darktrace.Reading;

/// <summary>
/// What a search of connection records came to. <see cref="Total"/> is the appliance's count for the search, <see cref="Read"/> the rows that went into the
/// set; <see cref="Complete"/> when nothing that matches was left unread.
/// </summary>
public sealed record RecordsResult(long Total, long Read, bool Complete);
