using System.Text.Json;
using System.Xml.Linq;
using DtMcp.Drawing;

namespace DtMcp.Tests.Drawing;

public class DrawingTests
{
    private const string Hostile = "<script>alert(1)</script>\\u001b[31m\\u202e";

    private const string Answer =
        """
        {"tool":"analyze_bandwidth",
        "scope":{"appliance":"demo","from":"2026-01-01 00:00:00","to":"2026-01-02 00:00:00","filters":{"port":443},
        "evidence":"records","connections_read":14035,"cached_seconds":0,"synthetic":true},
        "totals":{"bytes":4585995602,"connections":14035},
        "tables":{"devices":{"of":6801,"rows":[{"ip":"10.0.0.1","did":1234,"hostname":"HOSTILE","bytes":4585995602,"ports":[80,44300]},
        {"ip":"10.0.0.2","bytes":999,"connections":1200}]},
        "hours":{"of":3,"rows":[{"hour":"2026-01-01 00:00","bytes_in":0,"bytes_out":5},
        {"hour":"2026-01-01 01:00","bytes_in":70,"bytes_out":6},
        {"hour":"2026-01-01 02:00","bytes_in":35,"bytes_out":7}]}},
        "notes":["One note."],"next":["find_devices query=x"]}
        """;

    private static Sheet Read() => Sheet.Parse(Answer.Replace("HOSTILE", Hostile, StringComparison.Ordinal));

    [Theory]
    [InlineData("bytes", "0", "0 B")]
    [InlineData("bytes", "999", "999 B")]
    [InlineData("bytes_in", "999500", "1.00 MB")]
    [InlineData("outside_bytes", "4585995602", "4.59 GB")]
    [InlineData("bytes", "99949", "99.9 kB")]
    [InlineData("bytes", "99951", "100 kB")]
    [InlineData("bytes", "9223372036854775807", "9.22 EB")]
    [InlineData("bytes", "-1200", "-1.20 kB")]
    [InlineData("connections", "14035", "14,035")]
    [InlineData("did", "14035", "14035")]
    [InlineData("destination_port", "44300", "44300")]
    [InlineData("percent", "58.9", "58.9")]
    [InlineData("ports", "[80,44300]", "80 44300")]
    [InlineData("anonymised", "true", "yes")]
    public void Values_are_shown_as_people_read_them(string name, string json, string shown) =>
        Assert.Equal(shown, HumanText.Of(name, JsonElement.Parse(json)));

    [Fact]
    public void A_column_that_one_row_lacks_stands_where_another_row_has_it() =>
        Assert.Equal(["ip", "did", "hostname", "bytes", "connections", "ports"], Read().Tables[0].Columns);

    [Theory]
    [InlineData("", new long[0])]
    [InlineData("▁▁", new long[] { 0, 0 })]
    [InlineData("▁█▄", new long[] { 0, 70, 35 })]
    [InlineData("▁█", new long[] { -5, long.MaxValue })]
    public void A_line_of_bars_shows_the_course(string line, long[] values) => Assert.Equal(line, TerminalPage.Sparkline(values));

    [Theory]
    [InlineData(200)]
    [InlineData(80)]
    [InlineData(40)]
    public void A_page_fits_the_terminal_and_cuts_no_figure(int width)
    {
        var page = TerminalPage.Of(Read(), new TerminalShape(width, HasColours: false));

        Assert.Contains("4.59 GB", page, StringComparison.Ordinal);
        Assert.Contains("2 of 6,801", page, StringComparison.Ordinal);
        Assert.Contains("▁█▄  bytes_in, at most 70 B", page, StringComparison.Ordinal);
        Assert.Contains("- One note.\n", page, StringComparison.Ordinal);
        Assert.Contains("next: dtmcp call find_devices query=x\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', page);
        Assert.DoesNotContain('\u202e', page);
        var table = page.Split('\n').SkipWhile(line => !line.StartsWith("ip ", StringComparison.Ordinal)).Take(3).ToArray();
        Assert.Equal(width > 40, table[1].Contains("alert(1)</script>", StringComparison.Ordinal));
        Assert.All(table, line => Assert.InRange(line.Length, 10, Math.Max(width, 70)));
    }

    [Fact]
    public void Colours_are_ours_alone()
    {
        var page = TerminalPage.Of(Read(), new TerminalShape(120, HasColours: true));
        Assert.Contains("\u001b[1manalyze_bandwidth\u001b[0m", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[31m", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_is_one_picture_with_its_figures_as_text_and_nothing_that_acts()
    {
        var sheet = Read();
        foreach (var table in sheet.Tables)
        {
            var svg = XDocument.Parse(Chart.Of(table)!);
            var text = svg.ToString();
            Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
            Assert.DoesNotContain("href", text, StringComparison.Ordinal);
            XNamespace at = "http://www.w3.org/2000/svg";
            Assert.Contains(table.Name, svg.Root!.Element(at + "title")!.Value, StringComparison.Ordinal);
            Assert.Contains(table.Name == "hours" ? "2026-01-01 01:00 70 B 6 B" : "4.59 GB", svg.Root.Element(at + "desc")!.Value,
                StringComparison.Ordinal);
            var bars = svg.Descendants(at + "rect").ToList();
            Assert.Equal(table.Name == "hours" ? 6 : 2, bars.Count);
            Assert.All(bars, bar => Assert.InRange((double)bar.Attribute("height")!, 0, 240));
        }

        // The highest bar is the greatest figure's, half of it half as high.
        var hours = XDocument.Parse(Chart.Of(sheet.Tables[1])!).Descendants().Where(bar => (string?)bar.Attribute("class") == "in")
            .ToList();
        Assert.Equal((double)hours[1].Attribute("height")!, 2 * (double)hours[2].Attribute("height")!, 1);
        Assert.Equal(0, (double)hours[0].Attribute("height")!);
    }

    [Theory]
    [InlineData("connections", """[{"name":"dns","connections":9,"bytes":1},{"name":"ssl","connections":8,"bytes":2}]""")]
    [InlineData("bytes", """[{"name":"dns","connections":8,"bytes":2},{"name":"ssl","connections":9,"bytes":1}]""")]
    public void Bars_show_what_a_table_is_ordered_by(string measure, string rows)
    {
        var json = $$$"""
            {"tool":"t","scope":{"appliance":"a","filters":{},"synthetic":false},"totals":{},"tables":{"x":{"of":2,"rows":{{{rows}}}}},
            "notes":[],"next":[]}
            """;
        Assert.Contains($"<title>x: {measure} of 2 of 2 x</title>", Chart.Of(Sheet.Parse(json).Tables[0]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"x":{"of":0,"rows":[]}}""")]
    [InlineData("""{"x":{"of":1,"rows":[{"check":"network","result":"ok"}]}}""")]
    public void A_table_without_figures_has_no_chart(string tables)
    {
        var json = $$"""
            {"tool":"t","scope":{"appliance":"a","filters":{},"synthetic":false},"totals":{},"tables":{{tables}},"notes":[],"next":[]}
            """;
        Assert.Null(Chart.Of(Sheet.Parse(json).Tables[0]));
    }

    [Fact]
    public void A_report_stands_alone_and_its_texts_cannot_act()
    {
        var page = ReportPage.Of("A <day>", "made", [("First", Read(), null), ("Second", null, "busy: <later>")]);

        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        var elsewhere = page.Replace("xmlns=\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal);
        Assert.DoesNotContain("http", elsewhere.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<h1>A &lt;day&gt;</h1>", page, StringComparison.Ordinal);
        Assert.Contains("busy: &lt;later&gt;", page, StringComparison.Ordinal);
        Assert.Contains("4.59 GB", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("<svg ").Length - 1);
    }
}
