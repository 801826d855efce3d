using System.Globalization;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Joining;

/// <summary>
/// Rows of whole tables: those of a thing that is the same on every appliance become one. A device, and an address inside, is an
/// appliance's own.
/// </summary>
internal sealed class SharedRows
{
    private readonly string _name;
    private readonly string? _sortedBy;
    private readonly IReadOnlyList<string> _columns;
    private readonly TableShape _shape;
    private readonly IReadOnlyList<Field> _totals;
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly Func<string, NetAddress, bool> _isInside;
    private readonly RowOrder? _order;
    private bool _isApart;

    public SharedRows(
        IReadOnlyList<(string Appliance, Table Table)> parts, IReadOnlyList<Field> totals, Func<string, NetAddress, bool> isInside)
    {
        var first = parts[0].Table;
        (_name, _sortedBy, _columns, _shape, _totals, _isInside) =
            (first.Name, first.SortedBy, first.Columns, first.Shape!, totals, isInside);
        foreach (var (appliance, table) in parts)
        {
            foreach (var row in table.Rows)
            {
                Add(appliance, row);
            }
        }

        _order = RowOrder.Of(parts.Select(part => part.Table), RowOrder.ColumnOf(_sortedBy) ?? "");
    }

    public Table Table(int most, List<string> notes)
    {
        var by = At(RowOrder.ColumnOf(_sortedBy));
        var keys = Enumerable.Range(0, _columns.Count).Where(at => _shape.Roles[at] == ColumnRole.Key).ToList();
        var ordered = _shape.IsByTime || by < 0 || _order is null
            ? _rows.Values.OrderBy(_ => 0)
            : _rows.Values.OrderBy(row => row.Cells[by], _order);
        ordered = keys.Aggregate(ordered, (rows, at) => rows.ThenBy(row => row.Cells[at], Comparer<Cell>.Create(RowOrder.ByKey)));
        List<Row> shown = [.. ordered.Take(most)];
        Share(shown);
        if (_isApart)
        {
            notes.Add($"{_name}: how many different ones there are is told of rows of one appliance, since several may have the same.");
        }

        return new Table
        {
            Name = _name,
            SortedBy = _sortedBy,
            Of = _rows.Count,
            Columns = ["appliance", .. _columns],
            Rows = [.. shown.Select(row => (IReadOnlyList<Cell>)[Cell.Of(string.Join(", ", row.Appliances)), .. row.Cells])],
        };
    }

    private void Add(string appliance, IReadOnlyList<Cell> cells)
    {
        var isOwn = cells.Where((cell, at) => IsOwn(appliance, _shape.Roles[at], cell)).Any();
        var keys = cells.Where((_, at) => _shape.Roles[at] == ColumnRole.Key).Select(KeyOf);
        var key = string.Join('\0', keys.Prepend(isOwn ? appliance : ""));
        if (!_rows.TryGetValue(key, out var row))
        {
            _rows.Add(key, new Row([appliance], [.. cells]));
            return;
        }

        row.Appliances.Add(appliance);
        for (var at = 0; at < row.Cells.Length; at++)
        {
            row.Cells[at] = Join(_shape.Roles[at], row.Cells[at], cells[at]);
        }
    }

    private bool IsOwn(string appliance, ColumnRole role, Cell cell) => role switch
    {
        ColumnRole.Own => cell.Kind != CellKind.Absent,
        ColumnRole.Key => cell.Kind == CellKind.Text && NetAddress.TryParse(cell.Text, out var address) && _isInside(appliance, address),
        _ => false,
    };

    private Cell Join(ColumnRole role, Cell one, Cell other)
    {
        switch (role)
        {
            case ColumnRole.Key or ColumnRole.Own:
                return one;
            case ColumnRole.About:
                return one.Kind == CellKind.Absent ? other : one;
            case ColumnRole.Sum:
                return one.Kind == CellKind.Integer && other.Kind == CellKind.Integer
                    ? Cell.Of(JoinedTotals.Plus(one.Integer, other.Integer))
                    : Cell.Absent;
            case ColumnRole.First or ColumnRole.Last:
                return one.Kind != CellKind.Moment || (other.Kind == CellKind.Moment
                    && (role == ColumnRole.First ? other.Integer < one.Integer : other.Integer > one.Integer)) ? other : one;
            case ColumnRole.List:
                return JoinedList.Of(one, other);
            case ColumnRole.Percent or ColumnRole.PercentOfBytes:
                return Cell.Absent;
            default:
                _isApart = true;
                return Cell.Absent;
        }
    }

    // Shares are of all that was asked of all appliances, and lists as long as in any row.
    private void Share(List<Row> shown)
    {
        for (var at = 0; at < _columns.Count; at++)
        {
            switch (_shape.Roles[at])
            {
                case ColumnRole.Percent:
                    Share(shown, at, "connections");
                    break;
                case ColumnRole.PercentOfBytes:
                    Share(shown, at, "bytes");
                    break;
                case ColumnRole.List:
                    shown.ForEach(row => row.Cells[at] = JoinedList.Short(row.Cells[at]));
                    break;
            }
        }
    }

    private void Share(List<Row> shown, int at, string of)
    {
        var (part, all) = (At(of), JoinedTotals.Find(_totals, of));
        foreach (var row in shown)
        {
            row.Cells[at] = part >= 0 && row.Cells[part].Kind == CellKind.Integer && all is { } whole
                ? Percent.Of(row.Cells[part].Integer, whole)
                : Cell.Absent;
        }
    }

    private int At(string? column) => _columns.ToList().IndexOf(column ?? "");

    private static string KeyOf(Cell cell) => cell.Kind switch
    {
        CellKind.Text => "t" + cell.Text,
        CellKind.Absent => "",
        _ => cell.Integer.ToString(CultureInfo.InvariantCulture),
    };

    private sealed record Row(List<string> Appliances, Cell[] Cells);
}
