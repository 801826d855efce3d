using System.Text.Json;
using System.Text.Json.Nodes;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.History;
using DtMcp.History.Wire;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Simulator;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.History;

/// <summary>
/// Recorded connections that were collected, against answers computed independently: beside one form of the appliance rows are read, beside
/// the other they are counted in the history.
/// </summary>
public abstract class HistoryTruthTests(ClickHouse server, int shards) : TruthTests
{
    // Collected once for all tests of a kind.
    private static readonly Dictionary<(string Name, int Shards), HistoryOptions> Collected = [];

    [Theory]
    [InlineData("m57_long")]
    [InlineData("apt29_day1")]
    [InlineData("zeek_ipv6")]
    public async Task A_hunt_finds_the_same_in_channels_that_are_grouped_as_in_rows(string name)
    {
        await using var grouped = (Answers)await StartAsync(name, nameof(Dialect.Guide));
        var range = TruthFiles.Truth(name).GetProperty("summary").GetProperty("timerange");
        var (first, last) = (range.GetProperty("first_start").GetInt64(), range.GetProperty("last_start").GetInt64());
        foreach (var window in new[] { new TimeWindow(first, last), new TimeWindow(((first * 2) + last) / 3, last) })
        {
            var found = await grouped.AskAsync("hunt_traffic", null, window, null, 100_000);
            var expected = await grouped.ByRows().AskAsync("hunt_traffic", null, window, null, 100_000);
            Assert.True(found.GetProperty("totals").GetProperty("findings").GetInt64() > 0);
            Assert.Equal(Bare(expected), Bare(found));
        }
    }

    private static string Bare(JsonElement answer) => HistoryAnswer.Bare(JsonNode.Parse(answer.GetRawText())!);

    internal override async Task<IAnswers> StartAsync(string name, string dialect)
    {
        Assert.SkipWhen(shards > 1 && name == "zeek_ipv6", "Nineteen days are collected on one node alone, for the time that it takes.");
        var token = TestContext.Current.CancellationToken;
        var range = TruthFiles.Truth(name).GetProperty("summary").GetProperty("timerange");
        var appliance = await InvestigatorFixture.StartAsync(options => options with
        {
            RecordsFile = TruthFiles.Log(name),
            Dialect = Enum.Parse<Dialect>(dialect),
            ClockRuns = false,
            Now = DateTimeOffset.FromUnixTimeMilliseconds(range.GetProperty("last_start").GetInt64()).AddHours(2),
        });
        if (!Collected.TryGetValue((name, shards), out var options))
        {
            options = server.Options(shards);
            using var store = await ClickHouse.OpenAsync(options);
            await new Collector(store, appliance.Client, "demo", appliance.Appliance.Clock).RunAsync(
                range.GetProperty("first_start").GetInt64(), _ => { }, token);
            Collected[(name, shards)] = options;
        }

        return new Answers(appliance, new HistoryStore(options, TimeProvider.System), isCounted: dialect == nameof(Dialect.Guide));
    }

    private sealed class Answers(InvestigatorFixture appliance, HistoryStore store, bool isCounted) : IAnswers
    {
        private readonly DtMcp.Traffic.Investigator _investigator = appliance.InvestigatorBy(
            appliance.Appliance.Clock, history: store,
            options: new InvestigatorOptions
            {
                Appliance = "demo",
                Synthetic = true,
                Evidence = EvidencePolicy.Records,
                CountedRows = isCounted ? 0 : long.MaxValue,
            });

        public Answers ByRows() => new(appliance, store, isCounted: false);

        public async Task<JsonElement> AskAsync(
            string tool, NetworkQuery? filters, TimeWindow? window, AddressRange? subnet, int limit)
        {
            var answer = await _investigator.AskAsync(
                new Question
                {
                    Investigation = Investigating.Of(tool),
                    Filters = filters ?? new NetworkQuery(),
                    Window = window ?? appliance.LastDay,
                    Subnet = subnet,
                    Format = AnswerFormat.Json,
                    NoBudget = true,
                    Limit = limit,
                    Evidence = EvidenceWish.History,
                },
                null, TestContext.Current.CancellationToken);
            var found = JsonElement.Parse(answer.Json!);
            Assert.Equal("history", found.GetProperty("scope").GetProperty("evidence").GetString());
            Assert.True(
                isCounted == found.GetProperty("notes").GetRawText().Contains("counted there", StringComparison.Ordinal)
                || tool == "get_network_traffic", $"{tool}: {found.GetProperty("notes")}");
            return found;
        }

        public async ValueTask DisposeAsync()
        {
            store.Dispose();
            await appliance.DisposeAsync();
        }
    }
}

/// <summary>On one node.</summary>
[Collection(nameof(SecondClickHouse))]
public sealed class OneNodeTruthTests(ClickHouse server) : HistoryTruthTests(server, shards: 1);

/// <summary>On two shards.</summary>
[Collection(nameof(SecondClickHouse))]
public sealed class TwoShardsTruthTests(ClickHouse server) : HistoryTruthTests(server, shards: 2);
