using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.History;
using DtMcp.Tests.Support;
using DtMcp.Traffic;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Tests.History;

/// <summary>Answers from the history are those of records.</summary>
[Collection(nameof(ClickHouse))]
public sealed class HistoryAnswersTests(ClickHouse server)
{
    private static readonly string[] Tools =
    [
        "get_network_traffic", "summarize_network_traffic", "summarize_external_traffic", "analyze_protocols_and_ports",
        "analyze_bandwidth", "hunt_traffic", "compare_traffic", "analyze_device_activity", "analyze_subnet", "describe_endpoint",
        "aggregate_traffic",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_same_question_has_the_same_answer_from_the_history(int shards)
    {
        await using var appliance = await StartAsync();
        using var store = await CollectedAsync(appliance, server.Options(shards), hours: 30);
        var random = new Random(shards);
        HashSet<string> asked = [];
        for (var i = 0; i < (shards == 1 ? 44 : 11); i++)
        {
            var question = Question(random, appliance, Tools[i % Tools.Length]);
            Assert.True(asked.Add($"{question}"));
            var records = await AskAsync(appliance, store, question with { Evidence = EvidenceWish.Records });
            var history = await AskAsync(appliance, store, question);
            Assert.Equal("history", (string?)history["scope"]!["evidence"]);
            Assert.Equal(HistoryAnswer.Bare(records), HistoryAnswer.Bare(history));
        }
    }

    [Fact]
    public async Task What_began_since_the_last_hour_is_joined_from_the_appliance()
    {
        await using var appliance = await StartAsync();
        using var store = await CollectedAsync(appliance, server.Options(), hours: 30);
        var question = Plain(appliance, "summarize_network_traffic") with { Window = appliance.LastDay };
        var (records, history) = (await AskAsync(appliance, null, question), await AskAsync(appliance, store, question));
        Assert.Equal("history", (string?)history["scope"]!["evidence"]);
        Assert.Contains("is read from the appliance", history["notes"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HistoryAnswer.Bare(records), HistoryAnswer.Bare(history));
    }

    [Fact]
    public async Task A_window_with_a_hole_is_the_appliances_and_says_so_where_history_was_asked_for()
    {
        await using var appliance = await StartAsync();
        using var store = await CollectedAsync(appliance, server.Options(), hours: 3);
        var question = Plain(appliance, "summarize_network_traffic") with { Window = appliance.LastDay };
        Assert.NotEqual("history", (string?)(await AskAsync(appliance, store, question))["scope"]!["evidence"]);
        var asked = await AskAsync(appliance, store, question with { Evidence = EvidenceWish.History });
        Assert.NotEqual("history", (string?)asked["scope"]!["evidence"]);
        Assert.Contains("No history: it holds", asked["notes"]!.ToJsonString(), StringComparison.Ordinal);
        var none = await AskAsync(appliance, null, question with { Evidence = EvidenceWish.History });
        Assert.Contains("none is set up", none["notes"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_appliance_answers_with_one_note_where_the_history_is_away()
    {
        await using var appliance = await StartAsync();
        var options = server.Options() with { Nodes = [new Uri("http://127.0.0.1:1")] };
        using var store = new HistoryStore(options, TimeProvider.System);
        var question = Plain(appliance, "summarize_network_traffic");
        var (records, away) = (await AskAsync(appliance, null, question), await AskAsync(appliance, store, question));
        Assert.Single(away["notes"]!.AsArray(), note => ((string)note!).Contains("The history does not answer", StringComparison.Ordinal));
        Assert.Equal(records["totals"]!.ToJsonString(), away["totals"]!.ToJsonString());
    }

    [Fact]
    public async Task A_history_that_was_away_a_moment_ago_is_not_waited_for_by_whoever_asks_of_the_past()
    {
        await using var appliance = await StartAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var (node, tried) = (new Uri($"http://{listener.LocalEndpoint}"), 0);
        var closing = CloseAllAsync();
        using var store = new HistoryStore(server.Options() with { Nodes = [node], Pause = TimeSpan.Zero }, TimeProvider.System);
        var investigator = By(appliance, store);
        await AskAsync(investigator, Plain(appliance, "summarize_network_traffic"));
        var once = Volatile.Read(ref tried);
        foreach (var name in new[] { "hunt_traffic", "compare_traffic" })
        {
            var answer = await AskAsync(investigator, Plain(appliance, name) with { Window = appliance.LastDay });
            Assert.Contains("since the history is away", answer["notes"]!.ToJsonString(), StringComparison.Ordinal);
        }

        Assert.True(once > 0);
        Assert.Equal(once, Volatile.Read(ref tried));
        listener.Stop();
        await closing;

        async Task CloseAllAsync()
        {
            while (true)
            {
                try
                {
                    using var one = await listener.AcceptTcpClientAsync(Token);
                    Interlocked.Increment(ref tried);
                }
                catch (SocketException)
                {
                    return;
                }
            }
        }
    }

    [Theory]
    [InlineData("' OR 1=1 --")]
    [InlineData("\\' OR 1=1 --")]
    [InlineData("x') UNION ALL SELECT 1 --")]
    public async Task A_hostile_word_selects_what_it_says_and_nothing_else(string hostile)
    {
        var file = Path.GetTempFileName();
        var word = JsonEncodedText.Encode(hostile);
        const string Ends = """
            "id.orig_h":"10.0.0.1","id.orig_p":1,"id.resp_h":"203.0.113.9","id.resp_p":2,"proto":"tcp"
            """;
        await File.WriteAllLinesAsync(file, new[] { "http", $"{word}", "ssl" }.Select((service, i) =>
            $$"""{"ts":1768467600.{{i}},{{Ends}},"service":"{{service}}"}"""), Token);
        await using var appliance = await InvestigatorFixture.StartAsync(
            options => options with { RecordsFile = file, Now = DateTimeOffset.FromUnixTimeSeconds(1_768_475_000) });
        using var store = await CollectedAsync(appliance, server.Options(), hours: 4);
        var window = new TimeWindow(1_768_467_600_000, 1_768_471_199_999);
        var span = await store.SpanAsync("demo", window, Token);
        foreach (var (search, rows) in new (ConnSearch Search, int Rows)[]
        {
            (new ConnSearch { Window = window }, 3), (new ConnSearch { Window = window, Services = [hostile] }, 1),
            (new ConnSearch { Window = window, Protocol = hostile }, 0),
        })
        {
            var flows = new FlowSet();
            await store.ReadAsync(span, search, flows, null, Token);
            Assert.Equal(rows, flows.Count);
            Assert.Equal(rows > 0, Enumerable.Range(0, flows.ApplicationProtocols.Count).Any(id =>
                flows.ApplicationProtocols[(ushort)id].Equals(hostile, StringComparison.OrdinalIgnoreCase)));
        }

        File.Delete(file);
    }

    private static Task<InvestigatorFixture> StartAsync() => InvestigatorFixture.StartAsync(
        options => options with { ClockRuns = false, Now = new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero) });

    private static async Task<HistoryStore> CollectedAsync(
        InvestigatorFixture appliance, DtMcp.History.Wire.HistoryOptions options, int hours)
    {
        var store = await ClickHouse.OpenAsync(options);
        var names = new WindowNameEntries(new InvestigatorOptions { Appliance = "demo" }, appliance.Client, appliance.Appliance.Clock);
        await new Collector(store, appliance.Client, "demo", appliance.Appliance.Clock, names: names).RunAsync(
            appliance.Now.AddHours(-hours).ToUnixTimeMilliseconds(), _ => { }, Token);
        return store;
    }

    private static Question Plain(InvestigatorFixture appliance, string tool) => new()
    {
        Investigation = tool switch
        {
            "describe_endpoint" => new EndpointDescription(),
            "aggregate_traffic" => new TrafficAggregation("destination", "port", "bytes"),
            _ => Investigating.Of(tool),
        },
        Window = new TimeWindow(appliance.Now.AddHours(-7).ToUnixTimeMilliseconds(), appliance.Now.AddHours(-1).ToUnixTimeMilliseconds()),
        Format = AnswerFormat.Json,
        NoBudget = true,
        Limit = 100_000,
    };

    // A window anywhere in the collected hours, its ends anywhere in an hour; the one before it is collected too.
    private static Question Question(Random random, InvestigatorFixture appliance, string tool)
    {
        var end = appliance.Now.ToUnixTimeMilliseconds() - 1_800_000 - random.NextInt64(4 * 3_600_000L);
        var question = Plain(appliance, tool) with { Window = new TimeWindow(end - random.NextInt64(1_000, 11 * 3_600_000L), end) };
        NetAddress Address(string text) => NetAddress.TryParse(text, out var address) ? address : NetAddress.None;
        switch (tool)
        {
            case "analyze_subnet":
                return question with { Subnet = AddressRange.TryParse("10.10.1.0/24", out var range) ? range : default };
            case "analyze_device_activity":
                return question with { Filters = new NetworkQuery { Did = random.Next(10, 16) } };
            case "describe_endpoint":
                return question with { Filters = new NetworkQuery { Ip = Address("203.0.113.68") } };
        }

        return random.Next(9) switch
        {
            0 => question with { Filters = new NetworkQuery { Port = random.Next(2) == 0 ? 443 : 53 } },
            1 => question with { Filters = new NetworkQuery { Protocol = random.Next(2) == 0 ? "udp" : "TCP" } },
            2 => question with { Filters = new NetworkQuery { ApplicationProtocol = random.Next(2) == 0 ? "HTTPS" : "unknown" } },
            3 => question with { Filters = new NetworkQuery { IntExt = TrafficSide.External } },
            4 => question with { Filters = new NetworkQuery { Ip = Address("203.0.113.68") } },
            5 => question with { Filters = new NetworkQuery { Did = 12 } },
            6 when tool is "get_network_traffic" => question with { Conditions = new RowConditions { Country = "Germany" } },
            7 => question with { Filters = new NetworkQuery { DestinationPort = 445, Protocol = "tcp" } },
            _ => question,
        };
    }

    private static Task<JsonNode> AskAsync(InvestigatorFixture appliance, HistoryStore? store, Question question) =>
        AskAsync(By(appliance, store), question);

    private static async Task<JsonNode> AskAsync(Investigator investigator, Question question) =>
        JsonNode.Parse((await investigator.AskAsync(question, null, Token)).Json!)!;

    private static Investigator By(InvestigatorFixture appliance, HistoryStore? store) => appliance.InvestigatorBy(
        appliance.Appliance.Clock, history: store,
        options: new InvestigatorOptions { Appliance = "demo", Synthetic = true, Evidence = EvidencePolicy.Records });
}
