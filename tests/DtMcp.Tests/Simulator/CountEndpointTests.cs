using System.Net;
using System.Text;
using System.Text.Json;
using DtMcp.Simulator.Endpoints.AdvancedSearch;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Setup;

namespace DtMcp.Tests.Simulator;

/// <summary>What the emulated appliance counts, beside a plain scan of its records.</summary>
public sealed class CountEndpointTests
{
    private const long DayMs = 86_400_000;

    private static readonly SimulatorOptions Small = SignedRequests.Options with { Connections = 9_000, Days = 3 };

    private static long NowMs => SignedRequests.StillClock.GetUtcNow().ToUnixTimeMilliseconds();

    private static readonly Dictionary<string, Func<RecordSet, ConnectionRecord, bool>> Truths = new()
    {
        ["@type:conn"] = (_, _) => true,
        ["@type:x509"] = (_, _) => false,
        ["@fields.proto:\"udp\""] = (records, row) => records.Protocols[row.Protocol] == "udp",
        ["NOT @fields.proto:udp"] = (records, row) => records.Protocols[row.Protocol] != "udp",
        ["NOT (@fields.proto:udp OR @fields.dest_port:(80 OR \"443\"))"] =
            (records, row) => records.Protocols[row.Protocol] != "udp" && row.DestinationPort is not (80 or 443),
        ["@fields.dest_port:[1 TO 1023] AND NOT @fields.dest_port:{52 TO 54}"] =
            (_, row) => row.DestinationPort is >= 1 and <= 1023 and not 53,
        ["_exists_:\"@fields.service\""] = (_, row) => row.Service != 0,
        ["NOT _exists_:@fields.service"] = (_, row) => row.Service == 0,
        ["@fields.orig_bytes:>1000 AND @fields.resp_bytes:<=5000"] = (_, row) => row.OrigBytes > 1000 && row.RespBytes <= 5000,
        ["@fields.source_ip:[10.0.0.0 TO 10.255.255.255]"] = (records, row) => Starts(records, row.Source, "10."),
        ["NOT @fields.dest_ip:10.*"] = (records, row) => !Starts(records, row.Destination, "10."),
        ["@fields.dest_ip:\"10.*\""] = (_, _) => false,
        ["@fields.dest_ip:f??2\\:*"] = (records, row) => Starts(records, row.Destination, "ff02:"),
        ["@fields.local_resp:\"false\" AND @fields.local_orig:true"] =
            (records, row) => !records.IsLocal(row.Destination) && records.IsLocal(row.Source),
        ["@fields.conn_state:(\"S0\" OR \"REJ\")"] = (_, row) => row.State is ConnState.S0 or ConnState.REJ,
    };

    public static TheoryData<string> Searches => [.. Truths.Keys];

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task Counts_are_those_of_a_plain_scan(string search)
    {
        var matches = Truths[search];
        await using var appliance = await SignedRequests.StartAsync(Small);
        var records = appliance.Simulator.Records;
        var (from, to) = (NowMs - (2 * DayMs), NowMs - 3_600_000);
        var rows = records.Rows.Where(row => row.StartMs > from && row.StartMs <= to && matches(records, row)).ToList();
        search += FormattableString.Invariant($" AND @fields.epochdate:>{from / 1000}.000000 AND @fields.epochdate:<={to / 1000}.0");

        var terms = await CountAsync(appliance, "analyze/@fields.dest_port/terms", search);
        Assert.Equal(rows.Count, terms.GetProperty("hits").GetProperty("total").GetInt32());
        var (buckets, other) = Terms(terms);
        Assert.Equal(rows.Count, buckets.Sum(bucket => bucket.Count) + other);
        Assert.Equal(
            rows.CountBy(row => (int)row.DestinationPort).OrderByDescending(port => port.Value).ThenBy(port => port.Key).Take(100)
                .Select(port => (port.Key.ToString(null, null), port.Value)),
            buckets);

        var stats = (await CountAsync(appliance, "analyze/@fields.resp_bytes/mean", search))
            .GetProperty("aggregations").GetProperty("stats");
        Assert.Equal((rows.Count, rows.Sum(row => row.RespBytes)),
            (stats.GetProperty("count").GetInt32(), stats.GetProperty("sum").GetInt64()));
        Assert.Equal(rows.Count == 0 ? null : (double?)rows.Max(row => row.RespBytes),
            stats.GetProperty("max").ValueKind == JsonValueKind.Null ? null : stats.GetProperty("max").GetDouble());
    }

    [Fact]
    public async Task Graphs_come_a_day_at_a_time_from_the_newest()
    {
        await using var appliance = await SignedRequests.StartAsync(Small);
        Dictionary<long, (long Count, long Bytes)> found = [];
        var days = 0;
        for (int? next = 0; next is { } day; days++)
        {
            var path = day == 0 ? "" : FormattableString.Invariant($"/{day}");
            var counts = await CountAsync(appliance, "graph/count/3600000", "@type:conn", path);
            var means = await CountAsync(appliance, "graph/mean/3600000", "@type:conn", path, "@fields.orig_bytes");
            foreach (var (count, mean) in Buckets(counts, "count").Zip(Buckets(means, "mean")))
            {
                var key = count.GetProperty("key").GetInt64();
                Assert.Equal(key, mean.GetProperty("key").GetInt64());
                Assert.Equal(NowMs / DayMs - day, key / DayMs);
                Assert.Equal(count.GetProperty("doc_count").GetInt64(), mean.GetProperty("mean_stats").GetProperty("count").GetInt64());
                found.Add(key, (count.GetProperty("doc_count").GetInt64(), mean.GetProperty("mean_stats").GetProperty("sum").GetInt64()));
            }

            next = counts.GetProperty("kibana").TryGetProperty("next", out var older) ? older.GetInt32() : null;
        }

        var rows = appliance.Simulator.Records.Rows;
        var inserted = Enumerable.Range(0, rows.Length)
            .Select(row => (Hour: Insertion.Of(appliance.Simulator.Records, row), rows[row].OrigBytes))
            .Where(row => row.Hour >= NowMs - (3 * DayMs) && row.Hour <= NowMs)
            .GroupBy(row => row.Hour - (row.Hour % 3_600_000))
            .ToDictionary(hour => hour.Key, hour => ((long)hour.Count(), hour.Sum(row => row.OrigBytes)));
        Assert.Equal(4, days);
        Assert.Equal(inserted.OrderBy(hour => hour.Key), found.OrderBy(hour => hour.Key));
    }

    [Fact]
    public async Task Values_that_are_cut_are_within_the_error_that_is_told()
    {
        await using var appliance = await SignedRequests.StartAsync(Small with { TermsListed = 2 });
        var records = appliance.Simulator.Records;
        var truth = records.Rows.CountBy(row => Text(records, row.Destination)).ToDictionary();
        var answer = await CountAsync(appliance, "analyze/@fields.dest_ip/terms", "@type:conn", days: 4);
        var terms = answer.GetProperty("aggregations").GetProperty("terms");
        var error = terms.GetProperty("doc_count_error_upper_bound").GetInt64();
        var (buckets, other) = Terms(answer);

        Assert.True(error > 0);
        Assert.Equal(2, buckets.Count);
        Assert.Equal(truth.Values.Sum(), buckets.Sum(bucket => bucket.Count) + other);
        Assert.All(buckets, bucket => Assert.InRange(truth[bucket.Key], bucket.Count, bucket.Count + error));
    }

    [Fact]
    public async Task Scores_and_trends_look_at_ten_thousand_entries()
    {
        await using var appliance = await SignedRequests.StartAsync(Small with { Connections = 30_000, Days = 1 });
        foreach (var kind in new[] { "score", "trend" })
        {
            var hits = (await CountAsync(appliance, $"analyze/@fields.proto/{kind}", "@type:conn")).GetProperty("hits");
            Assert.True(hits.GetProperty("total").GetInt32() > 25_000);
            Assert.Equal(10_000, hits.GetProperty("count").GetInt32());
            Assert.Equal(kind == "score" ? 10_000 : 5_000,
                hits.GetProperty("hits").EnumerateArray().Sum(hit => hit.GetProperty("count").GetInt32()));
        }
    }

    [Fact]
    public async Task A_silent_probe_is_named_and_not_counted()
    {
        await using var appliance = await SignedRequests.StartAsync(Small with { Fault = "probe" });
        var records = appliance.Simulator.Records;
        var answer = await CountAsync(appliance, "analyze/@fields.proto/terms", "@type:conn", days: 4);

        Assert.NotEqual("", answer.GetProperty("darktraceChildError").GetString());
        Assert.Equal(records.Rows.Count(row => row.Source % 8 != 7), Terms(answer).Buckets.Sum(bucket => bucket.Count));
    }

    [Theory]
    [InlineData("analyze/@fields.proto/median/", "@type:conn")]
    [InlineData("analyze/terms/", "@type:conn")]
    [InlineData("graph/count/0/", "@type:conn")]
    [InlineData("graph/mean/60000/", "@type:conn")]
    [InlineData("graph/count/60000/", "@type:(")]
    public async Task What_cannot_be_counted_is_an_input_error(string path, string search)
    {
        await using var appliance = await SignedRequests.StartAsync(Small);
        var target = $"/advancedsearch/api/{path}{Segment(search, null, 3)}";
        Assert.Equal((HttpStatusCode.BadRequest, "{\n  \"advancedsearch\": \"INPUT ERROR\"\n}"),
            await appliance.AskAsync(target, signed: target));
    }

    [Fact]
    public async Task Pages_deeper_than_the_index_gives_are_refused_in_words()
    {
        await using var appliance = await SignedRequests.StartAsync(Small with { IndexLimit = 2_000 });
        foreach (var (offset, size, isGiven) in new[] { (1_000, 1_000, true), (1_000, 1_001, false), (2_000, 1, false) })
        {
            var json = $$"""{"search":"@type:conn","fields":[],"timeframe":"86400","offset":{{offset}},"size":{{size}}}""";
            var target = $"/advancedsearch/api/search/{Base64(json)}";
            var (status, body) = await appliance.AskAsync(target, signed: target);
            Assert.Equal((HttpStatusCode.OK, isGiven),
                (status, !body.Contains("\"error\": \"Result window is too large", StringComparison.Ordinal)));
        }
    }

    private static async Task<JsonElement> CountAsync(SignedRequests appliance, string path, string search, string after = "",
        string? field = null, int days = 3)
    {
        var target = $"/advancedsearch/api/{path}/{Segment(search, field, days)}{after}";
        var (status, body) = await appliance.AskAsync(target, signed: target);
        Assert.Equal(HttpStatusCode.OK, status);
        return JsonElement.Parse(body);
    }

    private static string Segment(string search, string? field, int days) => Base64(JsonSerializer.Serialize(new
    {
        search,
        fields = Array.Empty<string>(),
        offset = 0,
        timeframe = "custom",
        time = new { from = Iso(NowMs - (days * DayMs)), to = Iso(NowMs), user_interval = 0 },
        analyze_field = field,
    }));

    private static string Base64(string json) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Iso(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null);

    private static string Text(RecordSet records, int address) => records.Addresses[address].ToString();

    private static bool Starts(RecordSet records, int address, string with) =>
        Text(records, address).StartsWith(with, StringComparison.Ordinal);

    private static (List<(string Key, int Count)> Buckets, long Other) Terms(JsonElement answer)
    {
        var terms = answer.GetProperty("aggregations").GetProperty("terms");
        return ([.. terms.GetProperty("buckets").EnumerateArray()
            .Select(bucket => (bucket.GetProperty("key").ToString(), bucket.GetProperty("doc_count").GetInt32()))],
            terms.GetProperty("sum_other_doc_count").GetInt64());
    }

    private static JsonElement.ArrayEnumerator Buckets(JsonElement answer, string kind) =>
        answer.GetProperty("aggregations").GetProperty(kind).GetProperty("buckets").EnumerateArray();
}
