using System.Globalization;
using System.Text.Json;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Rendering;

namespace DtMcp.Tests.Rendering;

public class FormTests
{
    private static string Render(Digest digest, AnswerFormat format) =>
        DigestRenderer.Render(digest, format, Detail.Normal, noBudget: false);

    [Fact]
    public void Json_has_the_members_of_the_contract_in_order()
    {
        var expected = """
            {"tool":"summarize_external_traffic","scope":{"appliance":"demo","from":"2026-01-15 08:00:00","to":"2026-01-15 09:00:00",
            "filters":{"intext":"external"},
            "evidence":"flows","connections_read":8505,"cached_seconds":0,"synthetic":true},"totals":{"connections":2972,"bytes":572172241},
            "tables":{"destinations":{"of":400,"rows":[{"ip":"203.0.113.77","hostname":"files.example.com",
            "connections":30,"percent":12.3,"ports":[80,443]},
            {"ip":"203.0.113.78","connections":9,"ports":[1,2,3,4,5,6,7,8],"ports_of":12}]}},"notes":["A note."],
            "next":["analyze_device_activity did=12"]}
            """;

        Assert.Equal(expected.Replace("\n", "", StringComparison.Ordinal), Render(SampleDigests.Small, AnswerFormat.Json));
    }

    [Fact]
    public void Markdown_says_what_of_what_first()
    {
        const string First = "# summarize_external_traffic: demo, 2026-01-15 08:00:00 to 2026-01-15 09:00:00 UTC, intext=external, "
            + "evidence flows, 8505 connections read, synthetic records";
        const string Expected = $"""
            {First}

            totals: connections 2972, bytes 572172241

            ## destinations: 2 of 400 by bytes
            ip|hostname|connections|percent|ports
            -|-|-|-|-
            203.0.113.77|files.example.com|30|12.3|80 443
            203.0.113.78||9||1 2 3 4 5 6 7 8 of 12

            notes:
            - A note.

            next:
            - `analyze_device_activity did=12`

            """;

        Assert.Equal(Expected, Render(SampleDigests.Small, AnswerFormat.Markdown));
    }

    [Fact]
    public void Csv_has_a_section_a_table()
    {
        var text = Render(SampleDigests.Small, AnswerFormat.Csv);

        Assert.Contains(
            "\n# destinations: 2 of 400 by " +
            "bytes\nip,hostname,connections,percent,ports,ports_of\n203.0.113.77,files.example.com,30,12.3,80 443,\n203.0.113.78,,9,,1 2 " +
            "3 4 5 6 7 8,12\n\n# notes\nA note.\n", text, StringComparison.Ordinal);
        Assert.StartsWith("# scope\nname,value\ntool,summarize_external_traffic\nappliance,demo\nfrom,2026-01-15 08:00:00\n", text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_column_is_still_a_table()
    {
        var digest = SampleDigests.Small with
        {
            Tables = [new Table { Name = "names", Of = 1, Columns = ["name"], Rows = [[Cell.Of("tcp")]] }],
        };

        Assert.Contains("## names: 1 of 1\n|name|\n|-|\n|tcp|\n", Render(digest, AnswerFormat.Markdown), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a|b", "a\\|b")]
    [InlineData("a\nb", "a\\u000Ab")]
    [InlineData("`x`", "\\`x\\`")]
    [InlineData("2001:db8::/64", "2001:db8::/64")]
    [InlineData("[x](http://y)", "\\[x\\](http\\://y)")]
    [InlineData("<img src=x>", "\\<img src=x>")]
    [InlineData("# head", "\\# head")]
    [InlineData("a\u202eb\u200bc", "a\\u202Eb\\u200Bc")]
    [InlineData("\U000E0041", "\\u{E0041}")]
    [InlineData("&#x202e;", "\\&#x202e;")]
    [InlineData("m\u00fcller-\u5317\u4eac", "m\u00fcller-\u5317\u4eac")]
    public void Markdown_cells_are_inert(string text, string shown)
    {
        Assert.Contains($"\n{shown}|{shown}|30|12.3|{shown}\n", Render(SampleDigests.WithText(text), AnswerFormat.Markdown),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_to_copy_cannot_leave_its_code_span()
    {
        Assert.Contains("- `a\\u0060b\\u000Ac`\n", Render(SampleDigests.WithText("a`b\nc"), AnswerFormat.Markdown),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@x", "'@x")]
    [InlineData("-a,\"b\"", "\"'-a,\"\"b\"\"\"")]
    [InlineData("a\r\nb", "a\\u000D\\u000Ab")]
    public void Csv_fields_are_no_formulas(string text, string shown)
    {
        Assert.Contains($"\n{shown},{shown},30,12.3,{shown},\n", Render(SampleDigests.WithText(text), AnswerFormat.Csv),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_valid_and_free_of_invisible_characters_for_any_text()
    {
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            var json = Render(SampleDigests.WithText(HostileText.Next(random)), AnswerFormat.Json);

            using var document = JsonDocument.Parse(json);
            Assert.NotNull(document.RootElement.GetProperty("device").GetProperty("hostname").GetString());
            Assert.DoesNotContain(json,
                value => char.GetUnicodeCategory(
                    value) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                        or UnicodeCategory.PrivateUse);
        }
    }

    [Fact]
    public void Json_gives_the_text_back_unless_it_is_too_long()
    {
        using var document = JsonDocument.Parse(Render(SampleDigests.WithText("a\u202e\"\\\U000E0041"), AnswerFormat.Json));
        using var cut = JsonDocument.Parse(Render(SampleDigests.WithText(new string('x', 5000)), AnswerFormat.Json));

        Assert.Equal("a\u202e\"\\\U000E0041", document.RootElement.GetProperty("device").GetProperty("hostname").GetString());
        Assert.Equal(new string('x', 96) + "\u2026", cut.RootElement.GetProperty("device").GetProperty("hostname").GetString());
    }
}
