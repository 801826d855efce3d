using System.Text.Json;
using DtMcp.Tests.Tools;

namespace DtMcp.Tests.Investigations.Hunting;

/// <summary>What Darktrace says beside findings, through the front door.</summary>
public sealed class HuntVerdictTests(ToolAppliances appliances)
{
    [Fact]
    public async Task A_finding_has_the_breach_and_the_incident_of_the_same_device_and_time()
    {
        var answer = await AskAsync("hunt_traffic", """{"kind":"upload","format":"json"}""");

        var row = Rows(answer)[0];
        var verdict = row.GetProperty("darktrace").GetString()!;
        Assert.Contains("breach 41002 Anomalous Connection::Data Sent to Rare Domain 91", verdict, StringComparison.Ordinal);
        Assert.Contains("incident Data Sent to Rare Domain 91", verdict, StringComparison.Ordinal);
        Assert.Contains("far end known since ", verdict, StringComparison.Ordinal);
        Assert.Contains(Notes(answer), note => note.Contains("are of no finding above low here", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Low_findings_have_none()
    {
        var rows = Rows(await AskAsync("hunt_traffic", """{"format":"json","detail":"full"}"""));
        Assert.Contains(rows, row => Has(row, "darktrace"));
        Assert.All(rows.Where(row => Has(row, "darktrace")), row => Assert.NotEqual("low", row.GetProperty("confidence").GetString()));
    }

    [Fact]
    public async Task Without_records_an_upload_is_found_by_bytes_and_alerts_are_beside()
    {
        var answer = await AskAsync("hunt_traffic", """{"format":"json","detail":"full"}""", "advancedsearch");

        var upload = Rows(answer).Single(row => row.GetProperty("kind").GetString() == "upload"
            && row.GetProperty("confidence").GetString() != "low");
        Assert.Equal("10.20.10.20", upload.GetProperty("source").GetString());
        Assert.Contains("breach 41002", upload.GetProperty("darktrace").GetString(), StringComparison.Ordinal);
        Assert.Equal(6, answer.GetProperty("tables").GetProperty("alerts").GetProperty("rows").EnumerateArray()
            .Count(row => row.GetProperty("kind").GetString() == "model_breach"));
        Assert.Contains(Notes(answer), note => note.Contains("beacons, refused calls, guessed passwords", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_records_what_cannot_be_seen_has_no_number_of_findings()
    {
        var answer = await AskAsync("hunt_traffic", """{"kind":"beacon","format":"json"}""", "advancedsearch");

        Assert.False(Has(answer.GetProperty("totals"), "findings"));
        Assert.Contains(Notes(answer), note => note.Contains("only connection records (Advanced Search) give", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_records_one_device_is_hunted_by_its_peers()
    {
        var upload = Rows(await AskAsync("hunt_traffic", """{"did":9,"format":"json"}""", "advancedsearch"))
            .Single(row => row.GetProperty("kind").GetString() == "upload" && row.GetProperty("confidence").GetString() == "high");
        Assert.Equal("203.0.113.76", upload.GetProperty("destination").GetString());
    }

    [Fact]
    public async Task Alerts_are_of_the_device_that_is_asked_about()
    {
        var answer = await AskAsync("list_alerts", """{"did":9,"format":"json"}""");
        var rows = answer.GetProperty("tables").GetProperty("alerts").GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(["incident", "model_breach"], rows.Select(row => row.GetProperty("kind").GetString()).Order());
        Assert.All(rows, row => Assert.Equal(9, row.GetProperty("did").GetInt64()));
        Assert.All(rows, row => Assert.StartsWith(
            "https://darktrace.example/#", row.GetProperty("link").GetString(), StringComparison.Ordinal));
    }

    private async Task<JsonElement> AskAsync(string tool, string arguments, string without = "")
    {
        var (text, isError) = await appliances.CallAsync(tool, arguments, without);
        Assert.False(isError, text);
        return JsonElement.Parse(text);
    }

    private static List<JsonElement> Rows(JsonElement answer) =>
        [.. answer.GetProperty("tables").GetProperty("findings").GetProperty("rows").EnumerateArray()];

    private static IEnumerable<string> Notes(JsonElement answer) =>
        answer.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!);

    private static bool Has(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;
}
