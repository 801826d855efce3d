using System.Globalization;
using System.Text;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Rendering;

/// <summary>
/// CSV (RFC 4180) in sections: a line <c># NAME</c>, a head, the records; an empty line between sections. Values of a list stand in one
/// field with a space between them, their number in <c>NAME_of</c> beside it where there are more. A text that a spreadsheet would take for
/// a formula has an apostrophe before it.
/// </summary>
internal sealed class CsvForm : IDigestForm
{
    public string Write(Digest digest, Shape shape)
    {
        var to = new StringBuilder();
        Section(to, "scope", [("tool", Cell.Of(digest.Tool)), .. Scope(digest.Scope, shape)], shape);
        if (digest.Device is { } device)
        {
            Section(to, digest.DeviceWord, device.Take(shape.Device).Select(field => (field.Name, field.Value)), shape);
        }

        Section(to, "totals", digest.Totals.Take(shape.Totals).Select(field => (field.Name, field.Value)), shape);
        for (var i = 0; i < digest.Tables.Count; i++)
        {
            WriteTable(to, digest.Tables[i], shape.Rows[i], shape);
        }

        if (shape.CursorOf(digest) is { } cursor)
        {
            Lines(to, "cursor", [cursor], int.MaxValue);
        }

        Lines(to, "notes", shape.NotesOf(digest), shape.NoteCap);
        Lines(to, "next", digest.Next.Take(shape.Next), shape.NoteCap);
        return to.ToString();
    }

    public string Row(Table table, int row, Shape shape)
    {
        var to = new StringBuilder();
        WriteRow(to, table, row, shape, [.. table.Rows[row].Select(ValueText.IsList)]);
        return to.ToString();
    }

    private static IEnumerable<(string, Cell)> Scope(Scope scope, Shape shape)
    {
        yield return ("appliance", Cell.Of(scope.Appliance));
        if (scope.Window is { } window)
        {
            yield return ("from", Cell.Of(ValueText.From(window, scope)));
            yield return ("to", Cell.Of(ValueText.To(window, scope)));
            yield return ("tz", scope.Zone.Equals(TimeZoneInfo.Utc) ? Cell.Absent : Cell.Of(scope.Zone.Id));
        }

        foreach (var filter in scope.Filters.Take(shape.Filters))
        {
            yield return ("filter " + filter.Name, filter.Value);
        }

        yield return ("evidence", Cell.Of(scope.Evidence));
        yield return ("connections_read", Cell.Of(scope.ConnectionsRead));
        yield return ("cached_seconds", Cell.Of(scope.CachedSeconds));
        yield return ("synthetic", Cell.Of(scope.Synthetic));
    }

    private static void Section(StringBuilder to, string name, IEnumerable<(string Name, Cell Value)> fields, Shape shape)
    {
        Title(to, name);
        to.Append("name,value\n");
        foreach (var (field, value) in fields.Where(field => ValueText.IsKnown(field.Value)))
        {
            to.Append(field).Append(',');
            Value(to, value, shape);
            to.Append('\n');
        }
    }

    private static void WriteTable(StringBuilder to, Table table, int rows, Shape shape)
    {
        var by = table.SortedBy is not { } measure
            ? ""
            : measure.StartsWith("by ", StringComparison.Ordinal) || measure.StartsWith("in ", StringComparison.Ordinal)
            ? " " + measure
            : " by " + measure;
        var more = table.MayHaveMore ? " or more" : "";
        Title(to, string.Create(CultureInfo.InvariantCulture, $"{table.Name}: {rows} of {table.Of}{more}{by}"));
        var counted = CountColumns(table);
        for (var column = 0; column < table.Columns.Count; column++)
        {
            to.Append(column > 0 ? "," : "").Append(table.Columns[column]);
            if (counted[column])
            {
                to.Append(',').Append(table.Columns[column]).Append("_of");
            }
        }

        to.Append('\n');
        for (var row = 0; row < rows; row++)
        {
            WriteRow(to, table, row, shape, counted);
        }
    }

    /// <summary>Columns with a <c>NAME_of</c> beside them: those with a list.</summary>
    private static bool[] CountColumns(Table table) =>
        [.. Enumerable.Range(0, table.Columns.Count).Select(column => table.Rows.Any(row => ValueText.IsList(row[column])))];

    private static void WriteRow(StringBuilder to, Table table, int row, Shape shape, bool[] counted)
    {
        for (var column = 0; column < table.Columns.Count; column++)
        {
            var cell = table.Rows[row][column];
            to.Append(column > 0 ? "," : "");
            Value(to, cell, shape);
            if (counted[column])
            {
                to.Append(',');
                if (ValueText.ListOf(cell, shape.ListCap) is { } of)
                {
                    to.Append(CultureInfo.InvariantCulture, $"{of}");
                }
            }
        }

        to.Append('\n');
    }

    private static void Title(StringBuilder to, string name) => to.Append(to.Length > 0 ? "\n# " : "# ").Append(name).Append('\n');

    private static void Lines(StringBuilder to, string name, IEnumerable<string> lines, int cap)
    {
        var any = false;
        foreach (var line in lines)
        {
            if (!any)
            {
                Title(to, name);
            }

            var start = to.Length;
            SafeText.Append(to, line, cap, TextPlace.Csv);
            Quote(to, start);
            to.Append('\n');
            any = true;
        }
    }

    private static void Value(StringBuilder to, Cell cell, Shape shape)
    {
        var start = to.Length;
        ValueText.Append(to, cell, shape, TextPlace.Csv, ' ');
        Quote(to, start);
    }

    // RFC 4180 2.6, 2.7: a field with a comma or a quote is quoted, a quote inside it doubled. Line ends are escaped before.
    private static void Quote(StringBuilder to, int start)
    {
        var field = to.ToString(start, to.Length - start);
        if (field.AsSpan().IndexOfAny(",\"#") >= 0)
        {
            to.Length = start;
            to.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
    }
}
