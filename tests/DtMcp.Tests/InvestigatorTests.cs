using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Queries.Rows;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests;

public class InvestigatorTests
{
    public static TheoryData<string, ApplianceError> Faults => new()
    {
        { "signature", ApplianceError.SignatureRejected },
        { "date", ApplianceError.ClockSkew },
        { "permission", ApplianceError.PermissionDenied },
        { "not-found", ApplianceError.NotAvailable },
        { "login-page", ApplianceError.PermissionDenied },
        { "busy", ApplianceError.ApplianceBusy },
        { "error-500", ApplianceError.ApplianceBusy },
        { "slow", ApplianceError.Timeout },
        { "cut-off", ApplianceError.BadAnswer },
        { "bad-json", ApplianceError.BadAnswer },
        { "reset", ApplianceError.Unreachable },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Each_fault_gives_its_code_and_the_next_question_is_answered(string fault, ApplianceError expected)
    {
        static SimulatorOptions Small(SimulatorOptions options) => options with { Connections = 200, Days = 1, Dialect = Dialect.Sdk };
        await using var mended = await InvestigatorFixture.StartAsync(Small);
        using var wire = new MovingWire();
        await using var investigator = await InvestigatorFixture.StartAsync(options => Small(options) with { Fault = fault },
            timeout: TimeSpan.FromSeconds(fault == "slow" ? 1 : 20), wire: wire);

        var error = await Assert.ThrowsAsync<ApplianceException>(() => investigator.AskAsync("summarize_network_traffic"));

        Assert.Equal(expected, error.Error);
        wire.Appliance = mended.Appliance.Address;
        var answers = new[] { investigator, mended }.Select(asked => asked.AskAsync("summarize_network_traffic", window: mended.LastDay));
        var totals = (await Task.WhenAll(answers)).Select(answer => answer.GetProperty("totals").GetRawText()).ToList();
        Assert.DoesNotContain("\"connections\":0,", totals[0], StringComparison.Ordinal);
        Assert.Equal(totals[1], totals[0]);
    }

    [Fact]
    public async Task Seven_different_questions_over_one_day_ask_network_once()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with { Dialect = Dialect.Sdk });
        var window = investigator.LastDay;

        await investigator.AskAsync("summarize_network_traffic", window: window);
        await investigator.AskAsync("summarize_external_traffic", window: window);
        await investigator.AskAsync("analyze_protocols_and_ports", window: window);
        await investigator.AskAsync("analyze_device_activity", new NetworkQuery { Did = 3 }, window);
        await investigator.AskAsync("analyze_subnet", window: window,
            more: question => question with { Subnet = AddressRange.TryParse("10.20.10.0/24", out var range) ? range : null });
        var page = await investigator.AskAsync(
            "get_network_traffic", new NetworkQuery { DestinationPort = 443, IntExt = TrafficSide.External },
            window, question => question with { Limit = 10 });
        await investigator.AskAsync(
            "get_network_traffic", new NetworkQuery { DestinationPort = 443, IntExt = TrafficSide.External }, window, question =>
                question with { Limit = 10, Cursor = page.GetProperty("cursor").GetString() });

        // Half of that day against its other half lies within it.
        var noon = (window.StartMs + window.EndMs) / 2 + 1;
        await investigator.AskAsync("compare_traffic", window: new TimeWindow(noon, window.EndMs));

        Assert.Single(investigator.Appliance.Requests, AsksForRows);
    }

    [Fact]
    public async Task The_same_question_from_two_callers_at_once_is_asked_once()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with { Dialect = Dialect.Sdk });
        var window = investigator.LastDay;

        var answers = await Task.WhenAll(Enumerable.Range(0,
            4).Select(_ => investigator.AskAsync("summarize_network_traffic", window: window)));

        Assert.All(answers, answer => Assert.Equal(answers[0].GetProperty("totals").GetRawText(),
            answer.GetProperty("totals").GetRawText()));
        Assert.Single(investigator.Appliance.Requests, AsksForRows);
    }

    [Fact]
    public async Task Refresh_asks_anew()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with { Dialect = Dialect.Sdk });
        var window = investigator.LastDay;
        await investigator.AskAsync("summarize_network_traffic", window: window);

        await investigator.AskAsync("summarize_network_traffic", window: window, more: question => question with { Refresh = true });

        Assert.Equal(2, investigator.Appliance.Requests.Count(AsksForRows));
    }

    [Fact]
    public async Task A_long_window_in_slices_gives_the_same_figures_as_in_one()
    {
        await using var whole = await InvestigatorFixture.StartAsync(options =>
            options with { Dialect = Dialect.Sdk, Now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero) }, investigator =>
                investigator with { Slice = TimeSpan.FromDays(30) });
        await using var sliced = await InvestigatorFixture.StartAsync(
            options => options with { Dialect = Dialect.Sdk, Now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero) },
            investigator => investigator with { Slice = TimeSpan.FromHours(5), FewRows = 0 });
        var window = whole.LastDay;

        foreach (var tool in new[] { "summarize_network_traffic", "analyze_protocols_and_ports", "summarize_external_traffic" })
        {
            var (one, many) = (await whole.AskAsync(tool, window: window), await sliced.AskAsync(tool, window: window));
            Assert.Equal(one.GetProperty("tables").GetRawText(), many.GetProperty("tables").GetRawText());
        }

        // Five slices, and before them a minute that shows the shape.
        Assert.Equal(6, sliced.Appliance.Requests.Count(request => request.Target.StartsWith("/network", StringComparison.Ordinal)));
        Assert.Equal(5, sliced.Appliance.Requests.Count(AsksForRows));
    }

    [Fact]
    public async Task More_rows_than_may_be_kept_are_still_counted_exactly()
    {
        await using var roomy = await InvestigatorFixture.StartAsync(options =>
            options with { Dialect = Dialect.Sdk, Now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero) });
        await using var tight = await InvestigatorFixture.StartAsync(
            options => options with { Dialect = Dialect.Sdk, Now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero) },
            investigator => investigator with { MaxFlows = 1000 });
        var window = roomy.LastDay;

        var (expected, actual) = (await roomy.AskAsync("summarize_external_traffic", window: window),
            await tight.AskAsync("summarize_external_traffic", window: window));

        Assert.Equal(expected.GetProperty("totals").GetRawText(), actual.GetProperty("totals").GetRawText());
        Assert.Equal(expected.GetProperty("tables").GetRawText(), actual.GetProperty("tables").GetRawText());
    }

    [Fact]
    public async Task The_same_question_again_gets_the_same_answer_and_another_its_own()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with { Dialect = Dialect.Sdk });
        var window = investigator.LastDay;
        async Task<string> AskAsync(string tool, Func<Question, Question> change)
        {
            var question = change(new Question { Investigation = Investigating.Of(tool), Filters = new NetworkQuery(), Window = window });
            var told = await investigator.Investigator.AskAsync(question, null, TestContext.Current.CancellationToken);
            var text = told.Text.Split('\n', 2)[1];

            // How long it was kept is the only thing that goes on.
            return Regex.Replace(text, "cached_seconds[^0-9]*[0-9]+", "cached_seconds");
        }

        Func<Question, Question>[] changes =
        [
            question => question,
            question => question with { Limit = 3 },
            question => question with { Detail = Detail.Brief },
            question => question with { Format = AnswerFormat.Csv },
            question => question with { Filters = new NetworkQuery { Protocol = "udp" } },
            question => question with { Window = new TimeWindow(window.StartMs + 3_600_000, window.EndMs) },
        ];
        foreach (var tool in new[] { "summarize_network_traffic", "summarize_external_traffic", "get_network_traffic" })
        {
            List<string> first = [], again = [];
            foreach (var change in changes)
            {
                first.Add(await AskAsync(tool, change));
            }

            foreach (var change in changes)
            {
                again.Add(await AskAsync(tool, change));
            }

            Assert.Equal(first, again);
            Assert.Equal(changes.Length, first.Distinct().Count());
        }
    }

    [Fact]
    public async Task Without_advanced_search_answers_stand_on_connectivity_with_one_note()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with { Without = ["advancedsearch"] });

        for (var i = 0; i < 2; i++)
        {
            var answer = await investigator.AskAsync("summarize_external_traffic");
            Assert.Equal("connectivity", answer.GetProperty("scope").GetProperty("evidence").GetString());
            Assert.Single(Notes(answer), note => note.Contains("No records", StringComparison.Ordinal));
        }

        Assert.Single(investigator.Appliance.Requests, request => request.Target.StartsWith("/advancedsearch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Records_carry_names_countries_and_networks_of_hosts()
    {
        await using var investigator = await InvestigatorFixture.StartAsync();

        var answer = await investigator.AskAsync("summarize_external_traffic");

        Assert.Equal("records", answer.GetProperty("scope").GetProperty("evidence").GetString());
        var first = answer.GetProperty("tables").GetProperty("destinations").GetProperty("rows")[0];
        Assert.NotEmpty(first.GetProperty("country").GetString()!);
        Assert.StartsWith("AS", first.GetProperty("asn").GetString(), StringComparison.Ordinal);
        Assert.True(answer.GetProperty("tables").GetProperty("sources").GetProperty("rows")[0].GetProperty("did").GetInt64() > 0);
    }

    [Fact]
    public async Task Pages_of_rows_follow_each_other_without_gap_or_overlap()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with { Dialect = Dialect.Sdk });
        var window = investigator.LastDay;
        var all = Rows(await investigator.AskAsync("get_network_traffic", window: window, more: question => question with { Limit = 60 }));

        List<string> paged = [];
        string? cursor = null;
        for (var page = 0; page < 6; page++)
        {
            var answer = await investigator.AskAsync("get_network_traffic", window: window,
                more: question => question with { Limit = 10, Cursor = cursor });
            paged.AddRange(Rows(answer));
            cursor = answer.GetProperty("cursor").GetString();
        }

        Assert.Equal(all, paged);
    }

    [Fact]
    public async Task A_hunt_where_nothing_was_seen_before_does_not_call_everything_new()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options =>
            options with { RecordsFile = DtMcp.Tests.Simulator.TruthFiles.Log("m57_long") });

        var totals = (await investigator.AskAsync("hunt_traffic")).GetProperty("totals");

        Assert.True(totals.GetProperty("high").GetInt64() + totals.GetProperty("medium").GetInt64() <= 3, totals.GetRawText());
    }

    [Theory]
    [InlineData("hunt_traffic")]
    [InlineData("compare_traffic")]
    public async Task Two_windows_analysed_at_once_answer_as_those_analysed_while_they_are_read(string tool)
    {
        SimulatorOptions Office(SimulatorOptions options) =>
            options with
            {
                Dialect = Dialect.Sdk,
                Connections = 3 * RowFeed.FewestForThreads,
                Now = new DateTimeOffset(2026, 1, 15, 17, 0, 0, TimeSpan.Zero),
            };
        // Rows of /network are read in one piece, and fast.
        await using var kept = await InvestigatorFixture.StartAsync(
            Office, investigator => investigator with { Evidence = EvidencePolicy.Network });
        await using var spilt = await InvestigatorFixture.StartAsync(
            Office, investigator => investigator with { Evidence = EvidencePolicy.Network, MaxFlows = 1000 });
        var noon = new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var window = new TimeWindow(noon - 86_400_000, noon);

        var (one, other) = (await kept.AskAsync(tool, window: window), await spilt.AskAsync(tool, window: window));

        Assert.True(one.GetProperty("totals").GetProperty("connections").GetInt64() > RowFeed.FewestForThreads,
            one.GetProperty("totals").GetRawText());
        Assert.Equal(other.GetProperty("totals").GetRawText(), one.GetProperty("totals").GetRawText());
        Assert.Equal(other.GetProperty("tables").GetRawText(), one.GetProperty("tables").GetRawText());
    }

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Sdk)]
    public async Task Two_days_of_the_office_differ_by_the_planted_device_and_destination_alone(Dialect dialect)
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with { Dialect = dialect });

        var answer = await investigator.AskAsync("compare_traffic",
            more: question => question with { Investigation = Investigating.Of("compare_traffic", "day") });

        foreach (var table in new[] { "devices", "destinations" })
        {
            Assert.Single(answer.GetProperty("tables").GetProperty(table).GetProperty("rows").EnumerateArray(),
                row => row.GetProperty("change").GetString() == "new");
        }
    }

    [Fact]
    public async Task Bandwidth_without_records_has_its_hours_from_metricdata()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with { Without = ["advancedsearch"] });

        var tables = (await investigator.AskAsync("analyze_bandwidth", new NetworkQuery { Did = 9 })).GetProperty("tables");

        var device = Assert.Single(tables.GetProperty("devices").GetProperty("rows").EnumerateArray());
        var hours = tables.GetProperty("hours").GetProperty("rows").EnumerateArray().ToList();
        Assert.InRange(hours.Count, 2, 25);
        Assert.Equal(device.GetProperty("bytes_in").GetInt64(), hours.Sum(hour => hour.GetProperty("bytes_in").GetInt64()));
        Assert.Equal(device.GetProperty("bytes_out").GetInt64(), hours.Sum(hour => hour.GetProperty("bytes_out").GetInt64()));
    }

    private static List<string> Rows(JsonElement answer) =>
        [.. answer.GetProperty("tables").GetProperty("traffic").GetProperty("rows").EnumerateArray().Select(row => row.GetRawText())];

    private static IEnumerable<string> Notes(JsonElement answer) =>
        answer.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!);

    /// <summary>The sockets, to another appliance once one is named.</summary>
    private sealed class MovingWire() : DelegatingHandler(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
        UseProxy = false,
    })
    {
        public Uri? Appliance { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Appliance is not null)
            {
                request.RequestUri = new Uri(Appliance.GetLeftPart(UriPartial.Authority) + request.RequestUri!.PathAndQuery,
                    new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            }

            return base.SendAsync(request, cancellationToken);
        }
    }

    [Fact]
    public async Task Records_beyond_the_bound_are_counted_exactly_and_the_guides_tables_are_not_read_for_them()
    {
        static SimulatorOptions Day(SimulatorOptions options) => options with
        {
            Connections = 30_000,
            Days = 1,
            IndexLimit = 10_000,
            Now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero),
            ClockRuns = false,
        };

        // Left to itself an appliance is asked to count what is beyond the bound.
        static Question OfRecords(Question question) => question with { Evidence = EvidenceWish.Records };

        await using var kept = await InvestigatorFixture.StartAsync(Day);
        await using var dropped = await InvestigatorFixture.StartAsync(Day, investigator => investigator with { MaxFlows = 20_000 });

        // One window for both: a day back from each one's own clock, if it ran, would begin some rows later for the second.
        var window = kept.LastDay;

        foreach (var tool in new[] { "analyze_protocols_and_ports", "summarize_external_traffic" })
        {
            var expected = await kept.AskAsync(tool, window: window, more: OfRecords);
            var actual = await dropped.AskAsync(tool, window: window, more: OfRecords);
            Assert.All(
                [expected, actual],
                static answer => Assert.Equal("records", answer.GetProperty("scope").GetProperty("evidence").GetString()));
            if (tool == "analyze_protocols_and_ports")
            {
                Assert.Equal(dropped.Appliance.RecordCount, actual.GetProperty("totals").GetProperty("connections").GetInt64());
            }

            Assert.Equal(expected.GetProperty("totals").GetRawText(), actual.GetProperty("totals").GetRawText());
            Assert.Equal(expected.GetProperty("tables").GetRawText(), actual.GetProperty("tables").GetRawText());
        }

        Assert.DoesNotContain(kept.Appliance.Requests, static request =>
            AsksForRows(request) && !request.Target.Contains("responsedata=externaldevices", StringComparison.Ordinal));
        Assert.InRange(kept.Appliance.Requests.Count(static request =>
            request.Target.StartsWith("/advancedsearch", StringComparison.Ordinal)), 4, 20);
    }

    // Beside the one minute that tells an appliance's dialect.
    private static bool AsksForRows(RequestLogEntry request) =>
        request.Target.StartsWith("/network?", StringComparison.Ordinal)
            && HttpUtility.ParseQueryString(request.Target[request.Target.IndexOf('?', StringComparison.Ordinal)..]) is var asked
            && Time(asked["endtime"]) - Time(asked["starttime"]) > 60_000;

    private static long Time(string? text) => long.Parse(text!, CultureInfo.InvariantCulture);
}
