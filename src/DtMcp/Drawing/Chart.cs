using System.Globalization;
using System.Text.Json;

namespace DtMcp.Drawing;

/// <summary>
/// A table of an answer as a picture: SVG without scripts, fonts or anything from elsewhere, for light and dark, with its text as
/// <c>title</c> and <c>desc</c>. Pure; figures are those of the answer.
/// </summary>
internal static class Chart
{
    private const int LabelWidth = 220;
    private const int BarHeight = 18;
    private const int Pitch = 26;
    private const int HoursHeight = 220;

    /// <summary>As many bars as can be taken in at a glance.</summary>
    private const int MostBars = 20;

    /// <summary>Null for a table that no chart suits.</summary>
    public static string? Of(SheetTable table) => Draw(table, ask: null)?.Svg;

    public static Picture? Draw(SheetTable table, Asking? ask) =>
        table.Rows.Count == 0 ? null
        : TimesChart.Suits(table) ? TimesChart.Draw(table)
        : IsCourse(table) && Figures(table) is [var first, ..] ? Hours(table, first, ask)
        : Figures(table) is [var fallback, ..] figures && Canvas.HasLabel(table)
            ? Bars(table, figures.Where(column => IsOrderedBy(table, column)).Append(fallback).First(), ask)
        : null;

    /// <summary>Whether a table goes along time.</summary>
    public static bool IsCourse(SheetTable table) => table.Columns.Count > 0 && table.Columns[0] is "hour" or "time" or "interval";

    public static string Value(SheetTable table, int column, long value) =>
        HumanText.Of(table.Columns[column], JsonElement.Parse(value.ToString(CultureInfo.InvariantCulture)));

    public static long Number(JsonElement? cell) => cell is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value)
        ? Math.Max(0, value) : 0;

    private static bool IsOrderedBy(SheetTable table, int column) =>
        table.Rows.Zip(table.Rows.Skip(1)).All(pair => Number(pair.First[column]) >= Number(pair.Second[column]));

    private static List<int> Figures(SheetTable table)
    {
        // A finding is told by how often, not by how much.
        string[] preferred = table.IndexOf("kind") >= 0 ? ["connections"] : ["bytes", "bytes_in", "bytes_out", "connections"];
        return [.. preferred.Select(table.IndexOf).Where(column => column >= 0)];
    }

    private static Picture Bars(SheetTable table, int measure, Asking? ask)
    {
        var rows = table.Rows.Take(MostBars).Select(row => (Label: Canvas.LabelOf(table, row), Value: Number(row[measure]))).ToList();
        var most = Math.Max(1, rows.Max(row => row.Value));
        var says = rows.Select(row => $"{row.Label} {Value(table, measure, row.Value)}").ToList();
        var to = new Canvas(table.Name, (rows.Count * Pitch) + 34, $"{table.Columns[measure]} of {rows.Count} of {table.Of} {table.Name}",
            says, ask is not null);
        foreach (var (index, (label, value)) in rows.Index())
        {
            var y = 30 + (index * Pitch);
            var width = Math.Max(1, value * (Canvas.Width - LabelWidth - 110.0) / most);
            to.Part(says[index], ask?.Invoke(table, index), (0, y - 4, Canvas.Width, Pitch), () =>
            {
                to.Text(4, y + 13, Canvas.Shortened(label, 32));
                to.Draw($"<rect class=\"in\" x=\"{LabelWidth}\" y=\"{y}\" width=\"{width:0.#}\" height=\"{BarHeight}\" rx=\"2\"/>");
                to.Text(LabelWidth + width + 6, y + 13, Value(table, measure, value), "quiet");
            });
        }

        return new Picture(table.Name, to.End(), [.. rows.Select(row => $"{row.Label}: {row.Value} {table.Columns[measure]}")]);
    }

    // In above the axis, out below it; one measure stands above alone.
    private static Picture Hours(SheetTable table, int first, Asking? ask)
    {
        var (above, below) = (table.IndexOf("bytes_in"), table.IndexOf("bytes_out"));
        if (above < 0 || below < 0)
        {
            (above, below) = (first, -1);
        }

        var most = Math.Max(1, table.Rows.Max(row => Math.Max(Number(row[above]), below < 0 ? 0 : Number(row[below]))));
        var says = table.Rows.Select(row => $"{row[0]} {Value(table, above, Number(row[above]))}"
            + (below < 0 ? "" : $" {Value(table, below, Number(row[below]))}")).ToList();
        var to = new Canvas(table.Name, HoursHeight, below < 0 ? table.Columns[above] : "bytes in (above) and out (below)", says,
            ask is not null);
        var axis = below < 0 ? HoursHeight - 30 : (HoursHeight - 10) / 2;
        var room = axis - 44;
        var pitch = (Canvas.Width - 20.0) / table.Rows.Count;
        foreach (var (index, row) in table.Rows.Index())
        {
            to.Part(says[index], ask?.Invoke(table, index), (10 + (index * pitch), 40, pitch, HoursHeight - 60), () =>
            {
                Bar(to, "in", 10 + (index * pitch), pitch, axis, Number(row[above]) * (double)room / most, upwards: true);
                if (below >= 0)
                {
                    Bar(to, "out", 10 + (index * pitch), pitch, axis, Number(row[below]) * (double)room / most, upwards: false);
                }
            });
        }

        to.Draw($"<line class=\"axis\" x1=\"10\" x2=\"{Canvas.Width - 10}\" y1=\"{axis}\" y2=\"{axis}\"/>");
        to.Text(10, 38, $"at most {Value(table, above, most)}", "quiet");
        to.Text(10, HoursHeight - 6, Sheet.Inert(table.Rows[0][0].ToString()!), "quiet");
        to.Text(Canvas.Width - 120, HoursHeight - 6, Sheet.Inert(table.Rows[^1][0].ToString()!), "quiet");
        return new Picture(table.Name, to.End(), [.. table.Rows.Select(row => $"{row[0]}: {Number(row[above])} {table.Columns[above]}"
            + (below < 0 ? "" : $", {Number(row[below])} {table.Columns[below]}"))]);
    }

    private static void Bar(Canvas to, string side, double x, double pitch, double axis, double height, bool upwards)
    {
        var (y, width) = (upwards ? axis - height : axis, Math.Max(1, pitch - 2));
        to.Draw($"<rect class=\"{side}\" x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\"/>");
    }
}
