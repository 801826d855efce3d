using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using DtMcp.Drawing;

namespace DtMcp.Tests.Drawing;

public class PictureTests
{
    private const string Window = "from=2026-01-01 00:00:00 to=2026-01-02 00:00:00";

    private static readonly string[] States = ["failed", "established"];

    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void Starts_to_one_far_end_are_a_line_a_day()
    {
        var rows = Enumerable.Range(0, 3).SelectMany(day => Enumerable.Range(0, 24 - day).Select(hour =>
            $$"""{"start":"2026-01-0{{day + 1}} {{hour:00}}:30:00","destination":"192.0.2.1","bytes":5}"""));

        var picture = Assert.Single(Picture.Of(Answer("get_network_traffic", "traffic", rows, of: 90)));

        Assert.Equal(["2026-01-01: 24 connections", "2026-01-02: 23 connections", "2026-01-03: 22 connections"], picture.Figures);
        Assert.Contains("starts to 192.0.2.1, a line a day, 69 of 90 connections", picture.Svg, StringComparison.Ordinal);
        var marks = Marks(picture);
        Assert.Equal(69, marks.Count);
        Assert.Equal(marks[0].X, marks[24].X);
        Assert.True(marks[24].Y > marks[0].Y);
        Assert.Equal(marks[2].X - marks[1].X, marks[1].X - marks[0].X, 1);
    }

    [Fact]
    public void Starts_to_many_are_a_line_a_destination_in_the_order_of_their_first()
    {
        var rows = Enumerable.Range(0, 60).Reverse().Select(host =>
            $$"""{"start":"2026-01-01 00:00:{{host:00}}","destination":"192.0.2.{{host}}","state":"{{States[host % 2]}}"}""");

        var picture = Assert.Single(Picture.Of(Answer("get_network_traffic", "traffic", rows, of: 60)));

        Assert.Equal(30, picture.Figures.Count);
        Assert.Equal("192.0.2.0: 1 connections", picture.Figures[0]);
        Assert.Contains("30 of 60 destinations", picture.Svg, StringComparison.Ordinal);
        var marks = Marks(picture);
        Assert.Equal(marks.OrderBy(mark => mark.Y), marks.OrderBy(mark => mark.X));
        Assert.Contains("class=\"out\"", picture.Svg, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_is_a_map_of_its_ends_with_their_bytes()
    {
        var sheet = Sheet.Parse(
            """
            {"tool":"analyze_device_activity","scope":{"appliance":"a","from":"2026-01-01 00:00:00","to":"2026-01-02 00:00:00","filters":{},
            "synthetic":false},"device":{"did":7,"hostname":"one<b>"},"totals":{},"tables":{
            "external_destinations":{"of":2,"rows":[{"ip":"192.0.2.1","bytes":400},{"ip":"192.0.2.2"}]},
            "internal_destinations":{"of":1,"rows":[{"ip":"10.0.0.2","did":2,"hostname":"two","bytes":100}]},
            "inbound":{"of":1,"rows":[{"ip":"10.0.0.3","did":3,"bytes":0}]},
            "model_breaches":{"of":1,"rows":[{"time":"2026-01-01 01:00:00","model":"x"}]}},"notes":[],"next":[]}
            """);

        var map = Picture.Of(sheet, (table, row) => NextQuestion.Of(sheet, Nothing, table, row))[0];

        Assert.Equal("map", map.Name);
        Assert.Equal(["two: 100 bytes", "from 10.0.0.3: 0 bytes", "192.0.2.1: 400 bytes"], map.Figures);
        Assert.DoesNotContain("<b>", map.Svg, StringComparison.Ordinal);
        var radii = XDocument.Parse(map.Svg).Descendants().Where(part => part.Name.LocalName == "circle")
            .Select(part => (double)part.Attribute("r")!).ToList();
        Assert.Equal([8, 2, 14, 16], radii);
        Assert.Contains("&quot;did&quot;:&quot;7&quot;,&quot;peer&quot;:&quot;192.0.2.1&quot;", map.Svg, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hours", """{"hour":"2026-01-01 05:00","bytes":1}""",
        "summarize_network_traffic from=2026-01-01 05:00:00 to=2026-01-01 05:59:59 ip=10.0.0.8 port=53")]
    [InlineData("devices", """{"ip":"10.0.0.1","did":12,"bytes":1}""", "analyze_device_activity did=12 WINDOW port=53")]
    [InlineData("groups", """{"device":"10.0.0.1","did":12,"country":"X","bytes":1}""", "analyze_device_activity did=12 WINDOW port=53")]
    [InlineData("destinations", """{"ip":"192.0.2.9","bytes":1}""",
        "aggregate_traffic by=device,port peer=192.0.2.9 WINDOW ip=10.0.0.8 port=53")]
    [InlineData("destination_ports", """{"port":443,"bytes":1}""", "aggregate_traffic by=device port=443 WINDOW ip=10.0.0.8")]
    [InlineData("protocols", """{"name":"tcp","bytes":1}""", "aggregate_traffic by=device protocol=tcp WINDOW ip=10.0.0.8 port=53")]
    [InlineData("countries", """{"country":"Panama","bytes":1}""", "aggregate_traffic by=peer country=Panama WINDOW ip=10.0.0.8 port=53")]
    [InlineData("findings", """{"kind":"beacon","source_did":3,"destination":"192.0.2.7","connections":1}""",
        "get_network_traffic did=3 peer=192.0.2.7 WINDOW port=53")]
    [InlineData("findings", """{"kind":"scan","source_did":3,"connections":1}""", "get_network_traffic did=3 WINDOW port=53")]
    [InlineData("subnets", """{"subnet":"outside","bytes":1}""", null)]
    public void A_row_leads_to_the_question_that_looks_closer(string table, string row, string? asks)
    {
        var sheet = Answer("summarize_external_traffic", table, [row], of: 1);
        Dictionary<string, string> given = new() { ["last"] = "24h", ["port"] = "53", ["ip"] = "10.0.0.8", ["sort"] = "bytes" };

        var next = NextQuestion.Of(sheet, given, sheet.Tables[0], 0);

        Assert.Equal(asks?.Replace("WINDOW", Window, StringComparison.Ordinal), next?.ToString());
        Assert.Equal(next is null, !JsonElement.Parse(next?.ToJson() ?? "{}").TryGetProperty("tool", out _));
    }

    private static List<(double X, double Y)> Marks(Picture picture) =>
    [
        .. XDocument.Parse(picture.Svg).Descendants().Where(part => part.Name.LocalName == "rect")
            .Select(part => (Number(part, "x"), Number(part, "y"))),
    ];

    private static double Number(XElement part, string name) => double.Parse(part.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static Sheet Answer(string tool, string table, IEnumerable<string> rows, int of) => Sheet.Parse(
        $$$"""
        {"tool":"{{{tool}}}",
        "scope":{"appliance":"a","from":"2026-01-01 00:00:00","to":"2026-01-02 00:00:00","filters":{},"synthetic":false},
        "totals":{},"tables":{"{{{table}}}":{"of":{{{of}}},"rows":[{{{string.Join(',', rows)}}}]}},"notes":[],"next":[]}
        """);
}
