using System.Globalization;
using System.Text.Json;
using static DtMcp.Tests.Support.LiveAppliance;

namespace DtMcp.Tests.Issues;

/// <summary>
/// Entries of Advanced Search as a live appliance gives them were read by a shape that no appliance has: starts were those of insertion,
/// and half of what they say was not read.
/// </summary>
public sealed class LiveRecords_11
{
    private const decimal Eight = 1768464000m;
    private const string Inside = "10.1.1.5";
    private const string Outside = "203.0.113.77";
    private const string Local = "\"local_orig\":true,\"local_resp\":false";
    private const string Abroad = "\"resp_cc\":\"PA\",\"resp_asn\":\"AS64500 Example Hosting\"," + Local;

    private static string[] Hour => ["from=2026-01-15T08:00:00Z", "to=2026-01-15T09:00:00Z"];

    [Fact]
    public async Task A_beacon_of_exactly_7_5_seconds_is_found_with_its_period()
    {
        await using var appliance = await StartAsync(Enumerable.Range(0,
            400).Select(i => Entry.Of(Eight + 3.25m + (i * 7.5m), Inside, Outside, 443, fields: Abroad, lag: 1 + (i % 4))));

        var answer = await appliance.AskAsync(["hunt_traffic", "kind=beacon", .. Hour]);

        Assert.Contains("every 7.5 s", answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_belong_to_the_window_by_their_start_to_the_millisecond_whenever_they_were_inserted()
    {
        await using var appliance = await StartAsync(
            Entry.Of(Eight - 0.000501m, Inside, Outside, 1, fields: Local),
            Entry.Of(Eight - 0.0005m, Inside, Outside, 2, fields: Local),
            Entry.Of(Eight + 3599.9m, Inside, Outside, 3, fields: Local, duration: 7200),
            Entry.Of(Eight + 3600.000499m, Inside, Outside, 4, fields: Local),
            Entry.Of(Eight + 3600.0005m, Inside, Outside, 5, fields: Local),
            Entry.Of(Eight - 100, Inside, Outside, 6, fields: Local, duration: 200));

        var rows = Rows(await appliance.AskAsync(["get_network_traffic", .. Hour]), "traffic");

        Assert.Equal([2, 3, 4], rows.Select(row => row.GetProperty("destination_port").GetInt32()).Order());
        var search = JsonElement.Parse(appliance.Searches[0]);
        Assert.Contains("@fields.epochdate:>1768463999.999499 AND @fields.epochdate:<1768467600.000500",
            search.GetProperty("search").GetString(), StringComparison.Ordinal);
        Assert.Equal("2026-01-15T07:55:00.000Z", search.GetProperty("time").GetProperty("from").GetString());
    }

    [Theory]
    [InlineData("\"start_ts\":1768464010.75,\"epochdate\":1768464099.5", "", 10_750)]
    [InlineData("\"epochdate\":1768464010.75", "", 10_750)]
    [InlineData("\"proto\":\"tcp\"", "1768464010.750000\tCuid\t10.1.1.5", 10_750)]
    [InlineData("\"proto\":\"tcp\"", "(no log line)", 20_000)]
    public async Task A_start_is_start_ts_else_epochdate_else_the_messages_first_column_else_the_insertion(string fields, string message,
        int expected)
    {
        await using var appliance = await StartAsync(Entry.Bare(Eight + 20,
            $"{fields},\"source_ip\":\"{Inside}\",\"dest_ip\":\"{Outside}\",\"orig_bytes\":5,\"resp_bytes\":6", message));

        var answer = await appliance.AskAsync(["get_network_traffic", .. Hour]);

        var start = DateTimeOffset.FromUnixTimeMilliseconds((long)(Eight * 1000) + expected).UtcDateTime.ToString("HH:mm:ss",
            CultureInfo.InvariantCulture);
        Assert.Contains(start, Rows(answer, "traffic").Single().GetRawText(), StringComparison.Ordinal);
        Assert.Equal(expected == 20_000, Notes(answer).Any(note => note.Contains("do not say when they began", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("summarize_external_traffic", "destinations")]
    [InlineData("analyze_device_activity", "peers")]
    [InlineData("compare_traffic", "destinations")]
    public async Task Tables_that_name_far_ends_have_their_country_and_network(string tool, string table)
    {
        await using var appliance = await StartAsync(Enumerable.Range(0,
            30).Select(i => Entry.Of(Eight + (i * 60), Inside, Outside, 443, fields: Abroad)));

        var answer = await appliance.AskAsync([tool, .. Hour,
            .. tool == "analyze_device_activity" ? [$"ip={Inside}"] : Array.Empty<string>()]);

        var far = answer.GetProperty("tables").EnumerateObject().SelectMany(found => found.Value.GetProperty("rows").EnumerateArray())
            .First(row => row.TryGetProperty("ip", out var ip) && ip.ValueEquals(Outside));
        Assert.Equal(("PA", "AS64500 Example Hosting", table),
            (far.GetProperty("country").GetString(), far.GetProperty("asn").GetString(), table));
    }

    [Theory]
    [InlineData(null, 20)]
    [InlineData("10.0.0.0/8, 172.16.0.0/12", 10)]
    public async Task What_the_appliance_holds_for_inside_decides_unless_ranges_are_set(string? ranges, long external)
    {
        // A public range of its own, as booleans and as texts; multicast is local to nobody and outside for nobody.
        await using var appliance = await StartAsync(
            Enumerable.Range(0, 10).Select(i => Entry.Of(Eight + i, Inside, "192.0.2.7", 22,
                fields: "\"local_orig\":\"true\",\"local_resp\":\"true\""))
                .Concat(Enumerable.Range(0,
                    20).Select(i => Entry.Of(Eight + i, Inside, "172.16.9.9", 443, fields: "\"local_orig\":true,\"local_resp\":\"false\"")))
                .Concat(Enumerable.Range(0,
                    5).Select(i => Entry.Of(Eight + i, Inside, "224.0.0.251", 5353, service: "dns", fields: Local))));
        if (ranges is not null)
        {
            appliance.Settings["DTMCP_INTERNAL_RANGES"] = ranges;
        }

        var answer = await appliance.AskAsync(["summarize_external_traffic", .. Hour]);

        Assert.Equal(external, answer.GetProperty("totals").GetProperty("connections").GetInt64());
    }

    [Fact]
    public async Task What_sensors_missed_is_told_where_it_is_much()
    {
        await using var appliance = await StartAsync(Enumerable.Range(0,
            10).Select(i => Entry.Of(Eight + i, Inside, Outside, 443,
                fields: Local + ",\"missed_bytes_orig\":900,\"missed_bytes_resp\":100")));

        var answer = await appliance.AskAsync(["summarize_network_traffic", .. Hour]);

        Assert.Contains(Notes(answer),
            note => note.Contains("missed 10000 bytes of payload in 10 of 10 connections", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_probe_that_did_not_answer_is_named_and_totals_are_at_least()
    {
        await using var appliance = await StartAsync(Enumerable.Range(0,
            10).Select(i => Entry.Of(Eight + i, Inside, Outside, 443, fields: Local)));
        appliance.SilentProbe = "vm\u202eprobe-2";

        var answer = await appliance.AskAsync(["summarize_network_traffic", .. Hour]);

        Assert.Equal("at least", answer.GetProperty("totals").GetProperty("totals_are").GetString());
        Assert.Equal(10, answer.GetProperty("totals").GetProperty("connections").GetInt64());
        Assert.Contains(Notes(answer), note => note.Contains("the probe vm?probe-2 did not answer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, 0, "ran out of time")]
    [InlineData(false, 1, "1 parts of the appliance's index failed")]
    public async Task A_search_that_ran_out_of_time_or_lost_a_part_of_its_index_is_told(bool timedOut, int failed, string expected)
    {
        await using var appliance = await StartAsync(Entry.Of(Eight + 1, Inside, Outside, 443, fields: Local));
        (appliance.TimedOut, appliance.FailedShards) = (timedOut, failed);

        var answer = await appliance.AskAsync(["summarize_network_traffic", .. Hour]);

        Assert.Equal("at least", answer.GetProperty("totals").GetProperty("totals_are").GetString());
        Assert.Contains(Notes(answer), note => note.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(200, "application/json", "{\"error\":\"Invalid to/from \\u202e<b>fields</b>\"}",
        "it says \"Invalid to/from ??b?fields?/b?\"")]
    [InlineData(400, "text/html", "<html><body>Your browser sent an invalid request</body></html>",
        "web server refused the request to /advancedsearch/api/search (400) with a page")]
    public async Task A_refused_query_is_a_named_error_in_safe_words(int status, string type, string body, string expected)
    {
        await using var appliance = await StartAsync();
        appliance.Refusal = (status, type, body);

        var (code, output, error) = await appliance.CallAsync(["summarize_network_traffic", .. Hour]);

        Assert.NotEqual(0, code);
        Assert.Contains("request_rejected", output + error, StringComparison.Ordinal);
        Assert.Contains(expected, output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_answer_of_nothing_goes_on_to_records()
    {
        await using var appliance = await StartAsync(Entry.Of(Eight + 1, Inside, Outside, 443, fields: Local));
        appliance.Network = "{}";

        var answer = await appliance.AskAsync(["summarize_network_traffic", .. Hour]);

        Assert.Equal(("records", 1),
            (answer.GetProperty("scope").GetProperty("evidence").GetString(),
                answer.GetProperty("totals").GetProperty("connections").GetInt64()));
    }

    [Fact]
    public async Task A_lone_error_of_network_is_a_named_error()
    {
        await using var appliance = await StartAsync();
        appliance.Network = "{\"error\":\"no such view\"}";

        var (code, output, error) = await appliance.CallAsync(["get_network_traffic", .. Hour]);

        Assert.NotEqual(0, code);
        Assert.Contains("it says \"no such view\"", output + error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTPS", 3, "HTTPS is ssl there")]
    [InlineData("ssl", 2, null)]
    [InlineData("SSL", 2, null)]
    [InlineData("Unknown", 2, null)]
    [InlineData("DNS", 1, null)]
    [InlineData("krb_tcp", 1, "Kerberos is krb or krb_tcp")]
    [InlineData("SSH", 0, "No record that was read has the application protocol SSH")]
    [InlineData("Facebook", 0, "Zeek is not known to have that name")]
    public async Task Application_protocols_are_asked_in_either_vocabulary(string asked, int expected, string? note)
    {
        await using var appliance = await StartAsync(
            Entry.Of(Eight + 1, Inside, Outside, 443, "ssl", Local),
            Entry.Of(Eight + 2, Inside, Outside, 8443, "ssl", Local),
            Entry.Of(Eight + 3, Inside, Outside, 443, null, Local),
            Entry.Of(Eight + 4, Inside, Outside, 9999, null, Local),
            Entry.Of(Eight + 5, Inside, Outside, 53, "dns", Local),
            Entry.Of(Eight + 6, Inside, Outside, 88, "krb_tcp", Local));

        var answer = await appliance.AskAsync(["summarize_network_traffic", $"applicationprotocol={asked}", .. Hour]);

        Assert.Equal(expected, answer.GetProperty("totals").GetProperty("connections").GetInt64());
        if (note is not null)
        {
            Assert.Contains(Notes(answer), said => said.Contains(note, StringComparison.Ordinal));
        }
    }

    private static List<JsonElement> Rows(JsonElement answer, string table) =>
        [.. answer.GetProperty("tables").GetProperty(table).GetProperty("rows").EnumerateArray()];

    private static List<string> Notes(JsonElement answer) =>
        answer.TryGetProperty("notes", out var notes) ? [.. notes.EnumerateArray().Select(note => note.GetString()!)] : [];
}
