using System.Net;
using System.Text.Json.Nodes;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.History;
using DtMcp.History.Wire;
using DtMcp.Simulator.Scenarios;
using DtMcp.Tests.Support;
using DtMcp.Traffic;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Investigations.NameLookups;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.History;

/// <summary>Names are kept with the connections of their hour, and answers made of them are those of the appliance.</summary>
[Collection(nameof(ClickHouse))]
public sealed class NamesTests(ClickHouse server)
{
    private static readonly string[] Places = ["203.0.113.68", "203.0.113.69", "198.51.100.7"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_same_question_of_names_has_the_same_answer_from_the_history_and_the_appliance_is_not_asked(int shards)
    {
        using var wire = new NamesWire();
        await using var appliance = await StartAsync(wire);
        using var store = await CollectedAsync(appliance, server.Options(shards), hours: 40);
        using var reader = new HistoryStore(
            server.As(_options!, "reader"), TimeProvider.System);
        var random = new Random(shards);
        for (var i = 0; i < (shards == 1 ? 36 : 12); i++)
        {
            var question = Question(random, appliance, i);
            var records = await AskAsync(appliance, reader, question with { Evidence = EvidenceWish.Records });
            var asked = wire.Asked;
            var history = await AskAsync(appliance, reader, question);
            Assert.Equal(HistoryAnswer.Bare(records), HistoryAnswer.Bare(history));
            Assert.True(asked == wire.Asked, $"{question}");
            if (question.Investigation is NameLookup)
            {
                Assert.Contains("From the history, collected since", history["notes"]!.ToJsonString(), StringComparison.Ordinal);
                Assert.DoesNotContain("From the history", records["notes"]!.ToJsonString(), StringComparison.Ordinal);
            }
        }

        Assert.InRange(wire.Asked, 40, 10_000);
    }

    [Fact]
    public async Task Names_since_the_last_hour_are_joined_from_the_appliance_which_is_asked_for_no_others()
    {
        using var wire = new NamesWire();
        await using var appliance = await StartAsync(wire);
        using var store = await CollectedAsync(appliance, server.Options(), hours: 30);
        foreach (var question in new[] { Lookup(null), Lookup("*a*"), Lookup(null) with { Filters = new NetworkQuery { Did = 12 } } })
        {
            var asked = question with { Window = appliance.LastDay };
            var records = await AskAsync(appliance, null, asked);
            var before = appliance.Appliance.Requests.Count;
            var history = await AskAsync(appliance, store, asked);
            Assert.Equal(HistoryAnswer.Bare(records), HistoryAnswer.Bare(history));
            Assert.Contains("is read from the appliance", history["notes"]!.ToJsonString(), StringComparison.Ordinal);
            Assert.InRange(Rows(appliance, before), 1, Rows(appliance, 0) / 4);
        }
    }

    [Fact]
    public async Task An_hour_whose_names_cannot_be_had_keeps_its_connections_says_why_and_is_collected_anew_once_they_can()
    {
        using var wire = new NamesWire { Refuses = HttpStatusCode.Forbidden, RefusedType = "http" };
        await using var appliance = await StartAsync(wire);
        var options = server.Options() with { NamesBatch = 1 };
        using var store = await CollectedAsync(appliance, options, hours: 4);
        var held = (await SpanAsync(store, appliance)).Hours;
        Assert.Equal(4, held.Count);
        Assert.All(held, hour => Assert.True(hour is { IsNamed: false, Names: 0, Rows: > 0 } && hour.NamesNote.StartsWith("No names: ")));

        // What was put in before the refusal stands under a number that does not count.
        Assert.Equal(0, await CountAsync(options, held));
        Assert.InRange(await CountAsync(options, []), 1, 10_000);

        // Questions go to the appliance as ever.
        wire.Refuses = null;
        var asked = wire.Asked;
        var answer = await AskAsync(appliance, store, Lookup(null) with { Window = Held(held) });
        Assert.InRange(wire.Asked - asked, 3, 100);
        Assert.DoesNotContain("From the history", answer["notes"]!.ToJsonString(), StringComparison.Ordinal);

        // Each is looked at again an hour after its end.
        await CollectAsync(appliance, store, appliance.Now.AddHours(6), appliance.Now.AddHours(-4));
        var again = (await SpanAsync(store, appliance)).Hours.Where(hour => hour.EndMs < held[^1].EndMs + 1).ToList();
        Assert.All(again, hour => Assert.True(hour is { IsNamed: true, Names: > 0, NamesNote: "" }));
        Assert.Equal(again.Sum(hour => hour.Names), await CountAsync(options, again));
        Assert.Equal(Truth(appliance, Held(again)), again.Sum(hour => hour.Names));
        asked = wire.Asked;
        Assert.Equal(
            HistoryAnswer.Bare(answer), HistoryAnswer.Bare(await AskAsync(appliance, store, Lookup(null) with { Window = Held(held) })));
        Assert.Equal(asked, wire.Asked);
    }

    [Fact]
    public async Task An_hour_that_is_replaced_while_names_cannot_be_had_keeps_those_that_it_had()
    {
        using var wire = new NamesWire();
        await using var appliance = await StartAsync(wire);
        var options = server.Options();
        using var store = await CollectedAsync(appliance, options, hours: 2);
        var held = (await SpanAsync(store, appliance)).Hours;

        // As if the hours had been collected before half of their connections came.
        foreach (var hour in held)
        {
            store.Note("demo", hour with { CollectedMs = hour.CollectedMs + 1, Total = hour.Total / 2 }, Token);
        }

        wire.IsPartial = true;
        await CollectAsync(appliance, store, appliance.Now.AddHours(6), appliance.Now.AddHours(-2));
        var again = (await SpanAsync(store, appliance)).Hours.Where(hour => hour.EndMs <= held[^1].EndMs).ToList();
        Assert.Empty(again.Select(hour => hour.Part).Intersect(held.Select(hour => hour.Part)));
        Assert.Equal(held.Select(hour => (hour.Rows, hour.Names, true)), again.Select(hour => (hour.Rows, hour.Names, hour.IsNamed)));
        Assert.All(again, hour => Assert.Contains("did not answer", hour.NamesNote, StringComparison.Ordinal));
        Assert.Equal(again.Sum(hour => hour.Names), await CountAsync(options, again));
    }

    [Fact]
    public async Task An_hour_to_which_names_came_late_is_replaced_whole_and_one_without_is_left()
    {
        using var wire = new NamesWire();
        await using var appliance = await StartAsync(wire);
        using var store = await CollectedAsync(appliance, server.Options(), hours: 2);
        var held = (await SpanAsync(store, appliance)).Hours;
        store.Note("demo", held[0] with { CollectedMs = held[0].CollectedMs + 1, NamesTotal = held[0].NamesTotal - 1 }, Token);
        var outcomes = await CollectAsync(appliance, store, appliance.Now.AddHours(6), appliance.Now.AddHours(-2));
        Assert.Equal(CollectOutcome.Replaced, outcomes[held[0].StartMs]);
        Assert.Equal(CollectOutcome.Unchanged, outcomes[held[1].StartMs]);
        Assert.Equal(
            held.Select(hour => hour.NamesTotal),
            (await SpanAsync(store, appliance)).Hours.Take(2).Select(hour => hour.NamesTotal));
    }

    [Fact]
    public async Task The_appliance_tells_names_with_one_note_where_the_history_is_away()
    {
        using var wire = new NamesWire();
        await using var appliance = await StartAsync(wire);
        var options = server.Options() with { Nodes = [new Uri("http://127.0.0.1:1")], Pause = TimeSpan.Zero };
        using var store = new HistoryStore(options, TimeProvider.System);
        foreach (var question in new[]
        {
            Lookup(null), Lookup(null) with { Investigation = new EndpointDescription(), Filters = Of(Places[0]) },
            Lookup(null) with { Investigation = Investigating.Of("hunt_traffic") },
        })
        {
            var asked = question with { Window = Long(appliance) };
            var (records, away) = (await AskAsync(appliance, null, asked), await AskAsync(appliance, store, asked));
            Assert.Single(
                away["notes"]!.AsArray(), note => ((string)note!).StartsWith("The appliance answers: ", StringComparison.Ordinal));
            Assert.Equal(records["tables"]!.ToJsonString(), away["tables"]!.ToJsonString());
        }
    }

    private HistoryOptions? _options;

    private static Task<InvestigatorFixture> StartAsync(NamesWire wire) => InvestigatorFixture.StartAsync(
        options => options with { ClockRuns = false, Now = new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero) }, wire: wire);

    private async Task<HistoryStore> CollectedAsync(InvestigatorFixture appliance, HistoryOptions options, int hours)
    {
        _options = options;
        var store = await ClickHouse.OpenAsync(options);
        await CollectAsync(appliance, store, appliance.Now, appliance.Now.AddHours(-hours));
        return store;
    }

    private static async Task<Dictionary<long, CollectOutcome>> CollectAsync(
        InvestigatorFixture appliance, HistoryStore store, DateTimeOffset at, DateTimeOffset from)
    {
        Dictionary<long, CollectOutcome> outcomes = [];
        var clock = new FakeTimeProvider(at);
        var names = new WindowNameEntries(new InvestigatorOptions { Appliance = "demo" }, appliance.Client, clock);
        await new Collector(store, appliance.Client, "demo", clock, names: names).RunAsync(
            from.ToUnixTimeMilliseconds(), hour => outcomes[hour.StartMs] = hour.Outcome, Token);
        return outcomes;
    }

    private static Task<HistorySpan> SpanAsync(HistoryStore store, InvestigatorFixture appliance) =>
        store.SpanAsync("demo", new TimeWindow(0, appliance.Now.AddDays(1).ToUnixTimeMilliseconds()), Token);

    private static TimeWindow Held(IReadOnlyList<HistoryHour> hours) => new(hours[0].StartMs, hours[^1].EndMs);

    // What the emulated appliance's own ledger has.
    private static long Truth(InvestigatorFixture appliance, TimeWindow window) =>
        OfficeNames.Of(appliance.Appliance.Records).Count(entry => entry.StartMs >= window.StartMs && entry.StartMs <= window.EndMs);

    private static long Rows(InvestigatorFixture appliance, int skip) =>
        appliance.Appliance.Requests.Skip(skip).Where(request => request.Target.Contains("/search/", StringComparison.Ordinal))
            .Sum(request => (long)request.Rows);

    // Entries of some hours; of any, counting or not, where none are given.
    private async Task<long> CountAsync(HistoryOptions options, IEnumerable<HistoryHour> hours)
    {
        using var wire = new HistoryServer(server.As(options, "reader"), options.Nodes[0], TimeProvider.System);
        var parts = hours.Select(hour => hour.Part).ToArray();
        var where = parts.Length == 0 ? Sql.All([]) : Sql.Of($"part IN ({parts})");
        return (await wire.ReadAsync(
            Sql.Of($"SELECT 1, count() FROM {Sql.Name(options.Database)}.names WHERE {where} FORMAT RowBinary"),
            row => (long)row.U64(), Token))[0];
    }

    private static NetworkQuery Of(string ip) => new() { Ip = NetAddress.OrNone(ip) };

    private static Question Lookup(string? pattern) => new()
    {
        Investigation = new NameLookup(pattern),
        Window = default,
        Format = AnswerFormat.Json,
        NoBudget = true,
        Limit = 100_000,
    };

    private static TimeWindow Long(InvestigatorFixture appliance) =>
        new(appliance.Now.AddHours(-7).ToUnixTimeMilliseconds(), appliance.Now.AddHours(-1).ToUnixTimeMilliseconds());

    // A window anywhere in the collected hours, its ends anywhere in an hour.
    private static Question Question(Random random, InvestigatorFixture appliance, int number)
    {
        var end = appliance.Now.ToUnixTimeMilliseconds() - 1_800_000 - random.NextInt64(4 * 3_600_000L);
        var question = Lookup(null) with { Window = new TimeWindow(end - random.NextInt64(600_000, 11 * 3_600_000L), end) };
        return (number % 9) switch
        {
            0 => question,
            1 => question with { Filters = new NetworkQuery { Did = random.Next(10, 16) } },
            2 => question with { Filters = Of(Places[random.Next(Places.Length)]) },
            3 => question with { Investigation = new NameLookup(random.Next(3) switch { 0 => "*.example.*", 1 => "e_", _ => "a*e" }) },
            4 => question with
            {
                Filters = new NetworkQuery { Did = random.Next(10, 16) },
                Investigation = new NameLookup("exam"),
            },
            5 => question with
            {
                Filters = new NetworkQuery { Did = 12 },
                Conditions = new RowConditions { Peer = AddressRange.TryParse(Places[0] + "/32", out var peer) ? peer : null },
            },
            6 => question with { Investigation = new EndpointDescription(), Filters = Of(Places[0]) },
            7 => question with { Investigation = Investigating.Of("hunt_traffic") },
            _ => question with { Investigation = Investigating.Of("get_network_traffic"), Limit = 200 },
        };
    }

    private static async Task<JsonNode> AskAsync(InvestigatorFixture appliance, HistoryStore? store, Question question)
    {
        var investigator = appliance.InvestigatorBy(
            appliance.Appliance.Clock, history: store,
            options: new InvestigatorOptions { Appliance = "demo", Synthetic = true, Evidence = EvidencePolicy.Records });
        var answer = await investigator.AskAsync(question, null, Token);
        return JsonNode.Parse(answer.Json!)!;
    }
}
