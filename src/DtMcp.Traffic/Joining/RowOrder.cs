using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Joining;

/// <summary>The order that tables are in, told by their rows.</summary>
internal sealed class RowOrder : IComparer<Cell>
{
    private static readonly string[] Confidences = ["low", "medium", "high"];

    private readonly bool _isAscending;

    private RowOrder(bool isAscending) => _isAscending = isAscending;

    /// <summary>The column that a table's words of its order name.</summary>
    public static string? ColumnOf(string? sortedBy) =>
        sortedBy is null ? null : sortedBy.StartsWith("by ", StringComparison.Ordinal) ? sortedBy[3..] : sortedBy;

    /// <summary>Of a column of tables that are sorted by it; null where they are by something else.</summary>
    public static RowOrder? Of(IEnumerable<Table> tables, string column)
    {
        var (falls, rises) = (false, false);
        foreach (var table in tables)
        {
            var at = table.Columns.ToList().IndexOf(column);
            for (var row = 1; at >= 0 && row < table.Rows.Count; row++)
            {
                var way = ByValue(table.Rows[row - 1][at], table.Rows[row][at]);
                (falls, rises) = (falls || way > 0, rises || way < 0);
            }
        }

        return falls && rises ? null : new RowOrder(rises);
    }

    public int Compare(Cell x, Cell y) => _isAscending ? ByValue(x, y) : ByValue(y, x);

    /// <summary>Keys of one value as tables of one appliance have them: addresses and numbers by value, names in ordinal order.</summary>
    public static int ByKey(Cell x, Cell y) =>
        x.Kind == CellKind.Text && y.Kind == CellKind.Text
            ? NetAddress.TryParse(x.Text, out var one) && NetAddress.TryParse(y.Text, out var other)
                ? one.CompareTo(other)
                : string.CompareOrdinal(x.Text, y.Text)
            : ByValue(x, y);

    private static int ByValue(Cell x, Cell y) => Value(x).CompareTo(Value(y));

    // What is unknown is least.
    private static (int Known, long Whole, double Part) Value(Cell cell) => cell.Kind switch
    {
        CellKind.Integer or CellKind.Moment or CellKind.Boolean => (1, cell.Integer, 0),
        CellKind.Number => (1, 0, cell.Number),
        CellKind.Text => (1, Array.IndexOf(Confidences, cell.Text), 0),
        _ => (0, 0, 0),
    };
}
