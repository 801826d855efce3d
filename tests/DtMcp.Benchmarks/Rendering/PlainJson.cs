using System.Text.Json;
using DtMcp.Traffic.Answers;

namespace DtMcp.Benchmarks.Rendering;

/// <summary>
/// The obvious alternative to rendering: the tables as objects with a name a cell, serialised with blanks. No budget, nothing made inert.
/// </summary>
internal static class PlainJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(Digest digest) => JsonSerializer.Serialize(
        new
        {
            digest.Tool,
            Totals = digest.Totals.ToDictionary(total => total.Name, total => Value(total.Value)),
            Tables = digest.Tables.ToDictionary(
                table => table.Name,
                table => table.Rows.Select(row =>
                    row.Select((cell, at) => (table.Columns[at], Value(cell))).ToDictionary(pair => pair.Item1,
                        pair => pair.Item2)).ToList()),
            digest.Notes,
            digest.Next,
        },
        Indented);

    private static object? Value(Cell cell) => cell.Kind switch
    {
        CellKind.Integer => cell.Integer,
        CellKind.Number => cell.Number,
        CellKind.Text or CellKind.Moment => cell.Text,
        CellKind.Boolean => cell.Boolean,
        CellKind.Integers => cell.Integers,
        CellKind.Texts => cell.Texts,
        _ => null,
    };
}
