using System.Text.Json;
using DtMcp.Darktrace.Errors;
using DtMcp.Tests.Support;
using DtMcp.Traffic;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Issues;

/// <summary>
/// Names of the network acted where they were shown: as a formula in full width, as a link or a tag in the list of devices that match.
/// </summary>
public sealed class NamesAsMarkup_11
{
    [Theory]
    [InlineData("＝1+1")]
    [InlineData("＋1")]
    [InlineData("－1")]
    [InlineData("＠SUM(A1)")]
    [InlineData("=1+1")]
    public void A_formula_in_full_width_is_text_in_csv_too(string text) =>
        Assert.Equal("'" + text, SafeText.Of(text, 64, TextPlace.Csv));

    [Fact]
    public async Task The_list_of_matching_devices_has_no_links_and_no_tags()
    {
        string[] names = ["[pay](https://evil.example)", "<img src=x onerror=alert(1)>", "https://evil.example/a", "`code` & *bold*",
            "turned \u202e round"];
        var devices = string.Join(',',
            names.Select((name, i) => $$"""{"did":{{i + 1}},"hostname":{{JsonSerializer.Serialize(name)}},"ip":"<b>10.0.0.{{i}}</b>"}"""));
        using var wire = new StubWire(StubWire.Json($$"""{"totalCount":{{names.Length}},"devices":[{{devices}}]}"""));
        using var client = Clients.Over(wire, new FakeTimeProvider(Clients.Now));
        var investigator = new Investigator(new InvestigatorOptions { Appliance = "test" }, client, new FakeTimeProvider(Clients.Now));

        var asking = investigator.AskAsync(
            new Question { Investigation = Investigating.Of("analyze_device_activity"), Hostname = "e", Window = new(0, 1) }, null,
            TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<ApplianceException>(() => asking);

        Assert.Contains("5 devices match", refused.Happened, StringComparison.Ordinal);
        Assert.Contains("""did 1 "\[pay\](https\://evil.example)" """, refused.Happened, StringComparison.Ordinal);
        Assert.Contains("""did 2 "\<img src=x onerror=alert(1)>" """, refused.Happened, StringComparison.Ordinal);
        Assert.Contains("""did 3 "https\://evil.example/a" \<b>10.0.0.2\</b>""", refused.Happened, StringComparison.Ordinal);
        Assert.Contains("""did 4 "\`code\` \& \*bold\*" """, refused.Happened, StringComparison.Ordinal);
        Assert.Contains("""did 5 "turned \u202E round" """, refused.Happened, StringComparison.Ordinal);
    }
}
