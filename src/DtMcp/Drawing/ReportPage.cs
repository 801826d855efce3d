using System.Globalization;
using System.Net;
using System.Text;

namespace DtMcp.Drawing;

/// <summary>
/// Answers as one page that can be handed on: no script, nothing from elsewhere (its policy forbids it), for light and dark, for print.
/// Pure.
/// </summary>
internal static class ReportPage
{
    private const string Head =
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width">
        <meta name="color-scheme" content="light dark">
        <title>TITLE</title>
        <style>
        body{font:14px/1.5 system-ui,sans-serif;max-width:1080px;margin:2em auto;padding:0 1em;color:#222;background:#fff}
        h1{font-size:1.5em}h2{font-size:1.2em;margin-top:2em;border-bottom:1px solid #ccc}h3{font-size:1em;margin-bottom:.3em}
        .quiet{color:#666}table{border-collapse:collapse;margin:.3em 0 1em;display:block;overflow-x:auto}
        th,td{padding:.15em .7em;text-align:left;border-bottom:1px solid #ddd;vertical-align:top}td.figure,th.figure{text-align:right;
        font-variant-numeric:tabular-nums;white-space:nowrap}svg{max-width:100%;height:auto}
        @media(prefers-color-scheme:dark){body{color:#eee;background:#16181c}.quiet{color:#aaa}th,td{border-color:#333}}
        </style>
        </head>
        <body>

        """;

    /// <param name="title">What the page is about.</param>
    /// <param name="made">Where it is from, and when it was made.</param>
    /// <param name="sections">Each answer under a heading; one that failed has its error for a text.</param>
    public static string Of(string title, string made, IEnumerable<(string Heading, Sheet? Sheet, string? Error)> sections)
    {
        var to = new StringBuilder(Head.Replace("TITLE", Encoded(title), StringComparison.Ordinal));
        to.Append($"<h1>{Encoded(title)}</h1>\n<p class=\"quiet\">{Encoded(made)}</p>\n");
        foreach (var (heading, sheet, error) in sections)
        {
            to.Append($"<h2>{Encoded(heading)}</h2>\n");
            if (sheet is null)
            {
                to.Append($"<p>{Encoded(error ?? "")}</p>\n");
                continue;
            }

            Write(to, sheet);
        }

        return to.Append("</body>\n</html>\n").ToString();
    }

    private static void Write(StringBuilder to, Sheet sheet)
    {
        to.Append($"<p class=\"quiet\">{Encoded(sheet.Tool)}: {Encoded(sheet.Scope)}</p>\n");
        if (sheet.Totals.Count > 0)
        {
            to.Append($"<p>{string.Join(" &middot; ", sheet.Totals.Select(total =>
                $"{Encoded(total.Name)} <b>{Encoded(HumanText.Of(total.Name, total.Value))}</b>"))}</p>\n");
        }

        foreach (var table in sheet.Tables.Where(table => table.Rows.Count > 0))
        {
            to.Append(CultureInfo.InvariantCulture, $"<h3>{Encoded(table.Name)}: {table.Rows.Count} of {table.Of}</h3>\n");
            to.Append(Chart.Of(table));
            Write(to, table);
        }

        foreach (var note in sheet.Notes)
        {
            to.Append($"<p class=\"quiet\">{Encoded(note)}</p>\n");
        }
    }

    private static void Write(StringBuilder to, SheetTable table)
    {
        var kinds = table.Columns.Select((_, column) => table.IsFigures(column) ? " class=\"figure\"" : "").ToArray();
        to.Append("<table>\n<tr>");
        foreach (var (column, name) in table.Columns.Index())
        {
            to.Append($"<th{kinds[column]}>{Encoded(name)}</th>");
        }

        to.Append("</tr>\n");
        foreach (var row in table.Rows)
        {
            to.Append("<tr>");
            foreach (var (column, cell) in row.Index())
            {
                to.Append($"<td{kinds[column]}>{(cell is { } known ? Encoded(HumanText.Of(table.Columns[column], known)) : "")}</td>");
            }

            to.Append("</tr>\n");
        }

        to.Append("</table>\n");
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
