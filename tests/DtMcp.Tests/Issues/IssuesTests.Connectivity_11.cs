using System.Globalization;
using System.Text;
using System.Text.Json;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Simulator;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Issues;

/// <summary>
/// What is told without connection records equals what the records tell, or is left out. The same capture is asked twice: of an appliance
/// whose Advanced Search answers, and of one whose token may not use it.
/// </summary>
public sealed class Connectivity_11
{
    private const long Start = 1_768_464_000_000;
    private const long End = Start + 7_200_000;

    private static readonly TimeWindow Window = new(Start, End);
    private static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeMilliseconds(Start + 14_400_000);

    // One line a connection: minute, source, destination, port, protocol, service, bytes sent, bytes received.
    private static readonly string[] MadeUp =
    [
        "1 10.0.0.5 203.0.113.10 443 tcp ssl 1000 50000",
        "2 10.0.0.5 203.0.113.11 80 tcp http 300 7000",
        "3 10.0.0.5 10.0.0.6 445 tcp smb 4000 900",
        "4 10.0.0.6 10.0.0.5 22 tcp ssh 70 60",
        "5 10.0.0.6 10.0.1.7 53 udp dns 40 80",
        // Broadcast and a device that only receives.
        "6 10.0.0.5 10.0.0.255 137 udp - 500 0",
        "7 10.0.0.6 255.255.255.255 67 udp dhcp 328 0",
        "8 10.0.0.5 10.0.1.9 9000 udp - 12345 0",
        // Multicast.
        "9 10.0.0.5 224.0.0.251 5353 udp dns 90 0",
        "10 fe80::1 ff02::fb 5353 udp dns 45 0",
        // A server that the Internet talks to, which also goes out.
        "11 198.51.100.1 10.0.1.7 443 tcp ssl 600 9000",
        "12 198.51.100.2 10.0.1.7 443 tcp ssl 700 100",
        "70 198.51.100.2 10.0.1.8 443 tcp ssl 11 22",
        "71 10.0.1.7 203.0.113.12 443 tcp ssl 33 44",
        // A host outside that is both, and two hosts outside.
        "72 10.0.0.5 198.51.100.1 443 tcp ssl 5 6",
        "73 203.0.113.20 203.0.113.21 179 tcp - 800 900",
        "74 203.0.113.21 203.0.113.22 179 tcp - 10 20",
        // An address without a device goes out.
        "75 fe80::1 2001:db8::53 53 udp dns 60 70",
        "76 fd00::5 2001:db8::54 443 tcp ssl 6000 70000",
        "77 fd00::5 fd00::6 22 tcp ssh 500 400",
        // A host outside that speaks to a group.
        "78 203.0.113.30 224.0.0.1 0 icmp - 36 0",
    ];

    public static TheoryData<string> Captures => ["m57_long", "apt29_day1", "zeek_ipv6", "c2_day_a", "c2_day_b"];

    [Fact]
    public async Task Every_figure_of_a_made_up_capture_equals_that_of_its_records_or_is_absent()
    {
        using var file = new Capture(MadeUp);
        var check = await CheckAsync(file.Path, Window);
        Assert.True(check.Figures > 150, $"{check.Figures} figures were told");
        Assert.Empty(check.Wrong);
    }

    [Fact]
    public async Task Every_figure_of_the_office_equals_that_of_its_records_or_is_absent()
    {
        var check = await CheckAsync(null, null);
        Assert.True(check.Figures > 200, $"{check.Figures} figures were told");
        Assert.Empty(check.Wrong);
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public async Task Every_figure_of_a_recorded_capture_equals_that_of_its_records_or_is_absent(string name)
    {
        var check = await CheckAsync(TruthFiles.Log(name), null);
        Assert.True(check.Figures > 100, $"{check.Figures} figures were told");
        Assert.Empty(check.Wrong);
    }

    [Fact]
    public async Task What_a_device_received_and_sent_is_its_own_whoever_began()
    {
        using var file = new Capture(MadeUp);
        await using var investigator = await Without(file.Path);

        (string Tool, string Table)[] told =
            [("summarize_network_traffic", "talkers"), ("analyze_bandwidth", "devices"), ("analyze_subnet", "devices")];
        foreach (var (tool, table) in told)
        {
            AddressRange? subnet = tool == "analyze_subnet" ? Range("10.0.1.0/24") : null;
            var answer = await investigator.AskAsync(tool, null, Window, question => question with { Subnet = subnet });
            var receiver = Rows(answer, table)["10.0.1.9"];
            Assert.Equal(12_345, receiver.GetProperty("bytes_in").GetInt64());
            Assert.Equal(0, receiver.GetProperty("bytes_out").GetInt64());
            var server = Rows(answer, table)["10.0.1.7"];
            Assert.Equal(40 + 600 + 700 + 44, server.GetProperty("bytes_in").GetInt64());
            Assert.Equal(80 + 9000 + 100 + 33, server.GetProperty("bytes_out").GetInt64());
        }
    }

    [Fact]
    public async Task Hours_count_what_each_device_received_and_sent_and_no_note_denies_them()
    {
        using var file = new Capture(MadeUp);
        await using var investigator = await Without(file.Path);
        var answer = await investigator.AskAsync("analyze_bandwidth", null, Window);

        var hours = answer.GetProperty("tables").GetProperty("hours").GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(2, hours.Count);
        Assert.Equal(33 + 22 + 5 + 6000 + 500 + 400, hours[1].GetProperty("bytes_out").GetInt64());
        Assert.DoesNotContain(Notes(answer), note => note.Contains("No hours", StringComparison.Ordinal));
        Assert.DoesNotContain(Notes(answer), note => note.Contains("times and ports per peer are not told", StringComparison.Ordinal));
        Assert.Contains(Notes(answer), note => note.Contains("/metricdata, asked of", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hours_of_too_many_devices_are_left_out_with_the_reason_and_told_of_one()
    {
        using var file = new Capture(Enumerable.Range(1, 40).Select(i => $"{i} 10.0.0.{i} 203.0.113.9 443 tcp ssl {i} 100"));
        await using var investigator = await Without(file.Path);

        var all = await investigator.AskAsync("analyze_bandwidth", null, Window);
        Assert.False(all.GetProperty("tables").TryGetProperty("hours", out _));
        Assert.Contains(Notes(all),
            note => note.Contains("of 32 devices at most, and left out beyond (ask did=); here are 40", StringComparison.Ordinal));
        Assert.DoesNotContain(investigator.Appliance.Requests,
            request => request.Target.StartsWith("/metricdata", StringComparison.Ordinal));

        var one = await investigator.AskAsync("analyze_bandwidth", new NetworkQuery { Did = 7 }, Window);
        Assert.Equal(7, one.GetProperty("tables").GetProperty("hours").GetProperty("rows")[0].GetProperty("bytes_out").GetInt64());
        Assert.Equal(["10.0.0.7"], Rows(one, "devices").Keys);
        Assert.Equal(100, one.GetProperty("totals").GetProperty("bytes_in").GetInt64());
    }

    [Fact]
    public async Task No_more_than_a_few_subnets_are_asked_and_the_rest_is_said_to_be_left_out()
    {
        using var file = new Capture(Enumerable.Range(1, 12).Select(i => $"{i} 10.0.{i}.1 203.0.113.9 443 tcp ssl {i} 1000"));
        await using var investigator = await Without(file.Path);
        var answer = await investigator.AskAsync("summarize_network_traffic", null, Window);

        var devices = Rows(answer, "talkers").Values.Where(row => row.TryGetProperty("did", out _)).ToList();
        Assert.Equal(12, devices.Count);
        Assert.Equal(8, devices.Count(row => row.TryGetProperty("bytes_out", out _)));
        Assert.Equal(8, investigator.Appliance.Requests.Count(request => request.Target.Contains("viewsubnet=", StringComparison.Ordinal)));
        Assert.Contains(Notes(answer), note => note.Contains("of 8 subnets at most", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_was_both_has_no_bytes_of_one_kind_and_unnamed_sources_are_not_counted()
    {
        using var file = new Capture(MadeUp);
        await using var investigator = await Without(file.Path);
        var answer = await investigator.AskAsync("summarize_external_traffic", null, Window);

        var destinations = Rows(answer, "destinations");
        Assert.False(destinations["198.51.100.1"].TryGetProperty("bytes", out _));
        Assert.False(destinations["203.0.113.21"].TryGetProperty("bytes", out _));
        Assert.Equal(51_000, destinations["203.0.113.10"].GetProperty("bytes").GetInt64());
        Assert.False(Rows(answer, "inbound")["198.51.100.1"].TryGetProperty("bytes", out _));
        Assert.Equal(2, Rows(answer, "inbound")["198.51.100.2"].GetProperty("targets").GetInt64());
        Assert.DoesNotContain("unknown", Rows(answer, "sources").Keys);
        Assert.False(answer.GetProperty("totals").TryGetProperty("sources", out _));
        Assert.Contains(Notes(answer), note => note.Contains("share one entry", StringComparison.Ordinal));
        Assert.Contains(Notes(answer), note => note.Contains("one sum for all of them", StringComparison.Ordinal));

        // Not every source has bytes, so they are in order of what all have.
        var inOrder = answer.GetProperty("tables").GetProperty("sources").GetProperty("rows").EnumerateArray()
            .Select(row => row.GetProperty("destinations").GetInt64()).ToList();
        Assert.Equal(inOrder.OrderDescending(), inOrder);
    }

    [Fact]
    public async Task Nothing_is_new_where_nothing_is_known_of_the_time_before()
    {
        using var file = new Capture(MadeUp);
        await using var investigator = await Without(file.Path);
        var answer = await investigator.AskAsync("compare_traffic", null, Window);

        Assert.False(answer.GetProperty("totals").TryGetProperty("new", out _));
        Assert.Empty(answer.GetProperty("tables").EnumerateObject());
        Assert.Contains(Notes(answer), note => note.StartsWith("Nothing is known of the other window", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_hosts_that_something_went_to_are_new_destinations()
    {
        using var file = new Capture([.. MadeUp, "-60 10.0.0.5 203.0.113.10 443 tcp ssl 1000 50000"]);
        await using var investigator = await Without(file.Path);
        var answer = await investigator.AskAsync("compare_traffic", null, Window);

        var destinations = Rows(answer, "destinations").Keys;
        Assert.Contains("203.0.113.12", destinations);
        Assert.DoesNotContain("203.0.113.10", destinations);
        Assert.DoesNotContain("198.51.100.2", destinations);
    }

    [Fact]
    public async Task A_hunt_says_what_it_lacks_and_where_else_to_look()
    {
        using var file = new Capture(MadeUp);
        await using var investigator = await Without(file.Path);
        var answer = await investigator.AskAsync("hunt_traffic", null, Window);

        Assert.Contains(Notes(answer), note => note.Contains("hunting for them needs one row a connection", StringComparison.Ordinal));
        Assert.StartsWith("list_alerts", answer.GetProperty("next")[0].GetString(), StringComparison.Ordinal);
    }

    private static Task<InvestigatorFixture> Without(string? records) => Asked(records, ["advancedsearch"]);

    private static Task<InvestigatorFixture> Asked(string? records, string[] without) => InvestigatorFixture.StartAsync(
        options => options with { RecordsFile = records, Now = records is null ? Noon : null, Without = without });

    private static AddressRange Range(string text) => AddressRange.TryParse(text, out var range) ? range : throw new FormatException(text);

    private static List<string> Notes(JsonElement answer) =>
        [.. answer.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)];

    /// <summary>Rows of a table by address, name or hour; those that have none of these cannot be found again.</summary>
    private static Dictionary<string, JsonElement> Rows(JsonElement answer, string table)
    {
        Dictionary<string, JsonElement> rows = [];
        if (answer.GetProperty("tables").TryGetProperty(table, out var found))
        {
            foreach (var row in found.GetProperty("rows").EnumerateArray())
            {
                foreach (var key in new[] { "ip", "name", "hour", "subnet" })
                {
                    if (row.TryGetProperty(key, out var text))
                    {
                        Assert.True(rows.TryAdd(text.GetString()!, row), $"{table} lists {text} twice");
                        break;
                    }
                }
            }
        }

        return rows;
    }

    private static async Task<Comparison> CheckAsync(string? records, TimeWindow? window)
    {
        await using var with = await Asked(records, []);
        await using var without = await Without(records);
        var day = new TimeWindow(Noon.AddDays(-1).ToUnixTimeMilliseconds(), Noon.ToUnixTimeMilliseconds());
        var year = new TimeWindow(with.Now.AddDays(-365).ToUnixTimeMilliseconds(), with.Now.AddHours(1).ToUnixTimeMilliseconds());
        var check = new Comparison(with, without, window ?? (records is null ? day : year));
        NetworkQuery[] filters =
        [
            new(), new() { IntExt = TrafficSide.External }, new() { IntExt = TrafficSide.Internal }, new() { Protocol = "udp" },
        ];
        foreach (var filter in filters)
        {
            var (rows, tables) = await check.AskAsync("summarize_network_traffic", filter);
            check.Totals(rows, tables, "bytes");
            check.Table(rows, tables, "protocols", "bytes");
            check.Table(rows, tables, "applicationprotocols", "bytes");
            check.Table(rows, tables, "talkers", "bytes");

            (rows, tables) = await check.AskAsync("analyze_bandwidth", filter);
            check.Table(rows, tables, "devices", "bytes", "bytes_in", "bytes_out");
            check.Table(rows, tables, "hours", "bytes_in", "bytes_out");
            check.Count(rows, tables, "devices");
            check.Own(Rows(rows, "devices"), tables, "talkers");
        }

        foreach (var filter in new NetworkQuery[] { new(), new() { Protocol = "udp" } })
        {
            var (rows, tables) = await check.AskAsync("summarize_external_traffic", filter);
            check.Totals(rows, tables, "bytes", "destinations", "sources");
            check.Table(rows, tables, "destinations", "bytes");
            check.Table(rows, tables, "sources", "bytes", "destinations");
            check.Table(rows, tables, "inbound", "bytes", "targets");
            check.Count(rows, tables, "destinations", "inbound");
        }

        var bandwidth = Rows((await check.AskAsync("analyze_bandwidth", new NetworkQuery())).Rows, "devices");
        var ends = Rows((await check.AskAsync("summarize_network_traffic", new NetworkQuery())).Rows, "talkers").Keys;
        foreach (var ip in bandwidth.Keys.Take(6).Concat(ends.Except(bandwidth.Keys).Where((_, place) => place % 7 == 0).Take(12)).ToList())
        {
            var (rows, tables) = await check.AskAsync("analyze_device_activity", new NetworkQuery { Ip = TextAddress.Of(ip) });
            check.Totals(rows, tables, "bytes_in", "bytes_out", "external_destinations", "internal_destinations");
            foreach (var table in new[] { "external_destinations", "internal_destinations", "inbound" })
            {
                check.Table(rows, tables, table, "bytes");
            }

            (rows, tables) = await check.AskAsync("analyze_bandwidth", new NetworkQuery { Ip = TextAddress.Of(ip) });
            check.Totals(rows, tables, "bytes_in", "bytes_out");
            check.Table(rows, tables, "devices", "bytes", "bytes_in", "bytes_out");
            check.Count(rows, tables, "devices");
        }

        var subnets = bandwidth.Keys.Where(ip => !ip.Contains(':', StringComparison.Ordinal)).Select(ip =>
            ip[..ip.LastIndexOf('.')] + ".0/24");
        foreach (var subnet in subnets.Distinct().Take(4).ToList())
        {
            var (rows, tables) = await check.AskAsync("analyze_subnet", new NetworkQuery(), subnet);
            check.Totals(rows, tables, "bytes", "devices");
            check.Table(rows, tables, "devices", "bytes");
            check.Table(rows, tables, "subnets", "bytes");
            check.Count(rows, tables, "devices");
            check.Own(bandwidth, tables, "devices");

            (rows, tables) = await check.AskAsync("analyze_bandwidth", new NetworkQuery(), subnet);
            check.Table(rows, tables, "devices", "bytes", "bytes_in", "bytes_out");
            check.Count(rows, tables, "devices");
            (rows, tables) = await check.AskAsync("summarize_external_traffic", new NetworkQuery(), subnet);
            check.Totals(rows, tables, "bytes", "destinations", "sources");
            check.Table(rows, tables, "destinations", "bytes");
            check.Table(rows, tables, "sources", "bytes", "destinations");
            check.Table(rows, tables, "inbound", "bytes", "targets");
        }

        return check;
    }

    /// <summary>The same questions to both, and where the answers differ.</summary>
    private sealed class Comparison(InvestigatorFixture with, InvestigatorFixture without, TimeWindow window)
    {
        private string _asked = "";

        public int Figures { get; private set; }

        public List<string> Wrong { get; } = [];

        public async Task<(JsonElement Rows, JsonElement Tables)> AskAsync(string tool, NetworkQuery filters, string? subnet = null)
        {
            _asked = $"{tool} {filters.Ip}{filters.IntExt}{filters.Protocol}{subnet}";
            var range = subnet is null ? (AddressRange?)null : Range(subnet);
            var rows = await with.AskAsync(tool, filters, window, question => question with { Subnet = range });
            var tables = await without.AskAsync(tool, filters, window, question => question with { Subnet = range });
            Assert.Equal("records", rows.GetProperty("scope").GetProperty("evidence").GetString());
            Assert.Equal("connectivity", tables.GetProperty("scope").GetProperty("evidence").GetString());
            Assert.Contains(Notes(tables), note => note.StartsWith("This stands on connectivity tables", StringComparison.Ordinal));
            return (rows, tables);
        }

        public void Totals(JsonElement rows, JsonElement tables, params string[] names) =>
            Same("totals", rows.GetProperty("totals"), tables.GetProperty("totals"), names);

        public void Table(JsonElement rows, JsonElement tables, string table, params string[] columns)
        {
            var wanted = Rows(rows, table);
            foreach (var (key, row) in Rows(tables, table))
            {
                if (!wanted.TryGetValue(key, out var want))
                {
                    Wrong.Add($"{_asked}: {table} has {key}, the records do not");
                    continue;
                }

                Same($"{table} {key}", want, row, columns);
            }
        }

        /// <summary>What devices received and sent, wherever it is told.</summary>
        public void Own(Dictionary<string, JsonElement> bandwidth, JsonElement tables, string table)
        {
            foreach (var (ip, row) in Rows(tables, table))
            {
                if (bandwidth.TryGetValue(ip, out var want))
                {
                    Same($"{table} {ip}", want, row, "bytes_in", "bytes_out");
                }
            }
        }

        public void Count(JsonElement rows, JsonElement tables, params string[] names)
        {
            foreach (var name in names)
            {
                Same($"{name}", rows.GetProperty("tables").GetProperty(name), tables.GetProperty("tables").GetProperty(name), "of");
            }
        }

        private void Same(string where, JsonElement want, JsonElement got, params string[] names)
        {
            foreach (var name in names)
            {
                if (got.TryGetProperty(name, out var value))
                {
                    Figures++;
                    if (!want.TryGetProperty(name, out var right) || right.GetInt64() != value.GetInt64())
                    {
                        Wrong.Add($"{_asked}: {where} {name} is {value}, not {right}");
                    }
                }
            }
        }
    }

    /// <summary>Connections as a Zeek log in a file of its own.</summary>
    private sealed class Capture : IDisposable
    {
        public Capture(IEnumerable<string> lines)
        {
            var log = new StringBuilder();
            foreach (var line in lines)
            {
                var part = line.Split(' ');
                var at = (Start / 1000.0) + (60 * int.Parse(part[0], CultureInfo.InvariantCulture));
                log.Append(CultureInfo.InvariantCulture, $"{{\"ts\":{at},\"uid\":\"C{log.Length}\",\"id.orig_h\":\"{part[1]}\",");
                log.Append(CultureInfo.InvariantCulture, $"\"id.orig_p\":{40_000 + (log.Length % 1000)},");
                log.Append(CultureInfo.InvariantCulture, $"\"id.resp_h\":\"{part[2]}\",\"id.resp_p\":{part[3]},\"proto\":\"{part[4]}\",");
                log.Append(part[5] == "-" ? "" : $"\"service\":\"{part[5]}\",");
                log.Append(CultureInfo.InvariantCulture, $"\"duration\":1.0,\"orig_bytes\":{part[6]},\"resp_bytes\":{part[7]},");
                log.AppendLine("\"conn_state\":\"SF\",\"orig_pkts\":1,\"resp_pkts\":1}");
            }

            File.WriteAllText(Path, log.ToString());
        }

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"dtmcp-connectivity-{Guid.NewGuid():N}.log");

        public void Dispose() => File.Delete(Path);
    }
}
