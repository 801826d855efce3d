using System.Globalization;

namespace DtMcp.Drawing;

/// <summary>
/// Rows by their start: a strip a day when they go to one far end (a beacon shows as a comb), else a line a far end in the order in which
/// they were reached (a scan shows as a stair). Pure.
/// </summary>
internal static class TimesChart
{
    private const int LabelWidth = 150;
    private const int Top = 30;
    private const int Pitch = 18;

    /// <summary>Lines that fit on a screen.</summary>
    private const int MostLines = 30;

    private const string Form = "yyyy-MM-dd HH:mm:ss";

    private readonly record struct Mark(string Line, double At, bool IsFailed);

    /// <summary>Whether a table is of single connections.</summary>
    public static bool Suits(SheetTable table) => table.IndexOf("start") >= 0 && table.IndexOf("destination") >= 0;

    public static Picture Draw(SheetTable table)
    {
        var (start, destination, state) = (table.IndexOf("start"), table.IndexOf("destination"), table.IndexOf("state"));
        var rows = table.Rows
            .Select(row => (Time: Time(row[start]?.ToString()), End: Sheet.Inert(row[destination]?.ToString() ?? "unknown"),
                IsFailed: state >= 0 && row[state]?.ToString() == "failed"))
            .Where(row => row.Time is not null).Select(row => (Time: row.Time!.Value, row.End, row.IsFailed))
            .OrderBy(row => row.Time).ToList();
        var isOne = rows.DistinctBy(row => row.End).Count() < 2;
        var (from, to) = rows.Count == 0 ? default : (rows[0].Time, rows[^1].Time);
        var span = Math.Max(1, (to - from).TotalSeconds);
        var marks = rows.Select(row => isOne
            ? new Mark(row.Time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), row.Time.TimeOfDay.TotalDays, row.IsFailed)
            : new Mark(row.End, (row.Time - from).TotalSeconds / span, row.IsFailed)).ToList();
        var lines = marks.GroupBy(mark => mark.Line).ToList();
        var shown = lines.Take(MostLines).ToList();

        var what = isOne ? $"starts to {(rows.Count == 0 ? "nobody" : rows[0].End)}, a line a day" : "starts by destination";
        var left = lines.Count > shown.Count ? $", {shown.Count} of {lines.Count} destinations" : "";
        var figures = shown.Select(line => $"{line.Key}: {line.Count()} connections").ToList();
        var canvas = new Canvas(table.Name, Top + (shown.Count * Pitch) + 24,
            $"{what}, {rows.Count} of {table.Of} connections{left}",
            figures, isAsked: false);
        foreach (var (index, line) in shown.Index())
        {
            var y = Top + (index * Pitch);
            canvas.Text(4, y + 12, Canvas.Shortened(line.Key, 22));
            foreach (var mark in line)
            {
                var x = LabelWidth + (mark.At * (Canvas.Width - LabelWidth - 12));
                canvas.Draw($"<rect class=\"{(mark.IsFailed ? "out" : "in")}\" x=\"{x:0.##}\" y=\"{y + 2}\" width=\"1.5\" height=\"13\"/>");
            }
        }

        var foot = Top + (shown.Count * Pitch) + 14;
        canvas.Text(LabelWidth, foot, isOne ? "00:00" : from.ToString(Form, CultureInfo.InvariantCulture), "quiet");
        canvas.Text(Canvas.Width - 6, foot, isOne ? "24:00" : to.ToString(Form, CultureInfo.InvariantCulture), "quiet", "end");
        return new Picture(table.Name, canvas.End(), figures);
    }

    private static DateTime? Time(string? text) =>
        DateTime.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
