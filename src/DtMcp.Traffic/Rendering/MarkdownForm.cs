using System.Globalization;
using System.Text;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Rendering;

/// <summary>Markdown for a reader: what of what in the first line, totals, a slim table each, notes, next calls.</summary>
internal sealed class MarkdownForm : IDigestForm
{
    public string Write(Digest digest, Shape shape)
    {
        var to = new StringBuilder();
        Head(to, digest, shape);
        if (digest.Device is { } device)
        {
            Fields(to, digest.DeviceWord + ": ", device.Take(shape.Device), shape);
        }

        Fields(to, "totals: ", digest.Totals.Take(shape.Totals), shape);
        for (var i = 0; i < digest.Tables.Count; i++)
        {
            WriteTable(to, digest.Tables[i], shape.Rows[i], shape);
        }

        if (shape.CursorOf(digest) is { } cursor)
        {
            to.Append("\ncursor: ");
            SafeText.Append(to, cursor, int.MaxValue, TextPlace.Markdown);
            to.Append('\n');
        }

        Sentences(to, "notes", shape.NotesOf(digest), shape.NoteCap, code: false);
        Sentences(to, "next", digest.Next.Take(shape.Next), shape.NoteCap, code: true);
        return to.ToString();
    }

    public string Row(Table table, int row, Shape shape)
    {
        var to = new StringBuilder();
        WriteRow(to, table, row, shape);
        return to.ToString();
    }

    private static void Head(StringBuilder to, Digest digest, Shape shape)
    {
        var scope = digest.Scope;
        to.Append("# ").Append(digest.Tool).Append(": ");
        SafeText.Append(to, scope.Appliance, Fitting.TextCap, TextPlace.Markdown);
        if (scope.Window is { } window)
        {
            to.Append(CultureInfo.InvariantCulture, $", {ValueText.From(window, scope)} to {ValueText.To(window, scope)} {scope.Zone.Id}");
        }

        foreach (var filter in scope.Filters.Take(shape.Filters))
        {
            to.Append(", ").Append(filter.Name).Append('=');
            Value(to, filter.Value, shape);
        }

        if (scope.Evidence is { } evidence)
        {
            to.Append(", evidence ").Append(evidence);
        }

        if (scope.ConnectionsRead is { } read)
        {
            to.Append(CultureInfo.InvariantCulture, $", {read} connections read");
        }

        if (scope.CachedSeconds > 0)
        {
            to.Append(CultureInfo.InvariantCulture, $", read {scope.CachedSeconds} s ago");
        }

        to.Append(scope.Synthetic ? ", synthetic records\n" : "\n");
    }

    private static void Fields(StringBuilder to, string label, IEnumerable<Field> fields, Shape shape)
    {
        var any = false;
        foreach (var field in fields.Where(field => ValueText.IsKnown(field.Value)))
        {
            to.Append(any ? ", " : "\n" + label).Append(field.Name).Append(' ');
            Value(to, field.Value, shape);
            any = true;
        }

        to.Append(any ? "\n" : "");
    }

    private static void WriteTable(StringBuilder to, Table table, int rows, Shape shape)
    {
        to.Append(CultureInfo.InvariantCulture, $"\n## {table.Name}: {rows} of {table.Of}{(table.MayHaveMore ? " or more" : "")}");
        if (table.SortedBy is { } measure)
        {
            to.Append(measure.StartsWith("by ", StringComparison.Ordinal) || measure.StartsWith("in ", StringComparison.Ordinal)
                ? " "
                : " by ").Append(measure);
        }

        to.Append('\n');
        if (rows == 0)
        {
            return;
        }

        // One column alone needs the outer pipes: a line of "-" under a line of text would make it a heading (GFM 4.3).
        var edge = table.Columns.Count == 1 ? "|" : "";
        to.Append(edge).AppendJoin('|', table.Columns).Append(edge).Append('\n');
        to.Append(edge).AppendJoin('|', table.Columns.Select(_ => '-')).Append(edge).Append('\n');
        for (var row = 0; row < rows; row++)
        {
            WriteRow(to, table, row, shape);
        }
    }

    private static void WriteRow(StringBuilder to, Table table, int row, Shape shape)
    {
        var alone = table.Columns.Count == 1;
        to.Append(alone ? "|" : "");
        for (var column = 0; column < table.Columns.Count; column++)
        {
            to.Append(column > 0 ? "|" : "");
            Value(to, table.Rows[row][column], shape);
        }

        to.Append(alone ? "|\n" : "\n");
    }

    private static void Value(StringBuilder to, Cell cell, Shape shape)
    {
        ValueText.Append(to, cell, shape, TextPlace.Markdown, ' ');
        if (ValueText.ListOf(cell, shape.ListCap) is { } of)
        {
            to.Append(CultureInfo.InvariantCulture, $" of {of}");
        }
    }

    private static void Sentences(StringBuilder to, string label, IEnumerable<string> sentences, int cap, bool code)
    {
        var any = false;
        foreach (var sentence in sentences)
        {
            to.Append(any ? "" : "\n" + label + ":\n").Append(code ? "- `" : "- ");
            SafeText.Append(to, sentence, cap, code ? TextPlace.MarkdownCode : TextPlace.Markdown);
            to.Append(code ? "`\n" : "\n");
            any = true;
        }
    }
}
