using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DtMcp.Drawing;

/// <summary>What a terminal can show.</summary>
internal sealed record TerminalShape(int Width, bool HasColours);

/// <summary>
/// An answer for a person at a terminal: aligned tables, human units, a line of bars over the hours. Nothing of it is for programs; those
/// get the forms of the tool. Pure.
/// </summary>
internal sealed class TerminalPage
{
    private const string Bars = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

    // Columns narrower than this tell nothing.
    private const int NarrowestColumn = 8;

    private readonly TerminalShape _shape;
    private readonly StringBuilder _to = new();

    private TerminalPage(TerminalShape shape) => _shape = shape;

    public static string Of(Sheet sheet, TerminalShape shape)
    {
        var page = new TerminalPage(shape);
        page.Write(sheet);
        return page._to.ToString();
    }

    /// <summary>A bar a value, the highest for the greatest; empty for no values.</summary>
    public static string Sparkline(IReadOnlyList<long> values)
    {
        var most = values.Count == 0 ? 0 : values.Max();
        return string.Concat(values.Select(value =>
            most <= 0 ? Bars[0] : Bars[(int)(Math.Max(0, value) * (double)(Bars.Length - 1) / most)]));
    }

    private void Write(Sheet sheet)
    {
        Line($"{Styled("1", sheet.Tool)}  {Styled("2", sheet.Scope)}");
        Fields(sheet.Device);
        Fields(sheet.Totals);
        foreach (var table in sheet.Tables)
        {
            Line("");
            var shown = string.Create(CultureInfo.InvariantCulture, $"{table.Rows.Count:#,0} of {table.Of:#,0}");
            Line($"{Styled("1;36", table.Name)}  {Styled("2", shown)}");
            Overview(table);
            Rows(table);
        }

        if (sheet.Notes.Count > 0)
        {
            Line("");
        }

        foreach (var note in sheet.Notes)
        {
            Line(Styled("33", $"- {note}"));
        }

        if (sheet.Next.Count > 0)
        {
            Line("");
        }

        foreach (var next in sheet.Next)
        {
            Line($"{Styled("2", "next:")} dtmcp call {next}");
        }
    }

    private void Fields(IReadOnlyList<(string Name, JsonElement Value)> fields)
    {
        if (fields.Count > 0)
        {
            Line("");
            Line(string.Join("  ", fields.Select(field => $"{Styled("2", field.Name)} {HumanText.Of(field.Name, field.Value)}")));
        }
    }

    // The hours at a glance, before the figures.
    private void Overview(SheetTable table)
    {
        if (table.Columns is not ["hour" or "time" or "interval", ..] || table.Rows.Count < 3)
        {
            return;
        }

        for (var column = 1; column < table.Columns.Count; column++)
        {
            if (HumanText.IsBytes(table.Columns[column]))
            {
                var values = table.Rows.Select(row => row[column] is { } cell && cell.TryGetInt64(out var value) ? value : 0).ToList();
                var says = $"{table.Columns[column]}, at most {HumanText.Bytes(values.Max())}";
                Line($"{Styled("32", Sparkline(values))}  {Styled("2", says)}");
            }
        }
    }

    private void Rows(SheetTable table)
    {
        var cells = table.Rows.Select(row => row.Select((cell, column) =>
            cell is { } known ? HumanText.Of(table.Columns[column], known) : "").ToArray()).ToList();
        var isNumber = table.Columns.Select((_, column) => table.IsFigures(column)).ToArray();
        var widths = table.Columns.Select((name, column) =>
            Math.Max(name.Length, cells.Select(row => row[column].Length).DefaultIfEmpty(0).Max())).ToArray();
        Fit(widths, isNumber);
        Line(Styled("4", Row([.. table.Columns])));
        foreach (var row in cells)
        {
            Line(Row(row));
        }

        string Row(string[] texts) => string.Join("  ", texts.Select((text, column) =>
            isNumber[column] ? text.PadLeft(widths[column]) : Cut(text, widths[column]).PadRight(widths[column]))).TrimEnd();
    }

    // Texts give way, the widest first; figures are never cut.
    private void Fit(int[] widths, bool[] isNumber)
    {
        while (widths.Sum() + (2 * (widths.Length - 1)) > _shape.Width)
        {
            var widest = -1;
            for (var column = 0; column < widths.Length; column++)
            {
                if (!isNumber[column] && widths[column] > NarrowestColumn && (widest < 0 || widths[column] > widths[widest]))
                {
                    widest = column;
                }
            }

            if (widest < 0)
            {
                return;
            }

            widths[widest]--;
        }
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : $"{text[..(width - 1)].TrimEnd()}\u2026";

    private string Styled(string style, string text) => _shape.HasColours && text.Length > 0 ? $"\u001b[{style}m{text}\u001b[0m" : text;

    private void Line(string text) => _to.Append(text).Append('\n');
}
