namespace DtMcp.Exporting.Tables;

/// <summary>A file of a table that is written a part at a time.</summary>
internal interface ITableFile : IDisposable
{
    /// <summary>Whether the numbers of words go on from part to part; else each part has its own.</summary>
    bool KeepsWords { get; }

    /// <summary>Writes the next rows.</summary>
    void Write(IReadOnlyList<Column> columns, int rows);

    /// <summary>Writes what stands at the end. Without it the file cannot be read.</summary>
    void Finish(IReadOnlyList<Column> columns);
}
