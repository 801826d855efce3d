using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using DtMcp.Commands;
using DtMcp.Configuration;
using DtMcp.Running;

namespace DtMcp.Tests.Exporting;

/// <summary>What is exported is all that the appliance has, others read it, and it is read back.</summary>
public sealed class ExportTests : IDisposable
{
    private const string Now = "2026-03-04T12:30:00Z";

    private static readonly string[] Office = ["--demo", "--connections", "6000", "--days", "1", "--now", Now, "--clock", "still"];

    private static readonly string[] Window = ["from=2026-03-04T03:00:00Z", "to=2026-03-04T12:29:59Z"];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"dtmcp-export-{Guid.NewGuid():N}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Demo => Path.Combine(_folder, "appliance=demo");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("summarize_network_traffic")]
    [InlineData("summarize_external_traffic")]
    [InlineData("aggregate_traffic", "by=device,peer", "measure=bytes_out")]
    [InlineData("aggregate_traffic", "by=applicationprotocol", "measure=packets")]
    [InlineData("aggregate_traffic", "by=state", "measure=connections")]
    [InlineData("aggregate_traffic", "by=asn", "measure=bytes")]
    [InlineData("analyze_protocols_and_ports")]
    [InlineData("aggregate_traffic", "by=country,hour", "measure=bytes_in")]
    [InlineData("analyze_bandwidth")]
    [InlineData("get_network_traffic", "sort=bytes", "limit=50")]
    public async Task A_tool_answers_from_the_files_what_it_answers_from_the_appliance(string tool, params string[] more)
    {
        await DoneAsync(["export", .. Window, "--out", _folder, .. Office]);
        string[] question = ["call", tool, .. more, .. Window, "--format", "json", "--no-budget"];
        var live = await DoneAsync([.. question, .. Office]);
        var files = await DoneAsync([.. question, "--demo", "--records", _folder, "--now", Now]);

        Assert.Equal(Figures(live), Figures(files));
        Assert.NotEmpty(Figures(live));
    }

    // A tunnel is told by names alone: each of its lookups has one of its own.
    [Fact]
    public async Task Hunts_over_the_files_find_what_they_find_over_the_appliance_names_included()
    {
        var recorded = Directory.CreateDirectory(Path.Combine(_folder, "recorded")).FullName;
        var start = Ms("2026-03-04T03:00:00Z") / 1000;
        await File.WriteAllLinesAsync(Path.Combine(recorded, "conn.log"), Enumerable.Range(0, 900).Select(i => Line(
            i, ""","proto":"udp","service":"dns","duration":0.1,"orig_bytes":60,"resp_bytes":90,"orig_pkts":1,"resp_pkts":1""")), Token);
        await File.WriteAllLinesAsync(Path.Combine(recorded, "dns.log"), Enumerable.Range(0, 900).Select(i => Line(
            i, $""","query":"x{i}y.tunnel.test","answers":["203.0.113.{i % 200}"],"rcode_name":"{Outcome(i)}" """)), Token);
        var files = Path.Combine(_folder, "files");
        string[] question = ["call", "hunt_traffic", .. Window, "--format", "json", "--no-budget", "--demo", "--now", Now, "--records"];
        await DoneAsync(["export", .. Window, "--out", files, "--demo", "--now", Now, "--records", recorded]);

        var found = Stories(await DoneAsync([.. question, recorded]));
        Assert.Contains(found, static story => story.Contains("dns_tunnel|high", StringComparison.Ordinal));
        Assert.Equal(found, Stories(await DoneAsync([.. question, files])));
        string[] lookup = ["call", "lookup_names", .. Window, "--demo", "--now", Now, "--format", "csv", "--records"];
        Assert.Equal(await DoneAsync([.. lookup, recorded]), await DoneAsync([.. lookup, files]));

        // Without the names they do not: it is these that tell.
        foreach (var file in Directory.GetFiles(files, "*.dns.log.gz", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }

        Assert.NotEqual(found, Stories(await DoneAsync([.. question, files])));

        string Outcome(int i) => i % 2 == 0 ? "NXDOMAIN" : "NOERROR";
        string Line(int i, string rest) => $$$"""
            {"ts":{{{start + (i * 20)}}}.25,"uid":"C{{{i}}}","id.orig_h":"10.0.0.5","id.orig_p":{{{40_000 + i}}},"id.resp_h":"10.0.0.1",
            """ + $$"""
            "id.resp_p":53{{rest}}}
            """;
    }

    // More than a page has: they are written as they are read, none twice and none left out.
    [Fact]
    public async Task All_names_of_a_busy_hour_are_written_in_order_of_time()
    {
        string[] office = ["--demo", "--connections", "200000", "--days", "1", "--now", Now, "--clock", "still"];
        string[] hour = ["from=2026-03-04T10:00:00Z", "to=2026-03-04T10:59:59.999Z"];
        await DoneAsync(["export", .. hour, "--out", _folder, .. office]);
        var answer = await DoneAsync(["call", "lookup_names", .. hour, "--format", "json", .. office]);
        var asked = JsonElement.Parse(answer).GetProperty("totals");

        await using var file = File.OpenRead(Path.Combine(Demo, "date=2026-03-04", "10.dns.log.gz"));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        List<string> lookups = [.. (await lines.ReadToEndAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        var times = lookups.ConvertAll(static line => JsonElement.Parse(line).GetProperty("ts").GetDecimal());

        Assert.InRange(lookups.Count, 8_001, 20_000);
        Assert.Equal(Number(asked, "lookups"), lookups.Count);
        Assert.Equal(times.Order(), times);
        Assert.Equal(
            Number(asked, "lookups") + Number(asked, "calls"),
            Number(Manifest().GetProperty("slices").EnumerateObject().Single().Value, "names"));
    }

    private static List<string> Stories(string answer) =>
    [
        .. JsonNode.Parse(answer)!["tables"]!["findings"]!["rows"]!.AsArray().Select(static row => string.Join('|', new[]
        {
            "kind", "confidence", "source", "destination", "connections", "bytes_out", "signs",
        }.Select(column => $"{row![column]}"))),
    ];

    [Fact]
    public async Task DuckDb_counts_and_sums_what_the_appliance_has()
    {
        await DoneAsync(["export", .. Window, "--out", _folder, .. Office]);
        var manifest = Manifest();
        var slices = manifest.GetProperty("slices").EnumerateObject().Select(static slice => slice.Value).ToList();
        var sums = await DuckDb.QueryAsync(
            $"""
            SELECT count(*) AS rows, sum(total_bytes) AS bytes, sum(total_pkts) AS packets, sum(orig_bytes + resp_bytes) AS split,
              count(DISTINCT "id.orig_h") AS sources, epoch_ms(min(ts)) AS first, epoch_ms(max(ts)) AS last, count(service) AS services,
              count(*) FILTER (state = 'failed') AS failed, min(date)::text AS date, min(appliance) AS appliance
            FROM read_parquet('{_folder}/*/*/*.parquet', hive_partitioning = true)
            """);
        var asked = await DoneAsync(
            ["call", "aggregate_traffic", "by=state", "from=2026-03-04T03:00:00Z", "to=2026-03-04T12:30:00Z",
                "--format", "json", .. Office]);

        Assert.Equal(Number(manifest, "connections"), Number(sums, "rows"));
        Assert.Equal(slices.Sum(static slice => Number(slice, "total_bytes")), Number(sums, "bytes"));
        Assert.Equal(Number(sums, "bytes"), Number(sums, "split"));
        Assert.Equal(slices.Sum(static slice => Number(slice, "total_packets")), Number(sums, "packets"));
        var totals = JsonElement.Parse(asked).GetProperty("totals");
        Assert.Equal(Number(totals, "connections"), Number(sums, "rows"));
        Assert.Equal(Number(totals, "bytes"), Number(sums, "bytes"));
        Assert.Equal("2026-03-04", sums.GetProperty("date").GetString());
        Assert.Equal("demo", sums.GetProperty("appliance").GetString());
        Assert.InRange(Number(sums, "first"), Ms("2026-03-04T03:00:00Z"), Number(sums, "last"));
        Assert.InRange(Number(sums, "last"), Number(sums, "first"), Ms(Now));
        Assert.All(["sources", "services", "failed"], name => Assert.InRange(Number(sums, name), 1, Number(sums, "rows") - 1));
    }

    [Fact]
    public async Task An_hour_that_is_there_is_not_read_again_and_one_that_was_broken_off_is()
    {
        var first = await DoneAsync(["export", .. Window, "--out", _folder, .. Office]);
        Assert.Equal(10, first.Split('\n').Count(static line => line.Contains(" written, ", StringComparison.Ordinal)));
        var files = Directory.GetFiles(Demo, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(10, files.Count);
        var bytes = files.ToDictionary(static file => file, File.ReadAllBytes);

        // One is lost, one is half, of one the manifest knows nothing, and one was being written.
        File.Delete(files[1]);
        File.WriteAllBytes(files[2], bytes[files[2]][..^9]);
        File.WriteAllBytes(files[4] + ".part", [1, 2, 3]);
        var manifest = Path.Combine(Demo, "manifest.json");
        var known = JsonNode.Parse(await File.ReadAllTextAsync(manifest, Token))!;
        known["slices"]!.AsObject().Remove("2026-03-04T06:00:00+00:00");
        await File.WriteAllTextAsync(manifest, known.ToJsonString(), Token);

        var again = (await DoneAsync(["export", .. Window, "--out", _folder, .. Office])).Split('\n');
        var written = again.Where(static line => line.Contains(" written, ", StringComparison.Ordinal)).Select(static line => line[16..18]);
        Assert.Equal(["04", "05", "06", "12"], written);
        Assert.Equal(6, again.Count(static line => line.EndsWith(" there", StringComparison.Ordinal)));
        Assert.All(files, file => Assert.Equal(bytes[file], File.ReadAllBytes(file)));
    }

    [Fact]
    public async Task An_hour_of_which_a_part_did_not_answer_is_not_written_and_told()
    {
        var (code, output, _) = await RunAsync(["export", .. Window, "--out", _folder, "--fault", "probe:1", .. Office]);

        Assert.Equal(1, code);
        Assert.Contains("not written: Totals are at least", output, StringComparison.Ordinal);
        var cut = Manifest().GetProperty("slices").EnumerateObject().Select(static slice => slice.Value)
            .Where(static slice => slice.TryGetProperty("cut", out _)).ToList();
        Assert.False(Assert.Single(cut).TryGetProperty("file", out _));
        Assert.Equal(9, Directory.GetFiles(Demo, "*.parquet", SearchOption.AllDirectories).Length);
        Assert.Empty(Directory.GetFiles(Demo, "*.part", SearchOption.AllDirectories));

        await DoneAsync(["export", .. Window, "--out", _folder, .. Office]);
        Assert.DoesNotContain("\"cut\"", await File.ReadAllTextAsync(Path.Combine(Demo, "manifest.json"), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_hour_that_was_read_stays_where_a_part_does_not_answer_the_next_time()
    {
        await DoneAsync(["export", .. Window, "--out", _folder, .. Office]);
        // The last hour has not ended, so that it is read again.
        var last = Path.Combine(Demo, "date=2026-03-04", "12.parquet");
        var bytes = await File.ReadAllBytesAsync(last, Token);
        var connections = Number(Manifest(), "connections");

        var (code, output, _) = await RunAsync(["export", .. Window, "--out", _folder, "--fault", "probe:1", .. Office]);
        Assert.Equal(1, code);
        Assert.Contains("not written: Totals are at least", output, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(last, Token));
        Assert.Equal(connections, Number(Manifest(), "connections"));

        await DoneAsync(["export", .. Window, "--out", _folder, .. Office]);
        Assert.DoesNotContain("\"cut\"", await File.ReadAllTextAsync(Path.Combine(Demo, "manifest.json"), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_of_network_are_exported_where_records_may_not_be_read()
    {
        await DoneAsync(["export", .. Window, "--out", _folder, .. Office, "--dialect", "sdk", "--without", "Advanced Search"], "auto");
        var whole = Path.Combine(_folder, "records");
        await DoneAsync(["export", .. Window, "--out", whole, .. Office]);

        Assert.Equal("flows", Manifest().GetProperty("slices").EnumerateObject().First().Value.GetProperty("evidence").GetString());
        var records = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(whole, "appliance=demo", "manifest.json"), Token));
        Assert.Equal(Number(records, "connections"), Number(Manifest(), "connections"));
    }

    [Fact]
    public async Task Where_there_are_tables_only_nothing_is_written_and_the_reason_told()
    {
        var (code, _, error) = await RunAsync(["export", .. Window, "--out", _folder, .. Office, "--without", "Advanced Search"]);
        Assert.Equal(1, code);
        Assert.StartsWith("demo: permission_denied: ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Demo, "*.parquet", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("--out is missing", "export", "last=1h", "--demo")]
    [InlineData("--format is", "export", "last=1h", "--out", "x", "--format", "csv", "--demo")]
    [InlineData("name=value", "export", "1h", "--out", "x", "--demo")]
    public async Task Wrong_usage_is_told(string says, params string[] args)
    {
        var (code, _, error) = await RunAsync(args);
        Assert.Equal(2, code);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("paris", "appliance=paris")]
    [InlineData("london paris", "appliance=all")]
    [InlineData("london paris")]
    public async Task Only_the_appliances_that_are_named_are_exported(string written, params string[] named)
    {
        await using var london = await InvestigatorFixture.StartAsync(options => options with { Connections = 300, Days = 1 });
        await using var paris = await InvestigatorFixture.StartAsync(options => options with { Connections = 300, Days = 1 });
        var file = Path.Combine(_folder, "appsettings.json");
        Directory.CreateDirectory(_folder);
        var appliances = new JsonObject { ["london"] = Of(london), ["paris"] = Of(paris) };
        var settings = new JsonObject { ["Darktrace"] = new JsonObject { ["Appliances"] = appliances } };
        await File.WriteAllTextAsync(file, settings.ToJsonString(), Token);

        var (code, _, error) = await RunAsync(
            ["export", "last=2h", "--out", _folder, .. named], Settings.Read([], SettingsFile.Read(file)));
        Assert.True(code == 0, error);
        Assert.Equal(
            written.Split(' '), Directory.EnumerateDirectories(_folder, "appliance=*").Select(folder => folder.Split('=')[1]).Order());

        static JsonObject Of(InvestigatorFixture appliance) => new()
        {
            ["Host"] = appliance.Appliance.Address.ToString(),
            ["PublicToken"] = "public-0001",
            ["PrivateToken"] = "private-0002",
        };
    }

    [Fact]
    public async Task A_manifest_that_is_none_is_not_written_over()
    {
        Directory.CreateDirectory(Demo);
        var path = Path.Combine(Demo, "manifest.json");
        const string Other = """{"writer":"x","appliance":"demo","format":"orc"}""";
        foreach (var (text, says) in new[] { ("{ half", "is no manifest"), (Other, "another kind") })
        {
            await File.WriteAllTextAsync(path, text, Token);
            var (code, _, error) = await RunAsync(["export", .. Window, "--out", _folder, .. Office]);
            Assert.Equal(2, code);
            Assert.Contains(says, error, StringComparison.Ordinal);
            Assert.Equal(text, await File.ReadAllTextAsync(path, Token));
        }
    }

    [Fact]
    public async Task A_folder_that_another_export_writes_to_is_left_alone()
    {
        Directory.CreateDirectory(Demo);
        using var other = new FileStream(Path.Combine(Demo, ".lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var (code, _, error) = await RunAsync(["export", .. Window, "--out", _folder, .. Office]);
        Assert.Equal(2, code);
        Assert.Contains("another export may write there", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Demo, "*.parquet*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_target_that_is_no_folder_is_told()
    {
        await File.WriteAllTextAsync(_folder, "a file", Token);
        var (code, _, error) = await RunAsync(["export", .. Window, "--out", _folder, .. Office]);
        File.Delete(_folder);
        Assert.Equal(2, code);
        Assert.Contains("cannot be written to", error, StringComparison.Ordinal);
    }

    private JsonElement Manifest() => JsonElement.Parse(File.ReadAllText(Path.Combine(Demo, "manifest.json")));

    // JSON of DuckDB has large numbers as texts.
    private static long Number(JsonElement row, string name) => row.GetProperty(name) is { ValueKind: JsonValueKind.String } text
        ? long.Parse(text.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
        : row.GetProperty(name).GetInt64();

    private static long Ms(string time) =>
        DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    // The files hold connections: which names addresses and countries have is told by other parts of the appliance.
    private static string Figures(string answer)
    {
        var root = JsonNode.Parse(answer)!;
        Strip(root["tables"]);
        return $"{root["totals"]}\n{root["tables"]}";

        static void Strip(JsonNode? node)
        {
            foreach (var inner in node is JsonArray list ? list : node is JsonObject entry ? entry.Select(static field => field.Value) : [])
            {
                Strip(inner);
            }

            foreach (var end in new[] { "", "device_", "peer_", "source_", "destination_" })
            {
                (node as JsonObject)?.Remove($"{end}hostname");
                (node as JsonObject)?.Remove($"{end}country");
            }
        }
    }

    private static async Task<string> DoneAsync(string[] args, string evidence = "records")
    {
        var (code, output, error) = await RunAsync(args, evidence);
        Assert.True(code == 0, $"{string.Join(' ', args)}: {error}{output}");
        return output;
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(string[] args, string evidence = "records") =>
        RunAsync(args, Settings.Read([new("DTMCP_EVIDENCE", evidence)]));

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] args, Settings settings)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Entry.RunAsync(args, new ProcessContext
        {
            Input = () => Stream.Null,
            Output = () => Stream.Null,
            Out = output,
            Error = error,
            Settings = settings,
            Clock = TimeProvider.System,
        });
        return (code, output.ToString(), error.ToString());
    }
}
