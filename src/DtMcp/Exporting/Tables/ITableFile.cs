namespace DtMcp.Exporting.Tables;

/// <summary>A file of a table that is written a part at a time.</summary>
internal interface ITableFile : IDisposable
{
    /// <summary>Writes the next rows. Each part has its own numbers of words.</summary>
    void Write(IReadOnlyList<Column> columns, int rows);

    /// <summary>Writes what stands at the end. Without it the file cannot be read.</summary>
    void Finish(IReadOnlyList<Column> columns);
}
