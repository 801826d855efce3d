namespace DtMcp.Darktrace.Reading.Json;

/// <summary>How far the reading of one body has come: whole rows and bytes of JSON.</summary>
public readonly record struct ReadProgress(long Rows, long Bytes)
{
    /// <summary>Parts that are known of, where a reading is divided; else 0.</summary>
    public int Parts { get; init; }

    /// <summary>Parts that are read.</summary>
    public int PartsDone { get; init; }
}
