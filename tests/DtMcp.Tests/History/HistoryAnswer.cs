using System.Text.Json;
using System.Text.Json.Nodes;
using DtMcp.History;
using DtMcp.History.Wire;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.History;

/// <summary>
/// The demo office whose clock stands still, what was collected of it, and answers as they are compared with those by other evidence.
/// </summary>
internal static class HistoryAnswer
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<InvestigatorFixture> StartAsync() => InvestigatorFixture.StartAsync(
        options => options with { ClockRuns = false, Now = new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero) });

    public static async Task<HistoryStore> CollectedAsync(InvestigatorFixture appliance, HistoryOptions options, int hours)
    {
        var store = await ClickHouse.OpenAsync(options);
        await new Collector(store, appliance.Client, "demo", appliance.Appliance.Clock).RunAsync(
            appliance.Now.AddHours(-hours).ToUnixTimeMilliseconds(), _ => { }, Token);
        return store;
    }

    /// <summary>Asks, where windows of so many rows are counted in the history.</summary>
    public static async Task<JsonNode> AskAsync(InvestigatorFixture appliance, HistoryStore? store, Question question, long countedRows = 0,
        int maxHosts = 500_000)
    {
        var investigator = appliance.InvestigatorBy(
            appliance.Appliance.Clock, history: store,
            options: new InvestigatorOptions
            {
                Appliance = "demo",
                Synthetic = true,
                Evidence = EvidencePolicy.Records,
                CountedRows = countedRows,
                MaxHosts = maxHosts,
            });
        return JsonNode.Parse((await investigator.AskAsync(question, null, Token)).Json!)!;
    }

    /// <summary>All but the evidence and the note of the history.</summary>
    public static string Bare(JsonNode answer)
    {
        var bare = answer.DeepClone();
        bare["scope"]!.AsObject().Remove("evidence");
        var notes = bare["notes"]?.AsArray().Where(note => !((string)note!).Contains("From the history", StringComparison.Ordinal))
            .Select(note => (string)note!);
        bare["notes"] = JsonNode.Parse(JsonSerializer.Serialize(notes ?? []));
        return bare.ToJsonString();
    }
}
