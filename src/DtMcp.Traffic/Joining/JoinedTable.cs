using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Joining;

/// <summary>One table of those of several appliances.</summary>
internal static class JoinedTable
{
    private const string Whose = "appliance";

    /// <param name="parts">The table of each appliance that has it.</param>
    /// <param name="question">How many rows are asked for.</param>
    /// <param name="totals">What shares are of.</param>
    /// <param name="isInside">Whether an address is an appliance's own.</param>
    /// <param name="notes">What is to be said of it is added here.</param>
    public static Table Of(
        IReadOnlyList<(string Appliance, Table Table)> parts, Question question, IReadOnlyList<Field> totals,
        Func<string, NetAddress, bool> isInside, List<string> notes)
    {
        var first = parts[0].Table;
        if (parts.All(part => part.Table.Shape is { IsShared: true } shape && shape.Roles.Count == part.Table.Columns.Count
            && part.Table.Columns.SequenceEqual(first.Columns) && part.Table.SortedBy == first.SortedBy))
        {
            // What several saw has no place in an order by what is not told of it.
            var by = first.Columns.ToList().IndexOf(RowOrder.ColumnOf(first.SortedBy) ?? "");
            if (by >= 0 && first.Shape!.Roles[by] == ColumnRole.Apart)
            {
                notes.Add($"{first.Name}: {first.Columns[by]} of several appliances may be the same ones, so that each has its own row.");
            }
            else if (parts.All(part => part.Table.Rows.Count == part.Table.Of && !part.Table.MayHaveMore))
            {
                return new SharedRows(parts, totals, isInside).Table(Most(question, first), notes);
            }

            else
            {
                notes.Add($"{first.Name}: too many to be added up, so that one that several appliances saw has a row for each.");
            }
        }

        return Apart(parts, question);
    }

    // Each row is one appliance's: the first of all are among the first of each.
    private static Table Apart(IReadOnlyList<(string Appliance, Table Table)> parts, Question question)
    {
        var first = parts[0].Table;
        string[] columns = [.. parts.SelectMany(part => part.Table.Columns).Distinct()];
        List<(IReadOnlyList<Cell> Cells, int At)> rows = [];
        foreach (var (appliance, table) in parts)
        {
            int[] places = [.. columns.Select(column => table.Columns.ToList().IndexOf(column))];
            rows.AddRange(table.Rows.Select((row, at) =>
                ((IReadOnlyList<Cell>)[Cell.Of(appliance), .. places.Select(place => place < 0 ? Cell.Absent : row[place])], at)));
        }

        var by = Array.IndexOf(columns, RowOrder.ColumnOf(first.SortedBy)) + 1;
        var order = by == 0 ? null : RowOrder.Of(parts.Select(part => part.Table), columns[by - 1]);
        var ordered = order is null ? rows.OrderBy(row => row.At) : rows.OrderBy(row => row.Cells[by], order).ThenBy(row => row.At);
        return first with
        {
            Columns = [Whose, .. columns],
            Of = parts.Sum(part => part.Table.Of),
            MayHaveMore = parts.Any(part => part.Table.MayHaveMore),
            Rows = [.. ordered.Take(Most(question, first)).Select(row => row.Cells)],
            Shape = null,
        };
    }

    // Findings have as many rows as their own rule says.
    private static int Most(Question question, Table table) =>
        table.Shape is { IsByTime: true } ? int.MaxValue
        : table.Shape is { } shape ? shape.Top ?? PageRows.Of(question)
        : table.IsVerdict ? question.Limit ?? int.MaxValue
        : PageRows.Of(question);
}
