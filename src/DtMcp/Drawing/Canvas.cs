using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace DtMcp.Drawing;

/// <summary>A picture that is being written: its frame, its words, and what can be asked next of its parts.</summary>
internal sealed class Canvas
{
    public const int Width = 720;

    private const string Style =
        "<style>svg{font:12px system-ui,sans-serif;background:#fff}text{fill:#222}.quiet{fill:#666}.in{fill:#2b6cb0}.out{fill:#c05621}"
        + ".axis{stroke:#999}@media(prefers-color-scheme:dark){svg{background:#16181c}text{fill:#eee}.quiet{fill:#aaa}.in{fill:#63a4e0}"
        + ".out{fill:#f0975b}}</style>";

    private static readonly string[] Labels =
        ["hostname", "name", "devicelabel", "ip", "source", "destination", "subnet", "label", "port", "destination_port"];

    private readonly StringBuilder _to = new();

    /// <param name="name">The table that is drawn.</param>
    /// <param name="height">In the picture's own units.</param>
    /// <param name="says">What it shows, as its title.</param>
    /// <param name="lines">Each part in words: who cannot see the picture has the same.</param>
    /// <param name="isAsked">Whether its parts lead to questions; it is no mere image then.</param>
    public Canvas(string name, int height, string says, IReadOnlyList<string> lines, bool isAsked)
    {
        _to.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\"");
        _to.Append(isAsked ? " role=\"group\">" : " role=\"img\">").Append(Style);
        _to.Append($"<title>{Encoded($"{name}: {says}")}</title><desc>{Encoded(string.Join("; ", lines))}</desc>");
        Text(4, 18, $"{name}: {says}");
    }

    public static bool HasLabel(SheetTable table) => table.Columns.Any(Labels.Contains);

    /// <summary>The name by which a row goes.</summary>
    public static string LabelOf(SheetTable table, IReadOnlyList<JsonElement?> row)
    {
        var told = Labels.Select(table.IndexOf).Where(column => column >= 0 && row[column] is not null)
            .Select(column => Sheet.Inert(row[column].ToString()!)).ToList();
        var label = told.Count == 0 ? "unknown" : told[0];
        return table.IndexOf("kind") is >= 0 and var kind ? $"{Sheet.Inert(row[kind]?.ToString() ?? "")} {label}" : label;
    }

    public static string Shortened(string text, int most) => text.Length <= most ? text : $"{text[..(most - 1)]}\u2026";

    public void Draw(FormattableString shape) => _to.Append(FormattableString.Invariant(shape));

    public void Text(double x, double y, string text, string kind = "", string anchor = "") => _to.Append(CultureInfo.InvariantCulture,
        $"<text x=\"{x:0.#}\" y=\"{y:0.#}\"{(kind.Length > 0 ? $" class=\"{kind}\"" : "")}{Anchored(anchor)}>{Encoded(text)}</text>");

    /// <summary>Draws a part that leads to a question, within an area that takes the click, or one that does not.</summary>
    public void Part(string says, NextQuestion? next, (double X, double Y, double Width, double Height) area, Action draw)
    {
        if (next is null)
        {
            draw();
            return;
        }

        _to.Append($"<g class=\"ask\" tabindex=\"0\" role=\"button\" aria-label=\"{Encoded($"{says}. {next}")}\"");
        _to.Append($" data-ask=\"{Encoded(next.ToJson())}\">");
        Draw($"<rect class=\"area\" x=\"{area.X:0.##}\" y=\"{area.Y:0.##}\" width=\"{area.Width:0.##}\" height=\"{area.Height:0.##}\"/>");
        draw();
        _to.Append("</g>");
    }

    public string End() => _to.Append("</svg>\n").ToString();

    private static string Anchored(string anchor) => anchor.Length > 0 ? $" text-anchor=\"{anchor}\"" : "";

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
