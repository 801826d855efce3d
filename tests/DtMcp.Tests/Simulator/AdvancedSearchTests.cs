using System.Net;
using System.Text;
using System.Text.Json;

namespace DtMcp.Tests.Simulator;

public sealed class AdvancedSearchTests
{
    [Theory]
    [MemberData(nameof(TruthFiles.Names), MemberType = typeof(TruthFiles))]
    public async Task Pushed_down_filters_select_what_the_truth_says(string name)
    {
        var truth = TruthFiles.Truth(name);
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with { RecordsFile = TruthFiles.Log(name) });
        var range = truth.GetProperty("summary").GetProperty("timerange");
        var asked = 0;
        foreach (var row in truth.GetProperty("queries").EnumerateArray())
        {
            var parameters = row.GetProperty("params");
            var terms = parameters.EnumerateObject().Select(parameter => Term(parameter.Name, parameter.Value.ToString())).ToArray();
            if (terms.Contains(null))
            {
                continue;
            }

            var answer = await SearchAsync(appliance, string.Join(" AND ", terms.Prepend("@type:conn")),
                range.GetProperty("first_start").GetInt64(), range.GetProperty("last_start").GetInt64() + LatestInsertion, size: 10_000);
            Assert.Equal((parameters.ToString(), row.GetProperty("count").GetInt64()),
                (parameters.ToString(), answer.GetProperty("hits").GetProperty("total").GetInt64()));
            if (row.GetProperty("count").GetInt64() <= 10_000)
            {
                Assert.Equal(row.GetProperty("bytes").GetInt64(),
                    Fields(answer).Sum(fields =>
                        fields.GetProperty("orig_bytes").GetInt64() + fields.GetProperty("resp_bytes").GetInt64()));
            }

            asked++;
        }

        Assert.True(asked > 3, $"only {asked} queries were asked");

        static string? Term(string name, string value) => name switch
        {
            "ip" => $"(@fields.source_ip:\"{value}\" OR @fields.dest_ip:\"{value}\")",
            "protocol" when !int.TryParse(value, out _) => $"@fields.proto:\"{value}\"",
            "applicationprotocol" when !int.TryParse(value, out _) && !value.Equals("unknown", StringComparison.OrdinalIgnoreCase) =>
                $"@fields.service:\"{value}\"",
            "port" => $"(@fields.source_port:{value} OR @fields.dest_port:\"{value}\")",
            "sourceport" => $"@fields.source_port:{value}",
            "destinationport" => $"@fields.dest_port:[{value} TO {value}]",
            _ => null,
        };
    }

    [Fact]
    public async Task Pages_are_newest_first_and_miss_and_repeat_nothing()
    {
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with { Connections = 30_000 });
        var (ids, last, offset, total) = (new HashSet<string>(), long.MaxValue, 0, 1);
        for (; offset < total; offset += 7_000)
        {
            var answer = await SearchAsync(appliance, "@type:conn", 0,
                SignedRequests.StillClock.GetUtcNow().ToUnixTimeMilliseconds() + LatestInsertion, offset, 7_000);
            total = answer.GetProperty("hits").GetProperty("total").GetInt32();
            foreach (var hit in answer.GetProperty("hits").GetProperty("hits").EnumerateArray())
            {
                Assert.True(ids.Add(hit.GetProperty("_source").GetProperty("@fields").GetProperty("uid").GetString()!));
                Assert.True(hit.GetProperty("sort")[0].GetInt64() <= last);
                last = hit.GetProperty("sort")[0].GetInt64();
            }
        }

        Assert.Equal((30_000, 30_000), (total, ids.Count));
    }

    [Fact]
    public async Task A_hit_has_the_fields_of_a_conn_record()
    {
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with
        {
            RecordsFile = TruthFiles.Log("m57_long"),
        });
        var records = appliance.Simulator.Records;
        var answer = await SearchAsync(appliance, "@type:conn AND NOT @fields.service:* AND @fields.proto:tcp", records.FirstMs,
            records.LastMs + LatestInsertion, size: 300);
        var hits = answer.GetProperty("hits").GetProperty("hits").EnumerateArray().ToList();
        Assert.All(hits, hit =>
        {
            var source = hit.GetProperty("_source");
            var fields = source.GetProperty("@fields");
            Assert.Equal("conn", source.GetProperty("@type").GetString());
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$", source.GetProperty("@timestamp").GetString());
            Assert.Matches(@"^\d{10}\.\d{3}$", fields.GetProperty("start_ts").GetRawText());
            Assert.Equal(fields.GetProperty("start_ts").GetRawText(), fields.GetProperty("epochdate").GetRawText());
            Assert.True(hit.GetProperty("sort")[0].GetInt64() >= fields.GetProperty("start_ts").GetDecimal() * 1000);
            Assert.Matches("^logstash-vmprobe2?-[0-9.]{10}$", hit.GetProperty("_index").GetString());
            Assert.Matches("^[12]$", source.GetProperty("@darktrace_probe").GetString());
            Assert.StartsWith(fields.GetProperty("start_ts").GetRawText() + "\t", source.GetProperty("@message").GetString(),
                StringComparison.Ordinal);
            Assert.Equal((false, false), (fields.TryGetProperty("ts", out _), fields.TryGetProperty("service", out _)));
        });
        var locals = hits.Select(hit =>
            hit.GetProperty("_source").GetProperty("@fields").GetProperty("local_orig").ValueKind).Distinct().ToList();
        Assert.Contains(JsonValueKind.String, locals);
        Assert.Contains(JsonValueKind.True, locals);
        Assert.Equal(0, (await SearchAsync(appliance, "@type:dns", records.FirstMs,
            records.LastMs + LatestInsertion)).GetProperty("hits").GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("no base64!")]
    [InlineData("bm8ganNvbg")]
    [InlineData("eyJzZWFyY2giOiJAdHlwZTpjb25uIEFORCAoIn0")]
    public async Task What_is_no_search_is_an_input_error(string segment)
    {
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with { Connections = 6_000 });
        var target = $"/advancedsearch/api/search/{Uri.EscapeDataString(segment)}";
        Assert.Equal((HttpStatusCode.BadRequest, "{\n  \"advancedsearch\": \"INPUT ERROR\"\n}"),
            await appliance.AskAsync(target, signed: target));
    }

    [Fact]
    public async Task Base64_is_taken_in_both_alphabets_and_posted()
    {
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with { Connections = 6_000 });
        const string Json = """{"search":"@type:conn AND @fields.dest_port:>>>???","timeframe":"86400","size":1}""";
        var usable = Json.Replace(">>>???", "443", StringComparison.Ordinal) + " ";
        var standard = Convert.ToBase64String(Encoding.UTF8.GetBytes(usable));
        var urlSafe = standard.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var totals = new List<int>();
        foreach (var segment in new[] { standard.Replace("=", "%3D", StringComparison.Ordinal), urlSafe })
        {
            var target = $"/advancedsearch/api/search/{segment}";
            using var response = await appliance.SendAsync(target, signed: target);
            totals.Add(await TotalAsync(response));
        }

        var body = $$"""{"hash":"{{standard}}"}""";
        using var posted = await appliance.SendAsync("/advancedsearch/api/search", signed: $"/advancedsearch/api/search?{body}",
            change: request =>
        {
            request.Method = HttpMethod.Post;
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        });
        totals.Add(await TotalAsync(posted));
        Assert.True(totals[0] > 0);
        Assert.Single(totals.Distinct());
    }

    [Fact]
    public async Task Epochdate_takes_ranges_with_fractions_and_insertion_selects_apart_from_it()
    {
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with { Connections = 6_000 });
        var records = appliance.Simulator.Records;
        var (from, to) = (records.Rows[1_000].StartMs, records.Rows[2_000].StartMs);
        var expected = records.Rows.Count(row => row.StartMs >= from && row.StartMs < to);
        var search = FormattableString.Invariant($"@type:conn AND @fields.epochdate:>={from / 1000m} AND @fields.epochdate:<{to / 1000m}");

        var wide = await SearchAsync(appliance, search, from, to + 86_400_000, size: 1);
        var narrow = await SearchAsync(appliance, search, from, to, size: 1);

        Assert.Equal(expected, wide.GetProperty("hits").GetProperty("total").GetInt32());
        Assert.InRange(narrow.GetProperty("hits").GetProperty("total").GetInt32(), 1, expected - 1);
    }

    [Fact]
    public async Task A_wrong_range_is_refused_with_status_200()
    {
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with { Connections = 6_000 });

        var answer = await SearchAsync(appliance, "@type:conn", 2_000, 1_000);

        Assert.Equal("Invalid to/from fields in custom range", answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_silent_probe_is_named_and_what_it_saw_is_missing()
    {
        await using var whole = await SignedRequests.StartAsync(SignedRequests.Options with { Connections = 6_000 });
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with { Connections = 6_000, Fault = "probe" });
        var end = SignedRequests.StillClock.GetUtcNow().ToUnixTimeMilliseconds() + LatestInsertion;

        var answer = await SearchAsync(appliance, "@type:conn", 0, end, size: 1);

        Assert.Equal("vmprobe2", answer.GetProperty("darktraceChildError").GetString());
        Assert.True(answer.GetProperty("hits").GetProperty("total").GetInt32() < (await SearchAsync(whole, "@type:conn", 0, end,
            size: 1)).GetProperty("hits").GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_path_that_is_too_long_gets_a_page()
    {
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with { Connections = 6_000 });
        var target = "/advancedsearch/api/search/" + new string('a', 7_000);

        var (status, body) = await appliance.AskAsync(target, signed: target);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("Your browser sent an invalid request", body, StringComparison.Ordinal);
    }

    // Records are in the index some seconds after the last of them began.
    private const long LatestInsertion = 10_000;

    private static async Task<int> TotalAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonElement.Parse(body).GetProperty("hits").GetProperty("total").GetInt32();
    }

    private static async Task<JsonElement> SearchAsync(SignedRequests appliance, string search, long from, long to, int offset = 0,
        int size = 50)
    {
        var json = JsonSerializer.Serialize(new
        {
            search,
            fields = Array.Empty<string>(),
            offset,
            timeframe = "custom",
            time = new { from = Iso(from), to = Iso(to), user_interval = 0 },
            size,
        });
        var segment = Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var target = $"/advancedsearch/api/search/{segment}";
        using var response = await appliance.SendAsync(target, signed: target);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        return document.RootElement.Clone();

        static string Iso(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null);
    }

    private static IEnumerable<JsonElement> Fields(JsonElement answer) =>
        answer.GetProperty("hits").GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("_source").GetProperty("@fields"));
}
