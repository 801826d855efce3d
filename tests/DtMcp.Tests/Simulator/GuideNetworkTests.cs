using System.Text.Json;

namespace DtMcp.Tests.Simulator;

public sealed class GuideNetworkTests
{
    private const string Everything = "from=2026-01-13 09:00:00&to=2026-01-15 09:00:00";

    [Theory]
    [MemberData(nameof(TruthFiles.Names), MemberType = typeof(TruthFiles))]
    public async Task Bytes_of_both_directions_are_those_of_the_truth_for_every_filter(string name)
    {
        var truth = TruthFiles.Truth(name);
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with { RecordsFile = TruthFiles.Log(name) });

        foreach (var row in truth.GetProperty("queries").EnumerateArray())
        {
            if (TruthFiles.Query(row) is not { } query)
            {
                continue;
            }

            query += query.Contains("time=", StringComparison.Ordinal) || query.Contains("from=", StringComparison.Ordinal)
                ? ""
                : $"&{TruthFiles.Everything(truth)}";
            var answer = await appliance.GetAsync($"/network?{query}");
            var bytes = Panel(answer, "protocols").Sum(Bytes);
            if (query.Contains("ip=", StringComparison.Ordinal) && !query.Contains("intext=", StringComparison.Ordinal))
            {
                bytes += Panel(await appliance.GetAsync($"/network?{query}&intext=external"), "protocols").Sum(Bytes);
            }

            Assert.Equal((query, row.GetProperty("bytes").GetInt64()), (query, bytes));
            Assert.Equal(Panel(answer, "protocols").Sum(Bytes), Panel(answer, "applicationprotocols").Sum(Bytes));
            Assert.Equal(Panel(answer, "protocols").Sum(Bytes), Panel(answer, "intext").Sum(Bytes));
            Assert.Equal(Panel(answer, "protocols").Sum(Bytes),
                Panel(answer, "Connection Status").Where(r => r.GetProperty("in").ValueKind == JsonValueKind.Number).Sum(Bytes));
        }
    }

    [Theory]
    [MemberData(nameof(TruthFiles.Names), MemberType = typeof(TruthFiles))]
    public async Task A_device_in_focus_receives_what_the_truth_says(string name)
    {
        var truth = TruthFiles.Truth(name);
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with { RecordsFile = TruthFiles.Log(name) });

        foreach (var device in truth.GetProperty("bandwidth_devices").GetProperty("devices").GetProperty("top").EnumerateArray())
        {
            var (bytesIn, bytesOut) = (0L, 0L);
            foreach (var side in (string[])["internal", "external"])
            {
                var answer = await appliance.GetAsync($"/network?ip={device[0]}&intext={side}&{TruthFiles.Everything(truth)}");
                bytesIn += Panel(answer, "protocols").Sum(r => r.GetProperty("in").GetInt64());
                bytesOut += Panel(answer, "protocols").Sum(r => r.GetProperty("out").GetInt64());
            }

            Assert.Equal(
                (device[1].GetProperty("bytes_in").GetInt64(), device[1].GetProperty("bytes_out").GetInt64()),
                (bytesIn, bytesOut));
        }
    }

    [Fact]
    public async Task Traps_of_the_guide_are_all_there()
    {
        await using var appliance = await SignedRequests.StartAsync();

        var external = await appliance.GetAsync($"/network?did=1&intext=external&{Everything}");
        var full = await appliance.GetAsync($"/network?did=1&fulldevicedetails=true&{Everything}");
        var subnet = await appliance.GetAsync($"/network?viewsubnet=1&{Everything}");

        Assert.All(Panel(external, "Views"), row => Assert.Equal(JsonValueKind.False, row.GetProperty("in").ValueKind));
        Assert.Equal(JsonValueKind.False, Panel(external, "Connection Status").Last().GetProperty("out").ValueKind);
        Assert.All(external.GetProperty("connections").EnumerateArray(),
            row => Assert.Equal(2 * 86_400 * 10_000L, row.GetProperty("size").GetInt64()));
        Assert.Equal(JsonValueKind.String, external.GetProperty("devices")[0].GetProperty("ips")[0].ValueKind);
        Assert.Equal(JsonValueKind.Object, full.GetProperty("devices")[0].GetProperty("ips")[0].ValueKind);
        Assert.Equal(2, full.GetProperty("devices")[0].EnumerateObject().Count(p => p.Name == "sid"));
        Assert.False(full.TryGetProperty("externaldevices", out _));
        Assert.Equal(-6, subnet.GetProperty("subnets")[0].GetProperty("sid").GetInt64());
        Assert.Contains(external.GetProperty("externaldevices").EnumerateArray(), host => host.GetProperty("id").GetInt64() > int.MaxValue);
    }

    [Fact]
    public async Task Every_outside_peer_joins_to_its_row_by_id()
    {
        await using var appliance = await SignedRequests.StartAsync();

        var answer = await appliance.GetAsync($"/network?intext=external&{Everything}");

        var ids = answer.GetProperty("externaldevices").EnumerateArray().Select(host => host.GetProperty("id").GetInt64()).ToHashSet();
        var peers = answer.GetProperty("connections").EnumerateArray()
            .SelectMany(row => (JsonElement[])[row.GetProperty("source"), row.GetProperty("target")])
            .Where(end => end.GetProperty("type").GetString() == "externaldevice")
            .ToArray();
        Assert.NotEmpty(peers);
        Assert.All(peers, end => Assert.Contains(end.GetProperty("id").GetInt64(), ids));
        Assert.Contains(peers, end => !end.TryGetProperty("ip", out _));
    }

    [Fact]
    public async Task A_metric_of_connections_counts_them_while_statistics_stay_bytes()
    {
        await using var appliance = await SignedRequests.StartAsync();

        var bytes = await appliance.GetAsync($"/network?{Everything}");
        var count = await appliance.GetAsync($"/network?metric=connections&{Everything}");

        Assert.Equal(bytes.GetProperty("statistics").ToString(), count.GetProperty("statistics").ToString());
        var most = count.GetProperty("devices").EnumerateArray().Max(device => device.GetProperty("size").GetInt64());
        Assert.InRange(most, 1, appliance.Simulator.RecordCount);
        Assert.Equal("connections", count.GetProperty("metric").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("connections", "connections")]
    [InlineData("statistics", "statistics")]
    [InlineData("bytes", "")]
    [InlineData("statistics,devices", "")]
    public async Task Responsedata_takes_one_name_of_the_top_level(string asked, string given)
    {
        await using var appliance = await SignedRequests.StartAsync();

        var answer = await appliance.GetAsync($"/network?responsedata={asked}&{Everything}");

        Assert.Equal(given, string.Join(',', answer.EnumerateObject().Select(p => p.Name)));
    }

    [Fact]
    public async Task Planted_incidents_show_as_unusual_and_what_is_first_seen_as_new()
    {
        await using var appliance = await SignedRequests.StartAsync();

        var answer = await appliance.GetAsync("/network?from=2026-01-14 09:00:00&to=2026-01-15 09:00:00");

        var status = Panel(answer, "Connection Status").Where(r => r.GetProperty("in").ValueKind == JsonValueKind.Number)
            .ToDictionary(r => r.GetProperty("Connections").GetString()!, Bytes);
        Assert.All(status.Values, bytes => Assert.True(bytes > 0));
        Assert.Contains(answer.GetProperty("connections").EnumerateArray(), row => row.TryGetProperty("score", out _));
    }

    private static IEnumerable<JsonElement> Panel(JsonElement answer, string name) => answer.GetProperty("statistics").EnumerateArray()
        .Where(panel => panel.TryGetProperty(name, out _))
        .SelectMany(panel => panel.GetProperty(name).EnumerateArray());

    private static long Bytes(JsonElement row) => row.GetProperty("in").GetInt64() + row.GetProperty("out").GetInt64();
}
