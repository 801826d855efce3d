using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace DtMcp.Tests.Support;

/// <summary>What a terminal shows, as an SVG for the pages.</summary>
internal static partial class TerminalPicture
{
    private const double CellWidth = 7.8;
    private const int LineHeight = 17;

    private static readonly Dictionary<string, string> Styles = new()
    {
        ["1"] = "font-weight=\"bold\"",
        ["2"] = "fill=\"#8b949e\"",
        ["4"] = "text-decoration=\"underline\"",
        ["32"] = "fill=\"#7ee787\"",
        ["33"] = "fill=\"#e3b341\"",
        ["1;36"] = "font-weight=\"bold\" fill=\"#76e3ea\"",
    };

    public static string Of(string command, string screen)
    {
        string[] lines = [$"$ {command}", .. screen.TrimEnd('\n').Split('\n')];
        var columns = lines.Max(line => Escape().Replace(line, "").Length);
        var (width, height) = ((int)(columns * CellWidth) + 24, (lines.Length * LineHeight) + 24);
        var to = new StringBuilder();
        to.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\"");
        to.Append(" role=\"img\">");
        to.Append($"<title>{WebUtility.HtmlEncode(command)}</title>\n<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#0d1117\"/>\n");
        to.Append("<g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,monospace\" font-size=\"13\" fill=\"#e6edf3\">\n");
        foreach (var (number, line) in lines.Index())
        {
            Write(to, line, 24 + (number * LineHeight));
        }

        return to.Append("</g>\n</svg>\n").ToString();
    }

    // Every run stands where its column is, whatever the font of the reader.
    private static void Write(StringBuilder to, string line, int y)
    {
        var (column, style, from) = (0, "", 0);
        foreach (var escape in Escape().Matches(line).Append(null))
        {
            var run = line[from..(escape?.Index ?? line.Length)];
            if (run.Trim().Length > 0)
            {
                to.Append(CultureInfo.InvariantCulture,
                    $"<text x=\"{12 + (column * CellWidth):0.#}\" y=\"{y}\" textLength=\"{run.Length * CellWidth:0.#}\" ");
                to.Append($"xml:space=\"preserve\" {style}>{WebUtility.HtmlEncode(run)}</text>\n");
            }

            column += run.Length;
            from = (escape?.Index ?? 0) + (escape?.Length ?? 0);
            style = Styles.GetValueOrDefault(escape?.Groups["style"].Value ?? "", "");
        }
    }

    [GeneratedRegex("\u001b\\[(?<style>[0-9;]*)m")]
    private static partial Regex Escape();
}
