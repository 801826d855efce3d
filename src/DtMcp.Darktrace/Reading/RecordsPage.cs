namespace DtMcp.Darktrace.Reading;

/// <summary>One page of Advanced Search: matches in all, rows in this page, whether the search itself ran out of time, and bytes of JSON.</summary>
public readonly record struct RecordsPage(long Total, int Hits, bool TimedOut, long BytesRead);
