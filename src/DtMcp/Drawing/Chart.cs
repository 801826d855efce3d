using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace DtMcp.Drawing;

/// <summary>
/// A table of an answer as a picture: SVG without scripts, fonts or anything from elsewhere, for light and dark, with its text as
/// <c>title</c> and <c>desc</c>. Pure; figures are those of the answer.
/// </summary>
internal static class Chart
{
    private const int Width = 720;
    private const int LabelWidth = 220;
    private const int BarHeight = 18;
    private const int Pitch = 26;
    private const int HoursHeight = 220;

    /// <summary>As many bars as can be taken in at a glance.</summary>
    private const int MostBars = 20;

    private const string Style =
        "<style>svg{font:12px system-ui,sans-serif;background:#fff}text{fill:#222}.quiet{fill:#666}.in{fill:#2b6cb0}.out{fill:#c05621}"
        + ".axis{stroke:#999}@media(prefers-color-scheme:dark){svg{background:#16181c}text{fill:#eee}.quiet{fill:#aaa}.in{fill:#63a4e0}"
        + ".out{fill:#f0975b}}</style>";

    private static readonly string[] Labels =
        ["hostname", "name", "devicelabel", "ip", "source", "destination", "subnet", "label", "port", "destination_port"];

    /// <summary>Null for a table that no chart suits.</summary>
    public static string? Of(SheetTable table) =>
        table.Rows.Count == 0 ? null
        : table.Columns[0] is "hour" or "time" or "interval" && Figures(table) is [var first, ..] ? Hours(table, first)
        : Figures(table) is [var fallback, ..] figures && table.Columns.Any(Labels.Contains)
            ? Bars(table, figures.Where(column => IsOrderedBy(table, column)).Append(fallback).First())
        : null;

    private static bool IsOrderedBy(SheetTable table, int column) =>
        table.Rows.Zip(table.Rows.Skip(1)).All(pair => Number(pair.First[column]) >= Number(pair.Second[column]));

    private static List<int> Figures(SheetTable table)
    {
        string[] preferred = ["bytes", "bytes_in", "bytes_out", "connections"];
        return [.. preferred.Select(table.IndexOf).Where(column => column >= 0)];
    }

    private static string Bars(SheetTable table, int measure)
    {
        var rows = table.Rows.Take(MostBars).Select(row => (Label: LabelOf(table, row), Value: Number(row[measure]))).ToList();
        var most = Math.Max(1, rows.Max(row => row.Value));
        var height = (rows.Count * Pitch) + 34;
        var to = Begin(table, height, $"{table.Columns[measure]} of {rows.Count} of {table.Of} {table.Name}",
            rows.Select(row => $"{row.Label} {Value(table, measure, row.Value)}"));
        foreach (var (index, (label, value)) in rows.Index())
        {
            var y = 30 + (index * Pitch);
            var width = value * (Width - LabelWidth - 110.0) / most;
            Text(to, 4, y + 13, Shortened(label, 32), "");
            to.Append(CultureInfo.InvariantCulture,
                $"<rect class=\"in\" x=\"{LabelWidth}\" y=\"{y}\" width=\"{Math.Max(1, width):0.#}\" height=\"{BarHeight}\" rx=\"2\"/>");
            Text(to, LabelWidth + Math.Max(1, width) + 6, y + 13, Value(table, measure, value), "quiet");
        }

        return to.Append("</svg>\n").ToString();
    }

    // In above the axis, out below it; one measure stands above alone.
    private static string Hours(SheetTable table, int first)
    {
        var (above, below) = (table.IndexOf("bytes_in"), table.IndexOf("bytes_out"));
        if (above < 0 || below < 0)
        {
            (above, below) = (first, -1);
        }

        var most = Math.Max(1, table.Rows.Max(row => Math.Max(Number(row[above]), below < 0 ? 0 : Number(row[below]))));
        var says = below < 0 ? table.Columns[above] : "bytes in (above) and out (below)";
        var to = Begin(table, HoursHeight, says, table.Rows.Select(row =>
            $"{row[0]} {Value(table, above, Number(row[above]))}{(below < 0 ? "" : $" {Value(table, below, Number(row[below]))}")}"));
        var axis = below < 0 ? HoursHeight - 30 : (HoursHeight - 10) / 2;
        var room = axis - 44;
        var pitch = (Width - 20.0) / table.Rows.Count;
        foreach (var (index, row) in table.Rows.Index())
        {
            Bar(to, "in", 10 + (index * pitch), pitch, axis, Number(row[above]) * (double)room / most, upwards: true);
            if (below >= 0)
            {
                Bar(to, "out", 10 + (index * pitch), pitch, axis, Number(row[below]) * (double)room / most, upwards: false);
            }
        }

        to.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"10\" x2=\"{Width - 10}\" y1=\"{axis}\" y2=\"{axis}\"/>");
        Text(to, 10, 38, $"at most {Value(table, above, most)}", "quiet");
        Text(to, 10, HoursHeight - 6, Sheet.Inert(table.Rows[0][0].ToString()!), "quiet");
        Text(to, Width - 120, HoursHeight - 6, Sheet.Inert(table.Rows[^1][0].ToString()!), "quiet");
        return to.Append("</svg>\n").ToString();
    }

    private static void Bar(StringBuilder to, string side, double x, double pitch, double axis, double height, bool upwards)
    {
        var (y, width) = (upwards ? axis - height : axis, Math.Max(1, pitch - 2));
        to.Append(CultureInfo.InvariantCulture,
            $"<rect class=\"{side}\" x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\"/>");
    }

    private static StringBuilder Begin(SheetTable table, int height, string says, IEnumerable<string> lines)
    {
        var to = new StringBuilder();
        to.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\"");
        to.Append(" role=\"img\">");
        to.Append(Style).Append($"<title>{Encoded($"{table.Name}: {says}")}</title><desc>{Encoded(string.Join("; ", lines))}</desc>");
        Text(to, 4, 18, $"{table.Name}: {says}", "");
        return to;
    }

    private static string LabelOf(SheetTable table, IReadOnlyList<JsonElement?> row)
    {
        var told = Labels.Select(table.IndexOf).Where(column => column >= 0 && row[column] is not null)
            .Select(column => Sheet.Inert(row[column].ToString()!)).ToList();
        return told.Count == 0 ? "unknown" : told[0];
    }

    private static string Value(SheetTable table, int column, long value) =>
        HumanText.Of(table.Columns[column], JsonElement.Parse(value.ToString(CultureInfo.InvariantCulture)));

    private static long Number(JsonElement? cell) => cell is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value)
        ? Math.Max(0, value) : 0;

    private static string Shortened(string text, int most) => text.Length <= most ? text : $"{text[..(most - 1)]}\u2026";

    private static void Text(StringBuilder to, double x, double y, string text, string kind) => to.Append(CultureInfo.InvariantCulture,
        $"<text x=\"{x:0.#}\" y=\"{y:0.#}\"{(kind.Length > 0 ? $" class=\"{kind}\"" : "")}>{Encoded(text)}</text>");

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
