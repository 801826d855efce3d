namespace DtMcp.Exporting.Tables;

/// <summary>What a column holds.</summary>
internal enum ColumnKind
{
    /// <summary>Milliseconds since 1970, UTC.</summary>
    Time,

    /// <summary>0 to 65,535.</summary>
    Port,

    /// <summary>A 64-bit number.</summary>
    Count,

    /// <summary>Seconds, by the bits of a double.</summary>
    Seconds,

    /// <summary>0 or 1.</summary>
    Flag,

    /// <summary>The number of a word.</summary>
    Word,
}
