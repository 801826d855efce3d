using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Investigations.Comparing;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;
using static DtMcp.Tests.History.HistoryAnswer;

namespace DtMcp.Tests.History;

/// <summary>What the history counts itself is what its rows, and those of the appliance, add up to.</summary>
[Collection(nameof(SecondClickHouse))]
public sealed class CountedAnswersTests(ClickHouse server)
{
    private const long HourMs = 3_600_000;

    private static readonly string[] Tools =
    [
        "summarize_network_traffic", "summarize_external_traffic", "analyze_protocols_and_ports", "analyze_bandwidth", "compare_traffic",
        "analyze_device_activity", "analyze_subnet", "describe_endpoint", "aggregate_traffic", "aggregate_traffic", "aggregate_traffic",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 11)]
    public async Task A_counted_answer_is_that_of_the_rows_to_the_byte(int shards, int questions)
    {
        await using var appliance = await StartAsync();
        using var store = await CollectedAsync(appliance, server.Options(shards), hours: 30);
        var random = new Random(shards);
        var counted = 0;
        HashSet<string> asked = [];
        for (var i = 0; i < questions; i++)
        {
            var question = Question(random, appliance, Tools[i % Tools.Length]);
            Assert.True(asked.Add($"{question}"));
            var records = await AskAsync(appliance, store, question with { Evidence = EvidenceWish.Records });
            var history = await AskAsync(appliance, store, question);
            Assert.Equal("history", (string?)history["scope"]!["evidence"]);
            counted += history["notes"]!.ToJsonString().Contains("counted there", StringComparison.Ordinal) ? 1 : 0;
            Assert.Equal(Bare(records), Bare(history));
        }

        Assert.True(counted >= questions * 8 / 10, $"{counted} of {questions} were counted.");
    }

    // Counting takes a pass over what is held for each table, reading takes one in all.
    [Theory]
    [InlineData("203.0.113.68")]
    [InlineData("203.0.113.250")]
    public async Task What_filters_leave_few_rows_of_is_read_and_the_rest_is_counted(string end)
    {
        await using var appliance = await StartAsync();
        using var store = await CollectedAsync(appliance, server.Options(), hours: 30);
        var all = Question(new Random(3), appliance, "summarize_network_traffic") with
        {
            Filters = new NetworkQuery(),
            Conditions = RowConditions.None,
        };
        var one = all with { Filters = new NetworkQuery { Ip = Address(end) } };

        Assert.Contains("counted there", await NotesAsync(all), StringComparison.Ordinal);
        Assert.DoesNotContain("counted there", await NotesAsync(one), StringComparison.Ordinal);
        Assert.Contains("From the history", await NotesAsync(one), StringComparison.Ordinal);

        async Task<string> NotesAsync(Question question)
        {
            var records = await AskAsync(appliance, store, question with { Evidence = EvidenceWish.Records });
            var history = await AskAsync(appliance, store, question, countedRows: 150);
            Assert.Equal(Bare(records), Bare(history));
            return history["notes"]!.ToJsonString();
        }
    }

    // Ends without an address, connections of an end with itself, sizes that a sensor made up, sides that the appliance knows better.
    [Fact]
    public async Task Odd_rows_are_counted_as_they_are_read()
    {
        await using var appliance = await StartAsync();
        using var store = await ClickHouse.OpenAsync(server.Options());
        var random = new Random(7);
        var first = (appliance.Now.ToUnixTimeMilliseconds() / HourMs * HourMs) - (14 * HourMs);
        for (var hour = 0; hour < 14; hour++)
        {
            await OddHours.AddAsync(store, random, first + (hour * HourMs), (ulong)hour + 1);
        }

        for (var i = 0; i < 22; i++)
        {
            var question = Question(random, appliance, Tools[i % Tools.Length]);
            question = question with
            {
                Window = new TimeWindow(
                    first + random.NextInt64(HourMs) + ((question.Investigation is Comparison ? 8 : 2) * HourMs),
                    first + (13 * HourMs) + random.NextInt64(HourMs)),
                Evidence = EvidenceWish.History,
                Filters = question.Filters with
                {
                    Did = null,
                    Ip = question.Investigation is EndpointDescription ? Address("203.0.113.9")
                        : question.Investigation.Name == "analyze_device_activity" ? Address("10.0.0.1")
                        : null,
                },
            };
            var read = await AskAsync(appliance, store, question, countedRows: long.MaxValue);
            var counted = await AskAsync(appliance, store, question);
            Assert.DoesNotContain("counted there", read["notes"]!.ToJsonString(), StringComparison.Ordinal);
            Assert.True(
                counted["notes"]!.ToJsonString().Contains("counted there", StringComparison.Ordinal),
                $"{question.Investigation} {question.Conditions} {question.Filters} {counted["notes"]}");
            Assert.Equal(Bare(read), Bare(counted));
        }
    }

    // Words that no protocol has are refused before anything is asked; those that get through select what they say.
    [Fact]
    public async Task A_hostile_word_is_refused_or_selects_nothing()
    {
        await using var appliance = await StartAsync();
        using var store = await CollectedAsync(appliance, server.Options(), hours: 4);
        var window = new TimeWindow(appliance.Now.AddHours(-4).ToUnixTimeMilliseconds(), appliance.Now.ToUnixTimeMilliseconds());
        var rows = new HistorySelection
        {
            Span = await store.SpanAsync("demo", window, Token),
            Search = new ConnSearch { Window = window },
            Internal = InternalRanges.Default,
        };
        var all = (await store.SumAsync(rows, [Terms.None], Token))[0].Connections;
        var random = new Random(11);
        const string Likely = "'\\;-/*()\"`{}\0\n aAxX279%=,";
        for (var i = 0; i < 30; i++)
        {
            var word = i switch
            {
                0 => "' OR 1=1 --",
                1 => "tcp') OR ('1'='1",
                2 => "\\' UNION ALL SELECT 1 --",
                _ => "x" + new string([.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => Likely[random.Next(Likely.Length)])]),
            };
            var question = new Question
            {
                Investigation = Investigating.Of("summarize_network_traffic"),
                Window = window,
                Format = AnswerFormat.Json,
                Filters = i % 2 == 0 ? new NetworkQuery { Protocol = word } : new NetworkQuery { ApplicationProtocol = word },
            };
            await Assert.ThrowsAsync<ApplianceException>(() => AskAsync(appliance, store, question));
            foreach (var search in new[] { rows.Search with { Protocol = word }, rows.Search with { Services = [word] } })
            {
                Assert.Equal(0, (await store.SumAsync(rows with { Search = search }, [Terms.None], Token))[0].Connections);
            }
        }

        Assert.True(all > 0);
        Assert.Equal(all, (await store.SumAsync(rows, [Terms.None], Token))[0].Connections);
    }

    // Windows end within an hour, at its end, or now, when the last minutes are the appliance's.
    private static Question Question(Random random, InvestigatorFixture appliance, string tool)
    {
        var now = appliance.Now.ToUnixTimeMilliseconds();
        var end = random.Next(3) switch
        {
            0 => now - (random.Next(1, 6) * HourMs) - (HourMs / 2) - 1,
            1 => now,
            _ => now - 1_800_000 - random.NextInt64(4 * HourMs),
        };
        var start = random.Next(3) == 0 ? ((end / HourMs) - random.Next(2, 11)) * HourMs : end - random.NextInt64(2 * HourMs, 11 * HourMs);
        var question = new Question
        {
            Investigation = tool switch
            {
                "describe_endpoint" => new EndpointDescription(),
                "aggregate_traffic" => Aggregation(random),
                _ => Investigating.Of(tool),
            },
            Window = new TimeWindow(start, end),
            Format = AnswerFormat.Json,
            NoBudget = true,
            Limit = random.Next(3) == 0 ? 5 : 100_000,
            Zone = TimeZoneInfo.FindSystemTimeZoneById(random.Next(4) switch { 0 => "Europe/Berlin", 1 => "Asia/Kolkata", _ => "UTC" }),
            Interval = random.Next(3) == 0 ? TimeSpan.FromMinutes(random.Next(2) == 0 ? 10 : 120) : null,
        };
        return Narrowed(random, tool, question);
    }

    private static Question Narrowed(Random random, string tool, Question question)
    {
        var conditions = random.Next(8) switch
        {
            0 => new RowConditions { Direction = (TrafficDirection)random.Next(3) },
            1 => new RowConditions { State = (ConnectionState)random.Next(2) },
            2 => new RowConditions { MinBytes = 10_000 },
            3 => new RowConditions { Peer = Range(random.Next(2) == 0 ? "203.0.113.0/24" : "10.0.0.0/8") },
            _ => RowConditions.None,
        };
        question = tool is "compare_traffic" ? question : question with { Conditions = conditions };
        return tool switch
        {
            "describe_endpoint" => question with
            {
                Filters = new NetworkQuery { Ip = Address("203.0.113.68") },
                Conditions = RowConditions.None,
            },
            "analyze_device_activity" => question with
            {
                Filters = random.Next(2) == 0
                    ? new NetworkQuery { Did = random.Next(10, 16) }
                    : new NetworkQuery { Ip = Address("10.10.1.12") },
            },
            "analyze_subnet" => question with { Subnet = Range(random.Next(2) == 0 ? "10.10.1.0/24" : "10.0.0.0/8") },
            _ => random.Next(8) switch
            {
                0 => question with { Filters = new NetworkQuery { Port = random.Next(2) == 0 ? 443 : 53 } },
                1 => question with { Filters = new NetworkQuery { Protocol = random.Next(2) == 0 ? "udp" : "TCP" } },
                2 => question with { Filters = new NetworkQuery { ApplicationProtocol = random.Next(2) == 0 ? "HTTPS" : "unknown" } },
                3 => question with { Filters = new NetworkQuery { IntExt = (TrafficSide)random.Next(2) } },
                4 => question with { Filters = new NetworkQuery { Did = 12 } },
                5 => question with { Filters = new NetworkQuery { DestinationPort = 445, Protocol = "tcp" } },
                _ => question,
            },
        };
    }

    private static TrafficAggregation Aggregation(Random random)
    {
        var by = AggregateWords.By[random.Next(AggregateWords.By.Count)];
        var then = AggregateWords.By[random.Next(AggregateWords.By.Count)];
        return new TrafficAggregation(
            by, random.Next(2) == 0 || then == by ? null : then, AggregateWords.Measure[random.Next(AggregateWords.Measure.Count)],
            random.Next(3) == 0);
    }

    private static NetAddress Address(string text) => NetAddress.OrNone(text);

    private static AddressRange Range(string text) => AddressRange.TryParse(text, out var range) ? range : default;
}
