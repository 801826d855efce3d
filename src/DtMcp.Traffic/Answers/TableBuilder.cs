namespace DtMcp.Traffic.Answers;

/// <summary>Puts a table together row by row; every row has a cell a column.</summary>
internal sealed class TableBuilder(string name, string? sortedBy, params string[] columns)
{
    private readonly List<IReadOnlyList<Cell>> _rows = [];

    public TableBuilder Add(params Cell[] cells)
    {
        if (cells.Length != columns.Length)
        {
            throw new ArgumentException($"Table {name} has {columns.Length} columns, the row {cells.Length}.", nameof(cells));
        }

        _rows.Add(cells);
        return this;
    }

    /// <summary>The table without the columns that hold nothing in any of its rows.</summary>
    public Table BuildFilled(long of)
    {
        int[] filled =
        [
            .. Enumerable.Range(0, columns.Length)
                .Where(at => _rows.Count == 0 || _rows.Exists(row => row[at].Kind != CellKind.Absent)),
        ];
        return new Table
        {
            Name = name,
            SortedBy = sortedBy,
            Of = of,
            Columns = [.. filled.Select(at => columns[at])],
            Rows = [.. _rows.Select(row => (IReadOnlyList<Cell>)[.. filled.Select(at => row[at])])],
        };
    }

    public Table Build(long of) => new() { Name = name, SortedBy = sortedBy, Of = of, Columns = columns, Rows = _rows };
}
