using System.Text.Json;
using System.Text.RegularExpressions;
using DtMcp.Serving;
using DtMcp.Tests.Running;
using DtMcp.Tools;
using ModelContextProtocol.Protocol;

namespace DtMcp.Tests.Serving;

public sealed class PictureServerTests(DemoInvestigators demo) : IClassFixture<DemoInvestigators>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Only_a_client_that_shows_pictures_is_told_of_them()
    {
        Assert.False(PictureServer.MayShow(new ClientCapabilities()));
        Assert.True(PictureServer.MayShow(null));
        Assert.True(PictureServer.MayShow(new ClientCapabilities
        {
            Extensions = new Dictionary<string, object> { [PictureServer.Extension] = new() },
        }));
        Assert.Null(ToolCatalog.Find(PictureServer.ToolName));
        Assert.Equal("""{"ui":{"visibility":["app"]}}""", PictureServer.Tool.Meta!.ToJsonString());
    }

    [Fact]
    public void The_page_is_whole_and_names_nothing_outside()
    {
        var page = Assert.IsType<TextResourceContents>(PictureServer.Page());

        Assert.Equal("text/html;profile=mcp-app", page.MimeType);
        Assert.Contains("tools/call", page.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch(new Regex("""https?://(?!www\.w3\.org/2000/svg)|src=|href=|@import|innerHTML|eval\("""), page.Text);
        Assert.InRange(page.Text.Length, 1_000, 16_000);
    }

    [Fact]
    public async Task Each_tool_with_a_window_is_drawn_or_has_nothing_to_draw()
    {
        var pictures = new PictureServer(demo.Runner);
        var drawn = 0;
        foreach (var tool in ToolCatalog.All.Where(tool => PictureServer.WithPage(tool, new Tool { Name = tool.Name }).Meta is not null))
        {
            var given = tool.Name switch
            {
                "analyze_device_activity" => """{"did":12}""",
                "aggregate_traffic" => """{"by":"device","interval":"1h"}""",
                "analyze_subnet" => """{"subnet":"10.20.1.0/24"}""",
                "describe_endpoint" => """{"ip":"203.0.113.68"}""",
                "lookup_names" => """{"name":"test"}""",
                _ => "{}",
            };
            var answer = await pictures.DrawAsync(Asked(tool.Name, given), Token);

            Assert.False(answer.IsError is true, $"{tool.Name}: {Assert.IsType<TextContentBlock>(answer.Content[0]).Text}");
            foreach (var picture in answer.StructuredContent!.Value.GetProperty("pictures").EnumerateArray())
            {
                drawn++;
                Assert.StartsWith("<svg ", picture.GetProperty("svg").GetString(), StringComparison.Ordinal);
                Assert.NotEqual(0, picture.GetProperty("figures").GetArrayLength());
            }
        }

        Assert.InRange(drawn, 15, 60);
    }

    [Fact]
    public async Task A_picture_has_the_figures_of_the_answer()
    {
        var asked = JsonElement.Parse("""{"last":"24h"}""").EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value);
        var answer = await new PictureServer(demo.Runner).DrawAsync(Asked("analyze_bandwidth", """{"last":"24h"}"""), Token);
        var outcome = await demo.Runner.RunAsync(ToolCatalog.Find("analyze_bandwidth")!,
            asked.Append(KeyValuePair.Create("format", JsonElement.Parse("\"json\""))), noBudget: true, progress: null, Token);

        var figures = answer.StructuredContent!.Value.GetProperty("pictures")[0].GetProperty("figures").EnumerateArray()
            .Select(figure => figure.GetString());
        var hours = JsonElement.Parse(outcome.Json!).GetProperty("tables").GetProperty("hours").GetProperty("rows");
        Assert.Equal(hours.EnumerateArray().Select(row =>
            $"{row.GetProperty("hour")}: {row.GetProperty("bytes_in")} bytes_in, {row.GetProperty("bytes_out")} bytes_out"), figures);
    }

    [Theory]
    [InlineData("""{}""", "There is no tool")]
    [InlineData("""{"tool":5}""", "There is no tool")]
    [InlineData("""{"tool":"draw_answer"}""", "There is no tool")]
    [InlineData("""{"tool":"analyze_bandwidth","arguments":{"lst":"1h"}}""", "last")]
    [InlineData("""{"tool":"analyze_bandwidth","arguments":{"did":{"a":1}}}""", "did")]
    public async Task What_cannot_be_drawn_says_why(string asked, string says)
    {
        var given = JsonElement.Parse(asked).EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value);

        var answer = await new PictureServer(demo.Runner).DrawAsync(given, Token);

        Assert.True(answer.IsError);
        Assert.Contains(says, Assert.IsType<TextContentBlock>(answer.Content[0]).Text, StringComparison.Ordinal);
    }

    private static Dictionary<string, JsonElement> Asked(string tool, string arguments) => new()
    {
        ["tool"] = JsonElement.Parse($"\"{tool}\""),
        ["arguments"] = JsonElement.Parse(arguments),
    };
}
