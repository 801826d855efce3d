using System.Text.Json;

namespace DtMcp.Drawing;

/// <summary>Who talks to whom: a device in the middle, inside ends on its left, outside ends on its right, by bytes. Pure.</summary>
internal static class MapChart
{
    private const int Pitch = 30;
    private const int Top = 34;
    private const int LeftAt = 240;
    private const int RightAt = Canvas.Width - LeftAt;
    private const int MostEnds = 10;
    private const double MostRadius = 12;

    private sealed record End(SheetTable Table, int Row, string Label, long Bytes)
    {
        public override string ToString() => $"{Label} {HumanText.Bytes(Bytes)}";
    }

    /// <summary>Null for an answer that is not of one device, or tells no bytes.</summary>
    public static Picture? Draw(Sheet sheet, Asking? ask)
    {
        var inside = Ends(sheet, "internal_destinations", "inbound");
        var outside = Ends(sheet, "external_destinations");
        if (sheet.Device.Count == 0 || inside.Count + outside.Count == 0)
        {
            return null;
        }

        var most = Math.Max(1, inside.Concat(outside).Max(end => end.Bytes));
        var height = Top + (Math.Max(inside.Count, outside.Count) * Pitch) + 10;
        var name = NameOf(sheet);
        var says = inside.Concat(outside).Select(end => end.ToString()).ToList();
        var canvas = new Canvas("map", height, $"{name}, inside (left) and outside (right), by bytes", says, ask is not null);
        var middle = Top + ((height - Top) / 2.0);
        DrawSide(canvas, inside, LeftAt, middle, most, height, "in", ask);
        DrawSide(canvas, outside, RightAt, middle, most, height, "out", ask);
        canvas.Draw($"<circle class=\"in\" cx=\"{Canvas.Width / 2}\" cy=\"{middle:0.#}\" r=\"16\"/>");
        canvas.Text(Canvas.Width / 2.0, middle + 32, Canvas.Shortened(name, 28), anchor: "middle");
        return new Picture("map", canvas.End(), [.. inside.Concat(outside).Select(end => $"{end.Label}: {end.Bytes} bytes")]);
    }

    private static void DrawSide(
        Canvas canvas, List<End> ends, int x, double middle, long most, int height, string kind, Asking? ask)
    {
        var first = Top + ((height - Top - (ends.Count * Pitch)) / 2.0) + (Pitch / 2.0);
        foreach (var (index, end) in ends.Index())
        {
            var y = first + (index * Pitch);
            var weight = Math.Sqrt(end.Bytes / (double)most);
            var from = x < Canvas.Width / 2 ? 0 : x - MostRadius;
            canvas.Part(end.ToString(), ask?.Invoke(end.Table, end.Row), (from, y - (Pitch / 2.0), LeftAt + MostRadius, Pitch), () =>
            {
                canvas.Draw($"<line class=\"axis tie\" x1=\"{Canvas.Width / 2}\" y1=\"{middle:0.#}\" x2=\"{x}\" y2=\"{y:0.#}\"");
                canvas.Draw($" stroke-width=\"{1 + (4 * weight):0.#}\"/>");
                canvas.Draw($"<circle class=\"{kind}\" cx=\"{x}\" cy=\"{y:0.#}\" r=\"{2 + (MostRadius * weight):0.#}\"/>");
                canvas.Text(x < Canvas.Width / 2 ? x - 18 : x + 18, y + 4,
                    $"{Canvas.Shortened(end.Label, 22)} {HumanText.Bytes(end.Bytes)}",
                    anchor: x < Canvas.Width / 2 ? "end" : "start");
            });
        }
    }

    private static List<End> Ends(Sheet sheet, params string[] names)
    {
        List<End> ends = [];
        foreach (var table in sheet.Tables.Where(table => names.Contains(table.Name) && table.IndexOf("bytes") is >= 0))
        {
            var bytes = table.IndexOf("bytes");
            // Who came to it is no far end that it went to.
            var from = table.Name == "inbound" ? "from " : "";
            ends.AddRange(table.Rows.Index().Where(row => row.Item[bytes] is not null).Select(row =>
                new End(table, row.Index, from + Canvas.LabelOf(table, row.Item), Chart.Number(row.Item[bytes]))));
        }

        return [.. ends.OrderByDescending(end => end.Bytes).Take(MostEnds)];
    }

    private static string NameOf(Sheet sheet)
    {
        string[] names = ["hostname", "devicelabel", "ip", "did"];
        return names.SelectMany(name => sheet.Device.Where(field => field.Name == name))
            .Select(field => field.Value.ValueKind is JsonValueKind.Undefined ? "" : Sheet.Inert(field.Value.ToString()))
            .FirstOrDefault(text => text.Length > 0) ?? "the device";
    }
}
