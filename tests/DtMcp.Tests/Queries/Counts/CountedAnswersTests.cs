using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Simulator;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Queries.Counts;

/// <summary>What the appliance counts beside what its records come to: whatever both tell is equal.</summary>
public sealed class CountedAnswersTests
{
    private static readonly string[] Tools =
    [
        "summarize_network_traffic", "summarize_external_traffic", "analyze_device_activity", "analyze_protocols_and_ports",
        "analyze_bandwidth", "analyze_subnet",
    ];

    [Theory]
    [InlineData("m57_long")]
    [InlineData("apt29_day1")]
    [InlineData("zeek_ipv6")]
    public async Task Every_figure_over_real_records_is_that_of_the_rows(string name)
    {
        var truth = TruthFiles.Truth(name);
        var range = truth.GetProperty("summary").GetProperty("timerange");
        var window = new TimeWindow(range.GetProperty("first_start").GetInt64(), range.GetProperty("last_start").GetInt64());
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with
        {
            RecordsFile = TruthFiles.Log(name),
            TermsListed = 100_000,
        });
        var device = TextAddress.Of(truth.GetProperty("devices").EnumerateObject().First().Name);
        Assert.True(AddressRange.TryParse(truth.GetProperty("subnets").EnumerateObject().First().Name, out var subnet));
        foreach (var tool in Tools)
        {
            await CompareAsync(investigator, tool, new NetworkQuery { Ip = tool == "analyze_device_activity" ? device : null }, window,
                tool == "analyze_subnet" ? subnet : null);
        }

        // And by the digests of those who counted independently.
        var summary = await AskAsync(investigator, "summarize_network_traffic", new NetworkQuery(), window, null, EvidenceWish.Counts);
        var expected = truth.GetProperty("traffic_analysis");
        foreach (var (total, as_) in new[] { ("total_connections", "connections"), ("total_bytes", "bytes"), ("total_packets", "packets"),
            ("external_connections", "external_connections") })
        {
            Assert.Equal(expected.GetProperty(total).GetInt64(), summary.GetProperty("totals").GetProperty(as_).GetInt64());
        }

        var lines = Rows(summary, "destination_ports").Select(row => $"{row.GetProperty("port")}\t{row.GetProperty("connections")}")
            .OrderBy(line => line.Split('\t')[0], StringComparer.Ordinal);
        Assert.Equal(expected.GetProperty("destination_ports").GetProperty("digest").GetString(),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines)))));
    }

    [Fact]
    public async Task Random_questions_have_the_figures_of_the_rows()
    {
        var random = new Random(20261128);
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with
        {
            Connections = 12_000,
            Days = 3,
            Seed = 7,
            TermsListed = 25,
            ClockRuns = false,
        });
        var records = investigator.Appliance.Records;
        var devices = Enumerable.Range(0, records.Addresses.Length).Where(records.IsLocal).ToArray();
        for (var i = 0; i < 120; i++)
        {
            var tool = Tools[random.Next(Tools.Length)];
            var device = TextAddress.Of(records.Addresses[devices[random.Next(devices.Length)]].ToString());
            var other = TextAddress.Of(records.Addresses[random.Next(records.Addresses.Length)].ToString());
            var filters = new NetworkQuery
            {
                Ip = tool == "analyze_device_activity" ? device : random.Next(6) == 0 ? other : null,
                IntExt = random.Next(4) switch
                {
                    0 => TrafficSide.External,
                    1 when tool != "summarize_external_traffic" => TrafficSide.Internal,
                    _ => null,
                },
                Protocol = random.Next(5) == 0 ? Pick("TCP", "UDP", "ICMP") : null,
                ApplicationProtocol = random.Next(5) == 0 ? Pick("HTTPS", "DNS", "Unknown", "SMB") : null,
                Port = random.Next(6) == 0 ? Pick(443, 53, 8) : null,
                DestinationPort = random.Next(8) == 0 ? Pick(443, 445) : null,
            };
            var end = records.LastMs - random.NextInt64(86_400_000);
            var window = new TimeWindow(end - random.NextInt64(600_000, 2 * 86_400_000L), end);
            AddressRange? subnet = tool == "analyze_subnet" || random.Next(8) == 0
                ? AddressRange.Around(device, device.IsIPv4 ? Pick(24, 20, 16) : Pick(64, 48))
                : null;
            await CompareAsync(investigator, tool, filters, window, subnet);
        }

        T Pick<T>(params T[] values) => values[random.Next(values.Length)];
    }

    [Theory]
    [InlineData(400)]
    [InlineData(25)]
    public async Task Groups_by_anything_have_the_figures_of_the_rows(int listed)
    {
        var random = new Random(20261129 + listed);
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with
        {
            Connections = 12_000,
            Days = 3,
            Seed = 11,
            TermsListed = listed,
            ClockRuns = false,
            // The windows go by the clock: the same ones in every run.
            Now = new DateTimeOffset(2026, 11, 29, 2, 33, 0, TimeSpan.Zero),
        });
        string[] measures = ["connections", "bytes", "bytes_in", "bytes_out", "packets", "failed", "first", "last"];
        string[] by = ["device", "source", "destination", "protocol", "applicationprotocol", "port", "state", "direction"];
        var (counted, records) = (0, 0);
        for (var i = 0; i < 120; i++)
        {
            var end = investigator.Appliance.Records.LastMs - random.NextInt64(86_400_000);
            var window = new TimeWindow(end - random.NextInt64(600_000, 2 * 86_400_000L), end);
            var filters = new NetworkQuery
            {
                IntExt = random.Next(3) == 0 ? TrafficSide.External : null,
                Protocol = random.Next(4) == 0 ? "TCP" : null,
            };
            var asked = new TrafficAggregation(
                by[random.Next(by.Length)], null, measures[random.Next(measures.Length)], IsAscending: random.Next(6) == 0);
            if (await CompareGroupsAsync(investigator, asked, filters, window))
            {
                counted++;
            }
            else
            {
                records++;
            }
        }

        Assert.True(counted > 20 && records > 5, $"{counted} counted, {records} by records");
    }

    // Whether the appliance counted.
    private static async Task<bool> CompareGroupsAsync(
        InvestigatorFixture investigator, TrafficAggregation asked, NetworkQuery filters, TimeWindow window)
    {
        var what = $"{asked} {filters} {window}";
        var counted = await AskAsync(EvidenceWish.Counts, 10);
        if (Evidence(counted) == "records")
        {
            Assert.Contains("No counts: ", Notes(counted), StringComparison.Ordinal);
            return false;
        }

        var read = await AskAsync(EvidenceWish.Records, 100_000);
        Assert.Equal(read.GetProperty("totals").GetRawText(), counted.GetProperty("totals").GetRawText());
        var table = counted.GetProperty("tables").GetProperty("groups");
        var rows = Rows(read, "groups").ToList();
        var truth = rows.ToDictionary(row => row.GetProperty(asked.By).ToString(), StringComparer.Ordinal);
        var mayBeMore = Notes(counted).Contains("with itself twice", StringComparison.Ordinal);
        foreach (var row in table.GetProperty("rows").EnumerateArray())
        {
            Assert.True(truth.TryGetValue(row.GetProperty(asked.By).ToString(), out var right), $"{what}: has {row}");
            foreach (var cell in row.EnumerateObject().Where(cell => cell.Name is not "hostname"))
            {
                Assert.True(right.GetProperty(cell.Name).GetRawText() == cell.Value.GetRawText()
                    || (mayBeMore && cell.Name.StartsWith("bytes_", StringComparison.Ordinal)
                        && right.GetProperty(cell.Name).GetInt64() < cell.Value.GetInt64()), $"{what}: {row} against {right}");
            }
        }

        // The order is that of the rows, as far as it is sure.
        var notes = Notes(counted);
        var sure = Regex.Match(notes, "the first ([0-9]+) rows are the largest") is { Success: true } match
            ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : notes.Contains("values that the appliance does not list may", StringComparison.Ordinal) || mayBeMore ? 0
            : table.GetProperty("rows").GetArrayLength();
        var (first, expected) = (Figures(table.GetProperty("rows").EnumerateArray()), Figures(rows));
        Assert.True(first[..sure].SequenceEqual(expected[..sure]),
            $"{what}: {string.Join(' ', first)} against {string.Join(' ', expected.Take(10))} {notes}");
        if (!table.TryGetProperty("of_at_least", out _))
        {
            Assert.Equal(rows.Count, table.GetProperty("of").GetInt32());
        }

        foreach (var keyless in new[] { counted, read }.Select(answer => Regex.Match(Notes(answer), "[0-9]+ connections have no").Value)
            .Where(text => text.Length > 0).Distinct().Skip(1))
        {
            Assert.Fail($"{what}: {keyless}");
        }

        return true;

        // Names of one figure are in the order in which rows have them.
        List<string> Figures(IEnumerable<JsonElement> of) =>
            [.. of.Select(row => row.TryGetProperty(asked.Measure, out var figure) ? figure.ToString() : "")];

        Task<JsonElement> AskAsync(EvidenceWish evidence, int limit) => investigator.AskAsync(
            "get_network_traffic", filters, window, question => question with
            {
                Investigation = asked,
                Evidence = evidence,
                Limit = limit,
                Sort = null,
            });
    }

    [Fact]
    public async Task Devices_are_counted_by_all_the_addresses_that_they_had()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(
            options => options with { Connections = 8_000, ClockRuns = false });
        for (var did = 1; did <= 12; did++)
        {
            await CompareAsync(investigator, "analyze_device_activity", new NetworkQuery { Did = did }, investigator.LastDay, null);
        }
    }

    [Fact]
    public async Task Given_ranges_decide_what_is_inside()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(
            options => options with { Connections = 6_000, ClockRuns = false },
            options => options with { Internal = InternalRanges.FromText("+203.0.113.0/24, 10.20.0.0/16")! });
        foreach (var tool in new[] { "summarize_network_traffic", "summarize_external_traffic", "analyze_bandwidth" })
        {
            await CompareAsync(investigator, tool, new NetworkQuery(), investigator.LastDay, null);
        }
    }

    [Fact]
    public async Task Hours_are_those_of_insertion_and_add_up()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(
            options => options with { Connections = 6_000, ClockRuns = false });
        var answer = await AskAsync(investigator, "analyze_bandwidth", new NetworkQuery(), investigator.LastDay, null, EvidenceWish.Counts);
        foreach (var column in new[] { "bytes_in", "bytes_out" })
        {
            Assert.Equal(answer.GetProperty("totals").GetProperty(column).GetInt64(),
                Rows(answer, "hours").Sum(row => row.GetProperty(column).GetInt64()));
        }

        Assert.Contains("put into the index", Notes(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_cut_says_so_and_what_is_listed_is_right()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(
            options => options with { Connections = 12_000, Days = 2, TermsListed = 12, ClockRuns = false });
        var answer = await AskAsync(investigator, "summarize_external_traffic", new NetworkQuery(), investigator.LastDay, null,
            EvidenceWish.Counts);
        var destinations = answer.GetProperty("tables").GetProperty("destinations");

        Assert.True(destinations.GetProperty("of_at_least").GetBoolean());
        Assert.False(answer.GetProperty("totals").TryGetProperty("destinations", out _));
        Assert.Contains("which have the most bytes is not told", Notes(answer), StringComparison.Ordinal);
        await CompareAsync(investigator, "summarize_external_traffic", new NetworkQuery(), investigator.LastDay, null);
    }

    private static async Task CompareAsync(InvestigatorFixture investigator, string tool, NetworkQuery filters, TimeWindow window,
        AddressRange? subnet)
    {
        var what = $"{tool} {filters} {subnet} {window}";
        var counted = await AskAsync(investigator, tool, filters, window, subnet, EvidenceWish.Counts);
        var read = await AskAsync(investigator, tool, filters, window, subnet, EvidenceWish.Records);
        Assert.True(Evidence(counted) == "counts" && Evidence(read) == "records",
            $"{what}: {Evidence(counted)} {Notes(counted)}");
        foreach (var total in counted.GetProperty("totals").EnumerateObject())
        {
            var truth = read.GetProperty("totals").GetProperty(total.Name);
            var mayBeMore = total.Name is "bytes_in" or "bytes_out"
                && Notes(counted).Contains("with itself twice", StringComparison.Ordinal);
            Assert.True(
                truth.GetRawText() == total.Value.GetRawText() || (mayBeMore && truth.GetInt64() < total.Value.GetInt64()),
                $"{what}: {total} against {truth}");
        }

        foreach (var table in counted.GetProperty("tables").EnumerateObject()
            .Where(table => table.Name is not ("hours" or "model_breaches")))
        {
            var whole = read.GetProperty("tables").GetProperty(table.Name);
            var key = new[] { "ip", "port", "name" }.First(name => table.Value.GetProperty("rows").GetArrayLength() == 0
                || table.Value.GetProperty("rows")[0].TryGetProperty(name, out _));
            var rows = whole.GetProperty("rows").EnumerateArray()
                .ToDictionary(row => row.GetProperty(key).ToString(), StringComparer.Ordinal);
            if (!table.Value.TryGetProperty("of_at_least", out _))
            {
                Assert.True(whole.GetProperty("of").GetInt64() == table.Value.GetProperty("of").GetInt64(), $"{what}: of {table.Name}");
            }

            foreach (var row in table.Value.GetProperty("rows").EnumerateArray())
            {
                Assert.True(rows.TryGetValue(row.GetProperty(key).ToString(), out var truth), $"{what}: {table.Name} has {row}");
                foreach (var cell in row.EnumerateObject().Where(cell => cell.Name is not "hostname"))
                {
                    Assert.True(truth.GetProperty(cell.Name).GetRawText() == cell.Value.GetRawText(),
                        $"{what}: {table.Name} {row} against {truth}");
                }

                Assert.True(row.TryGetProperty("connections", out _) || row.TryGetProperty("bytes", out _), what);
            }
        }
    }

    private static Task<JsonElement> AskAsync(InvestigatorFixture investigator, string tool, NetworkQuery filters, TimeWindow window,
        AddressRange? subnet, EvidenceWish evidence) => investigator.AskAsync(
            tool, filters, window, question => question with { Subnet = subnet, Evidence = evidence });

    private static string? Evidence(JsonElement answer) => answer.GetProperty("scope").GetProperty("evidence").GetString();

    private static string Notes(JsonElement answer) => answer.GetProperty("notes").ToString();

    private static JsonElement.ArrayEnumerator Rows(JsonElement answer, string table) =>
        answer.GetProperty("tables").GetProperty(table).GetProperty("rows").EnumerateArray();
}
