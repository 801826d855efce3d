using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Setup;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Evidence.Counts;

/// <summary>When the appliance counts, and what becomes of counts that go wrong.</summary>
public sealed class CountGathererTests
{
    private const string Counted = "/advancedsearch/api/analyze/";

    [Fact]
    public async Task A_long_window_beyond_what_is_kept_is_counted_and_says_what_records_would_cost()
    {
        await using var investigator = await StartAsync(maxFlows: 2_000);
        var answer = await AskAsync(investigator, "summarize_network_traffic", EvidenceWish.Auto);

        Assert.Equal("counts", Evidence(answer));
        Assert.Contains("evidence=records reads the ", answer.GetProperty("notes").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Targets(investigator), target => target.StartsWith("/advancedsearch/api/search", StringComparison.Ordinal));
        Assert.DoesNotContain(Targets(investigator), target => target.StartsWith("/network", StringComparison.Ordinal)
            && !target.Contains("endtime", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Records_are_read_where_they_are_kept_or_the_window_is_short()
    {
        await using var investigator = await StartAsync(maxFlows: 100_000);
        Assert.Equal("records", Evidence(await AskAsync(investigator, "summarize_network_traffic", EvidenceWish.Auto)));
        Assert.Single(Targets(investigator), target => target.StartsWith(Counted, StringComparison.Ordinal));

        // What is kept serves, without another question.
        Assert.Equal("records", Evidence(await AskAsync(investigator, "analyze_protocols_and_ports", EvidenceWish.Auto)));
        Assert.Single(Targets(investigator), target => target.StartsWith(Counted, StringComparison.Ordinal));

        await using var small = await StartAsync(maxFlows: 100);
        Assert.Equal("records", Evidence(await small.AskAsync("summarize_network_traffic", window: small.LastDay)));
        Assert.DoesNotContain(Targets(small), target => target.StartsWith(Counted, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_few_pages_of_records_are_read_however_little_is_kept()
    {
        await using var investigator = await StartAsync(maxFlows: 100, fewRows: 10_000);
        Assert.Equal("records", Evidence(await AskAsync(investigator, "summarize_network_traffic", EvidenceWish.Auto)));
        Assert.Single(Targets(investigator), target => target.StartsWith(Counted, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("destination", "bytes")]
    [InlineData("device", "bytes_out")]
    [InlineData("port", "connections")]
    public async Task The_heaviest_groups_of_a_month_move_hardly_anything(string by, string measure)
    {
        await using var investigator = await StartAsync(
            maxFlows: 2_000, options => options with { Connections = 60_000, Days = 30, TermsListed = 100 });
        var window = new TimeWindow(investigator.LastDay.StartMs - (28L * 86_400_000), investigator.LastDay.EndMs);
        var answer = await AskAsync(EvidenceWish.Auto);
        var (requests, bytes) = (investigator.Appliance.Requests.Count, investigator.Appliance.Requests.Sum(request => request.Bytes));
        var read = await AskAsync(EvidenceWish.Records);

        Assert.Equal(("counts", "records"), (Evidence(answer), Evidence(read)));
        Assert.InRange(bytes, 1, 5_000_000);
        Assert.InRange(requests, 1, 90);
        var (rows, truth) = (Rows(answer), Rows(read));
        Assert.Equal(10, rows.Count);
        var notes = answer.GetProperty("notes").ToString();
        var sure = Regex.Match(notes, "the first ([0-9]+) rows are the largest") is { Success: true } said
            ? int.Parse(said.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : 10;
        Assert.InRange(sure, 5, 10);
        Assert.Equal(truth.Take(sure).Select(Key), rows.Take(sure).Select(Key));
        Assert.All(rows, row => Assert.All(new[] { "connections", "bytes", measure }, column => Assert.Equal(
            truth.Single(one => Key(one) == Key(row)).GetProperty(column).GetInt64(), row.GetProperty(column).GetInt64())));

        string Key(JsonElement row) => row.GetProperty(by).ToString();

        Task<JsonElement> AskAsync(EvidenceWish evidence) => investigator.AskAsync("get_network_traffic", window: window,
            more: question => question with
            {
                Investigation = new TrafficAggregation(by, null, measure),
                Evidence = evidence,
                Limit = 10,
                Sort = null,
            });

        static List<JsonElement> Rows(JsonElement answer) =>
            [.. answer.GetProperty("tables").GetProperty("groups").GetProperty("rows").EnumerateArray()];
    }

    [Fact]
    public async Task The_evidence_asked_for_answers()
    {
        await using var investigator = await StartAsync(maxFlows: 100_000);
        foreach (var (wish, evidence) in new[]
        {
            (EvidenceWish.Counts, "counts"), (EvidenceWish.Records, "records"), (EvidenceWish.Network, "connectivity"),
        })
        {
            Assert.Equal(evidence, Evidence(await AskAsync(investigator, "summarize_external_traffic", wish)));
        }

        await using var rows = await StartAsync(maxFlows: 2_000, options => options with { Dialect = Dialect.Sdk });
        Assert.Equal("flows", Evidence(await AskAsync(rows, "summarize_network_traffic", EvidenceWish.Auto)));
        Assert.Equal("counts", Evidence(await AskAsync(rows, "summarize_network_traffic", EvidenceWish.Counts)));
    }

    [Fact]
    public async Task Port_0_is_answered_by_records_with_the_reason()
    {
        await using var investigator = await StartAsync(maxFlows: 100_000);
        var answer = await AskAsync(investigator, "summarize_network_traffic", EvidenceWish.Counts, new NetworkQuery { Port = 0 });
        Assert.Equal("records", Evidence(answer));
        Assert.Contains("No counts: port 0", answer.GetProperty("notes").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_question_again_asks_for_nothing()
    {
        await using var investigator = await StartAsync(maxFlows: 2_000);
        var window = new TimeWindow(investigator.LastDay.StartMs - 86_400_000, investigator.LastDay.EndMs - 3_600_000);
        var first = await investigator.AskAsync("summarize_network_traffic", window: window);
        var asked = Targets(investigator).Count(target => target.StartsWith(Counted, StringComparison.Ordinal));
        var second = await investigator.AskAsync("summarize_network_traffic", window: window);

        Assert.Equal(asked, Targets(investigator).Count(target => target.StartsWith(Counted, StringComparison.Ordinal)));
        Assert.Equal(first.GetProperty("totals").GetRawText(), second.GetProperty("totals").GetRawText());
    }

    [Theory]
    [InlineData("[10.0.0.0 TO")]
    [InlineData("local_orig:\"true\"")]
    public async Task An_appliance_that_takes_the_words_otherwise_is_not_counted_by(string misunderstood)
    {
        await using var investigator = await StartAsync(maxFlows: 100_000, wire: new Wire(search =>
            search.Contains(misunderstood, StringComparison.Ordinal)
                ? search.Replace(misunderstood, misunderstood[0] == '[' ? "[0.0.0.0 TO" : "local_orig:\"T\"", StringComparison.Ordinal)
                : search));
        var answer = await AskAsync(investigator, "summarize_external_traffic", EvidenceWish.Counts);
        Assert.Equal("records", Evidence(answer));
        Assert.Contains("No counts: the appliance does not take", answer.GetProperty("notes").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_at_random_give_no_wrong_figure_without_a_note()
    {
        var random = new Random(20261128);
        await using var truth = await StartAsync(maxFlows: 100_000);
        var window = truth.LastDay;
        var right = await truth.AskAsync("summarize_external_traffic", window: window, more: Counts);
        var (whole, told, fell, failed) = (0, 0, 0, 0);
        for (var i = 0; i < 40; i++)
        {
            var one = random.Next(40);
            var wire = new Wire(null, random.Next(8), one, random.Next(3) == 0);
            await using var investigator = await StartAsync(maxFlows: 100_000, wire: wire);
            try
            {
                var answer = await investigator.AskAsync("summarize_external_traffic", window: window, more: Counts);
                var notes = answer.GetProperty("notes").ToString();
                if (Evidence(answer) != "counts")
                {
                    Assert.Contains("No counts: ", notes, StringComparison.Ordinal);
                    fell++;
                }
                else if (notes.Contains("Totals are at least", StringComparison.Ordinal)
                    || notes.Contains("may differ", StringComparison.Ordinal))
                {
                    told++;
                }
                else
                {
                    Assert.Equal(right.GetProperty("totals").GetRawText(), answer.GetProperty("totals").GetRawText());
                    Assert.Equal(right.GetProperty("tables").GetRawText(), answer.GetProperty("tables").GetRawText());
                    whole++;
                }
            }
            catch (ApplianceException)
            {
                failed++;
            }
        }

        Assert.True(whole > 2 && told > 2 && fell > 2, $"{whole} whole, {told} told, {fell} by records, {failed} failed");

        static Question Counts(Question question) => question with { Evidence = EvidenceWish.Counts };
    }

    private static Task<InvestigatorFixture> StartAsync(long maxFlows, Func<SimulatorOptions, SimulatorOptions>? more = null,
        HttpMessageHandler? wire = null, long fewRows = 0) => InvestigatorFixture.StartAsync(
            options => (more?.Invoke(options) ?? options) with
            {
                Connections = 6_000,
                Days = 3,
                ClockRuns = false,
                Now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero),
            },
            options => options with { MaxFlows = maxFlows, FewRows = fewRows },
            wire: wire);

    private static Task<JsonElement> AskAsync(InvestigatorFixture investigator, string tool, EvidenceWish evidence,
        NetworkQuery? filters = null)
    {
        var day = investigator.LastDay;
        return investigator.AskAsync(tool, filters, new TimeWindow(day.StartMs - 86_400_000, day.EndMs),
            question => question with { Evidence = evidence });
    }

    private static string? Evidence(JsonElement answer) => answer.GetProperty("scope").GetProperty("evidence").GetString();

    private static IEnumerable<string> Targets(InvestigatorFixture investigator) =>
        investigator.Appliance.Requests.Select(request => request.Target);

    /// <summary>A way to the appliance on which counts go wrong: the search is another, or the answers are.</summary>
    private sealed class Wire(Func<string, string>? change, int fault = 0, int place = 0, bool everyAfter = false)
        : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _count;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.OriginalString;
            var response = await base.SendAsync(request, cancellationToken);
            if (!path.Contains(Counted, StringComparison.Ordinal))
            {
                return response;
            }

            if (change is not null)
            {
                return Changed(path) ? Json(response, Otherwise(path)) : response;
            }

            var number = Interlocked.Increment(ref _count);
            if (fault == 0 || (everyAfter ? number < place : number != place))
            {
                return response;
            }

            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return fault switch
            {
                1 => Json(response, text[..(text.Length / 2)]),
                2 => Json(response, """{"error":"Invalid to/from fields in custom range"}"""),
                3 => Json(response, text.Replace("\"timed_out\": false", "\"timed_out\": true", StringComparison.Ordinal)
                    .Replace("\"total\": ", "\"total\": 1", StringComparison.Ordinal)),
                4 => Json(response, text.Replace("\"failed\": 0", "\"failed\": 1", StringComparison.Ordinal)),
                5 => Json(response, text.Replace("Error\": \"\"", "Error\": \"vmprobe2\"", StringComparison.Ordinal)),
                6 => Json(response, "{}"),
                _ => new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent("{\"a\":\"INPUT ERROR\"}") },
            };
        }

        private bool Changed(string path) => change!(Search(path)) != Search(path);

        private static string Search(string path) => JsonElement.Parse(Base64Url.DecodeFromChars(path.Split('/')[^1]))
            .GetProperty("search").GetString()!;

        // As an appliance answers that understood something else: everything, or nothing.
        private static string Otherwise(string path) => path.Contains("/terms/", StringComparison.Ordinal)
            ? """{"hits":{"total":2},"aggregations":{"terms":{"doc_count_error_upper_bound":0,"sum_other_doc_count":0,"""
                + """ "buckets":[{"key":"203.0.113.9","doc_count":1},{"key":"10.0.0.1","doc_count":1}]}}}"""
            : """{"hits":{"total":0},"aggregations":{"stats":{"count":0,"min":null,"max":null,"avg":null,"sum":0}}}""";

        private static HttpResponseMessage Json(HttpResponseMessage response, string text)
        {
            response.Content = new StringContent(text, Encoding.UTF8, "application/json");
            return response;
        }
    }
}
