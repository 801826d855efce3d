using System.Globalization;
using System.Text;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Rendering;

/// <summary>
/// JSON in one line, for programs:
/// <code>
/// {"tool":"...","scope":{"appliance":"demo","from":"2026-01-15 08:00:00","to":"...","filters":{},"evidence":"flows","connections_read":1,
///  "cached_seconds":0,"synthetic":true},
///  "device":{},"totals":{},"tables":{"NAME":{"of":400,"rows":[{"ip":"...","ports":[80,443],"ports_of":12}]}},"cursor":"...","notes":[],
///   "next":[]}
/// </code>
/// Unknown values are left out. Characters that cannot be seen are written as escapes, so that neither a person nor a model misses them.
/// </summary>
internal sealed class JsonForm : IDigestForm
{
    public string Write(Digest digest, Shape shape)
    {
        var to = new StringBuilder();
        to.Append('{');
        Text(to, "tool", digest.Tool, Fitting.TextCap);
        to.Append(',');
        Scope(to, digest.Scope, shape);
        if (digest.Device is { } device)
        {
            to.Append(',');
            Name(to, digest.DeviceWord);
            Fields(to, device.Take(shape.Device), shape);
        }

        to.Append(",\"totals\":");
        Fields(to, digest.Totals.Take(shape.Totals), shape);
        Tables(to, digest, shape);
        if (shape.CursorOf(digest) is { } cursor)
        {
            to.Append(',');
            Text(to, "cursor", cursor, int.MaxValue);
        }

        Sentences(to, "notes", shape.NotesOf(digest), shape.NoteCap);
        Sentences(to, "next", digest.Next.Take(shape.Next), shape.NoteCap);
        return to.Append('}').ToString();
    }

    public string Row(Table table, int row, Shape shape)
    {
        var to = new StringBuilder();
        Row(to, table, row, shape);
        return to.Append(',').ToString();
    }

    private static void Scope(StringBuilder to, Scope scope, Shape shape)
    {
        to.Append("\"scope\":{");
        Text(to, "appliance", scope.Appliance, Fitting.TextCap);
        if (scope.Window is { } window)
        {
            to.Append(
                CultureInfo.InvariantCulture, $",\"from\":\"{ValueText.From(window, scope)}\",\"to\":\"{ValueText.To(window, scope)}\"");
            if (!scope.Zone.Equals(TimeZoneInfo.Utc))
            {
                to.Append(',');
                Text(to, "tz", scope.Zone.Id, Fitting.TextCap);
            }
        }

        to.Append(",\"filters\":");
        Fields(to, scope.Filters.Take(shape.Filters), shape);
        if (scope.Evidence is { } evidence)
        {
            to.Append(',');
            Text(to, "evidence", evidence, Fitting.TextCap);
        }

        if (scope.ConnectionsRead is { } read)
        {
            to.Append(CultureInfo.InvariantCulture, $",\"connections_read\":{read}");
        }

        to.Append(CultureInfo.InvariantCulture,
            $",\"cached_seconds\":{scope.CachedSeconds},\"synthetic\":{(scope.Synthetic ? "true" : "false")}}}");
    }

    private static void Tables(StringBuilder to, Digest digest, Shape shape)
    {
        to.Append(",\"tables\":{");
        for (var i = 0; i < digest.Tables.Count; i++)
        {
            var table = digest.Tables[i];
            Comma(to);
            Name(to, table.Name);
            to.Append(CultureInfo.InvariantCulture, $"{{\"of\":{table.Of},{(table.MayHaveMore ? "\"of_at_least\":true," : "")}\"rows\":[");
            for (var row = 0; row < shape.Rows[i]; row++)
            {
                Comma(to);
                Row(to, table, row, shape);
            }

            to.Append("]}");
        }

        to.Append('}');
    }

    private static void Row(StringBuilder to, Table table, int row, Shape shape)
    {
        to.Append('{');
        for (var column = 0; column < table.Columns.Count; column++)
        {
            Member(to, table.Columns[column], table.Rows[row][column], shape);
        }

        to.Append('}');
    }

    private static void Fields(StringBuilder to, IEnumerable<Field> fields, Shape shape)
    {
        to.Append('{');
        foreach (var field in fields)
        {
            Member(to, field.Name, field.Value, shape);
        }

        to.Append('}');
    }

    private static void Member(StringBuilder to, string name, Cell cell, Shape shape)
    {
        if (!ValueText.IsKnown(cell))
        {
            return;
        }

        Comma(to);
        Name(to, name);
        switch (cell.Kind)
        {
            case CellKind.Text:
                Quoted(to, cell.Text, shape.CapOf(cell));
                break;
            case CellKind.Moment:
                Quoted(to, cell.MomentIn(shape.Zone), int.MaxValue);
                break;
            case CellKind.Texts:
                to.Append('[');
                foreach (var text in cell.Texts.Take(ValueText.Listed(cell, shape.ListCap)))
                {
                    Comma(to);
                    Quoted(to, text, shape.TextCap);
                }

                to.Append(']');
                break;
            case CellKind.Integers:
                to.Append('[');
                ValueText.Append(to, cell, shape, TextPlace.Json, ',');
                to.Append(']');
                break;
            default:
                ValueText.Append(to, cell, shape, TextPlace.Json, ',');
                break;
        }

        if (ValueText.ListOf(cell, shape.ListCap) is { } of)
        {
            to.Append(',');
            Name(to, name + "_of");
            to.Append(CultureInfo.InvariantCulture, $"{of}");
        }
    }

    private static void Sentences(StringBuilder to, string name, IEnumerable<string> sentences, int cap)
    {
        to.Append(",\"").Append(name).Append("\":[");
        foreach (var sentence in sentences)
        {
            Comma(to);
            Quoted(to, sentence, cap);
        }

        to.Append(']');
    }

    private static void Text(StringBuilder to, string name, string value, int cap)
    {
        Name(to, name);
        Quoted(to, value, cap);
    }

    private static void Name(StringBuilder to, string name)
    {
        Quoted(to, name, int.MaxValue);
        to.Append(':');
    }

    private static void Quoted(StringBuilder to, string text, int cap)
    {
        to.Append('"');
        SafeText.Append(to, text, cap, TextPlace.Json);
        to.Append('"');
    }

    private static void Comma(StringBuilder to)
    {
        if (to[^1] is not ('{' or '['))
        {
            to.Append(',');
        }
    }
}
