using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Simulator;
using DtMcp.Tests.Support;

namespace DtMcp.Tests;

/// <summary>
/// Whole tables over signed HTTP, by digest, against answers computed independently (the data's README says how a digest is made): from the
/// investigator, and from the program itself.
/// </summary>
public abstract class TruthTests
{
    internal interface IAnswers : IAsyncDisposable
    {
        Task<JsonElement> AskAsync(string tool, NetworkQuery? filters = null, TimeWindow? window = null, AddressRange? subnet = null,
            int limit = 100_000);
    }

    public static TheoryData<string, string> Cases => new()
    {
        { "m57_long", "Sdk" }, { "apt29_day1", "Sdk" }, { "zeek_ipv6", "Sdk" },
        { "m57_long", "Guide" }, { "apt29_day1", "Guide" }, { "zeek_ipv6", "Guide" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_table_of_every_analysis_equals_the_truth(string name, string dialect)
    {
        await using var investigator = await StartAsync(name, dialect);
        var truth = TruthFiles.Truth(name);
        var window = Window(truth);
        var cancellationToken = TestContext.Current.CancellationToken;
        cancellationToken.ThrowIfCancellationRequested();

        var summary = await investigator.AskAsync("summarize_network_traffic", window: window);
        var expected = truth.GetProperty("traffic_analysis");
        Equal(expected.GetProperty("total_connections"), summary.GetProperty("totals").GetProperty("connections"));
        Equal(expected.GetProperty("total_bytes"), summary.GetProperty("totals").GetProperty("bytes"));
        Equal(expected.GetProperty("total_packets"), summary.GetProperty("totals").GetProperty("packets"));
        Equal(expected.GetProperty("external_connections"), summary.GetProperty("totals").GetProperty("external_connections"));
        Same(expected.GetProperty("protocols"), summary, "protocols", "name", "connections");
        Same(expected.GetProperty("destination_ports"), summary, "destination_ports", "port", "connections");

        var protocols = await investigator.AskAsync("analyze_protocols_and_ports", window: window);
        expected = truth.GetProperty("protocol_port_analysis");
        Same(expected.GetProperty("protocols"), protocols, "protocols", "name", "connections", "bytes", "packets");
        Same(expected.GetProperty("applications"), protocols, "applicationprotocols", "name", "connections", "bytes");
        var ports = Lines(protocols, "source_ports", "port", "connections", "bytes").Select(line => "source_" + line)
            .Concat(Lines(protocols, "destination_ports", "port", "connections", "bytes").Select(line => "destination_" + line));
        Assert.Equal(expected.GetProperty("ports").GetProperty("digest").GetString(), Digest(ports));

        var external = await investigator.AskAsync("summarize_external_traffic", window: window);
        expected = truth.GetProperty("external_split");
        foreach (var total in new[] { "connections", "bytes", "outbound_connections", "inbound_connections" })
        {
            Equal(expected.GetProperty(total), external.GetProperty("totals").GetProperty(total));
        }

        Same(expected.GetProperty("destinations"), external, "destinations", "ip", "connections", "bytes", "ports", "applicationprotocols");
        Same(expected.GetProperty("sources"), external, "sources", "ip", "connections", "bytes", "destinations", "suspicious_ports");
        Same(expected.GetProperty("inbound"), external, "inbound", "ip", "connections", "bytes", "ports", "targets");

        var bandwidth = await investigator.AskAsync("analyze_bandwidth", window: window);
        Same(truth.GetProperty("bandwidth_devices").GetProperty("devices"), bandwidth, "devices", "ip", "bytes_in", "bytes_out", "bytes");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_device_and_subnet_listed_equals_the_truth(string name, string dialect)
    {
        await using var investigator = await StartAsync(name, dialect);
        var truth = TruthFiles.Truth(name);
        var window = Window(truth);
        foreach (var device in truth.GetProperty("devices").EnumerateObject())
        {
            var answer = await investigator.AskAsync(
                "analyze_device_activity", new NetworkQuery { Ip = TextAddress.Of(device.Name) }, window);
            var totals = answer.GetProperty("totals");
            Equal(device.Value.GetProperty("outbound"), totals.GetProperty("outbound_connections"));
            Equal(device.Value.GetProperty("inbound"), totals.GetProperty("inbound_connections"));
            Equal(device.Value.GetProperty("external_destinations"), totals.GetProperty("external_destinations"));
            Equal(device.Value.GetProperty("internal_destinations"), totals.GetProperty("internal_destinations"));
            Same(device.Value.GetProperty("outbound_ports"), answer, "destination_ports", "port", "connections");
            var bytes = answer.GetProperty("tables").GetProperty("protocols").GetProperty("rows").EnumerateArray()
                .ToDictionary(row => row.GetProperty("name").GetString()!, row => row.GetProperty("bytes").GetInt64());
            Assert.Equal(
                device.Value.GetProperty("outbound_bytes_by_protocol").EnumerateObject().ToDictionary(item => item.Name,
                    item => item.Value.GetInt64()), bytes);
        }

        foreach (var subnet in truth.GetProperty("subnets").EnumerateObject())
        {
            Assert.True(AddressRange.TryParse(subnet.Name, out var range));
            var answer = await investigator.AskAsync("analyze_subnet", window: window, subnet: range);
            var totals = answer.GetProperty("totals");
            Equal(subnet.Value.GetProperty("connections"), totals.GetProperty("connections"));
            Equal(subnet.Value.GetProperty("bytes"), totals.GetProperty("bytes"));
            Equal(subnet.Value.GetProperty("devices_in_subnet"), totals.GetProperty("devices"));
            Equal(subnet.Value.GetProperty("cidr_intra"), totals.GetProperty("intra_connections"));
            Equal(subnet.Value.GetProperty("cidr_inter"), totals.GetProperty("inter_connections"));
            Same(subnet.Value.GetProperty("cidr_intra_protocols"), answer, "applicationprotocols", "name", "connections");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_query_selects_what_the_truth_says(string name, string dialect)
    {
        await using var investigator = await StartAsync(name, dialect);
        var truth = TruthFiles.Truth(name);
        foreach (var query in truth.GetProperty("queries").EnumerateArray())
        {
            var parameters = query.GetProperty("params");
            if (parameters.TryGetProperty("_rule", out _))
            {
                continue;
            }

            var (filters, window) = Read(parameters, Window(truth));
            var totals = (await investigator.AskAsync("get_network_traffic", filters, window, limit: 1)).GetProperty("totals");

            Assert.Equal(
                (query.GetProperty("count").GetInt64(), query.GetProperty("bytes").GetInt64(), query.GetProperty("packets").GetInt64()),
                (totals.GetProperty("connections").GetInt64(), totals.GetProperty("bytes").GetInt64(),
                    totals.GetProperty("packets").GetInt64()));
        }
    }

    internal abstract Task<IAnswers> StartAsync(string name, string dialect);

    private static TimeWindow Window(JsonElement truth)
    {
        var range = truth.GetProperty("summary").GetProperty("timerange");
        return new TimeWindow(range.GetProperty("first_start").GetInt64(), range.GetProperty("last_start").GetInt64());
    }

    private static (NetworkQuery Filters, TimeWindow Window) Read(JsonElement parameters, TimeWindow whole)
    {
        string? Text(string key) => parameters.TryGetProperty(key, out var value) ? value.ToString() : null;
        int? Port(string key) => Text(key) is { } port ? int.Parse(port, CultureInfo.InvariantCulture) : null;
        long At(string text) =>
            DateTimeOffset.ParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();
        var filters = new NetworkQuery
        {
            Ip = Text("ip") is { } ip ? TextAddress.Of(ip) : null,
            IntExt = TrafficSides.Of(Text("intext")),
            Protocol = Text("protocol"),
            ApplicationProtocol = Text("applicationprotocol"),
            Port = Port("port"),
            SourcePort = Port("sourceport"),
            DestinationPort = Port("destinationport"),
        };
        var window = Text("starttime") is { } start
            ? new TimeWindow(long.Parse(start, CultureInfo.InvariantCulture), long.Parse(Text("endtime")!, CultureInfo.InvariantCulture))
            : Text("from") is { } from ? new TimeWindow(At(from), At(Text("to")!)) : whole;
        return (filters, window);
    }

    private static void Equal(JsonElement expected, JsonElement actual) => Assert.Equal(expected.GetRawText(), actual.GetRawText());

    private static void Same(JsonElement expected, JsonElement answer, string table, string key, params string[] values)
    {
        var lines = Lines(answer, table, key, values).ToList();
        Assert.Equal(expected.GetProperty("keys").GetInt32(), answer.GetProperty("tables").GetProperty(table).GetProperty("of").GetInt32());
        Assert.True(expected.GetProperty("digest").GetString() == Digest(lines),
            $"{table} differs; the largest is {lines.FirstOrDefault()}, the truth's {expected.GetProperty("top")}");
    }

    private static IEnumerable<string> Lines(JsonElement answer, string table, string key, params string[] values) =>
        answer.GetProperty("tables").GetProperty(table).GetProperty("rows").EnumerateArray()
            .Select(row => string.Join('\t', values.Select(value => Size(row, value)).Prepend(row.GetProperty(key).ToString())));

    private static string Size(JsonElement row, string name) => !row.TryGetProperty(name, out var value)
        ? "0"
        : value.ValueKind == JsonValueKind.Array ? value.GetArrayLength().ToString(CultureInfo.InvariantCulture) : value.GetRawText();

    private static string Digest(IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
            lines.OrderBy(line => line.Split('\t')[0], StringComparer.Ordinal)))));
}
