namespace DtMcp.Darktrace.Reading.Json;

/// <summary>How far the reading of one body has come: whole rows and bytes of JSON.</summary>
public readonly record struct ReadProgress(long Rows, long Bytes);
