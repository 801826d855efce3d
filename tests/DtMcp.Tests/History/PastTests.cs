using System.Text.Json.Nodes;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.History;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.History;

/// <summary>What the history saw before is not new, and a far end is told by when and by whom it was seen.</summary>
[Collection(nameof(ClickHouse))]
public sealed class PastTests(ClickHouse server)
{
    private const long Now = 1_768_475_000;
    private const string Old = "203.0.113.9";
    private const string Fresh = "203.0.113.10";
    private const string Weekly = "203.0.113.11";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_destination_of_the_last_days_is_not_new_and_is_told_by_when_and_whom_it_was_seen()
    {
        await using var appliance = await StartAsync();
        using var store = await CollectedAsync(appliance);
        foreach (var tool in new[] { "compare_traffic", "hunt_traffic" })
        {
            var question = Question(tool);
            var without = await AskAsync(appliance, null, question);
            var with = await AskAsync(appliance, store, question);
            Assert.Contains("the history of the 30 days before", with["notes"]!.ToJsonString(), StringComparison.Ordinal);
            Assert.DoesNotContain("the history of", without["notes"]!.ToJsonString(), StringComparison.Ordinal);
            if (tool == "compare_traffic")
            {
                Assert.Equal([Fresh, Weekly], New(without));
                Assert.Equal([Fresh], New(with));
            }
            else
            {
                Assert.True(IsFoundNew(without, Weekly));
                Assert.False(IsFoundNew(with, Weekly));
                Assert.True(IsFoundNew(with, Fresh));
            }
        }

        var described = Question("compare_traffic") with
        {
            Investigation = new EndpointDescription(),
            Filters = new NetworkQuery { Ip = NetAddress.OrNone(Weekly) },
        };
        var endpoint = (await AskAsync(appliance, store, described))["endpoint"]!;
        Assert.Equal("2026-01-12 10:00:05", (string?)endpoint["first_seen"]);
        Assert.Equal("2026-01-15 10:40:10", (string?)endpoint["last_seen"]);
        Assert.Equal(3, (int?)endpoint["devices_seen"]);
        Assert.Equal(3, (int?)endpoint["days_seen"]);
        Assert.Null((await AskAsync(appliance, null, described))["endpoint"]!["first_seen"]);
    }

    // Every hour something goes to the old one. The weekly one was there three and two days ago, from two devices, and is again now, from a
    // third; the fresh one is there for the first time.
    private static async Task<InvestigatorFixture> StartAsync()
    {
        List<string> rows = [];
        for (var hour = 0; hour < 3 * 24; hour++)
        {
            rows.Add(Row(Now - (hour * 3_600L) - 100, 1, Old));
        }

        foreach (var (day, device) in new[] { (3, 1), (3, 2), (2, 2) })
        {
            rows.Add(Row(new DateTimeOffset(2026, 1, 15, 10, 0, 5, TimeSpan.Zero).AddDays(-day).ToUnixTimeSeconds(), device, Weekly));
        }

        for (var i = 0; i < 40; i++)
        {
            rows.Add(Row(1_768_473_610 + i - 39, 3, Weekly));
            rows.Add(Row(1_768_473_600 + i, 1, Fresh));
        }

        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, rows.Order(StringComparer.Ordinal), Token);
        return await InvestigatorFixture.StartAsync(options => options with
        {
            RecordsFile = file,
            ClockRuns = false,
            Now = DateTimeOffset.FromUnixTimeSeconds(Now),
        });
    }

    private static string Row(long second, int device, string to)
    {
        const string Rest = """
            "id.resp_p":8443,"proto":"tcp","conn_state":"SF","duration":1.5,"orig_bytes":9000,"resp_bytes":2000,"orig_pkts":9,"resp_pkts":9}
            """;
        return $$"""{"ts":{{second}},"id.orig_h":"10.0.0.{{device}}","id.orig_p":50000,"id.resp_h":"{{to}}",""" + Rest;
    }

    private async Task<HistoryStore> CollectedAsync(InvestigatorFixture appliance)
    {
        var store = await ClickHouse.OpenAsync(server.Options());
        await new Collector(store, appliance.Client, "demo", appliance.Appliance.Clock).RunAsync(
            appliance.Now.AddDays(-3.2).ToUnixTimeMilliseconds(), _ => { }, Token);
        return store;
    }

    // The last day: whatever the history holds of the days before.
    private static Question Question(string tool) => new()
    {
        Investigation = Investigating.Of(tool),
        Window = new TimeWindow((Now - 86_400) * 1000, Now * 1000),
        Format = AnswerFormat.Json,
        NoBudget = true,
    };

    private static async Task<JsonNode> AskAsync(InvestigatorFixture appliance, HistoryStore? store, Question question)
    {
        var investigator = appliance.InvestigatorBy(
            appliance.Appliance.Clock, history: store,
            options: new InvestigatorOptions { Appliance = "demo", Evidence = EvidencePolicy.Records });
        return JsonNode.Parse((await investigator.AskAsync(question, null, Token)).Json!)!;
    }

    private static IEnumerable<string?> New(JsonNode answer) => answer["tables"]!["destinations"]!["rows"]!.AsArray()
        .Where(row => (string?)row![0] == "new").Select(row => (string?)row![1]).Order();

    private static bool IsFoundNew(JsonNode answer, string destination) => answer["tables"]!.AsObject().Any(table =>
        table.Value!["rows"]!.AsArray().Any(row => row!.ToJsonString() is var text
            && text.Contains($"\"{destination}\"", StringComparison.Ordinal) && text.Contains("new", StringComparison.Ordinal)));
}
