using System.Globalization;
using System.Text;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Investigations.Comparing;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Queries.Rows;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Investigations;

/// <summary>More endpoints than may be told apart: the same body read with room for all and with room for few.</summary>
public class ManyEndpointsTests
{
    private const int Few = 3_000;
    private const int Heavy = 20;

    public static TheoryData<string> Tools =>
        ["summarize_network_traffic", "summarize_external_traffic", "analyze_device_activity", "analyze_bandwidth", "analyze_subnet",
            "get_network_traffic", "analyze_protocols_and_ports"];

    private static AnalysisSettings Settings =>
        WholeTables.Settings with
        {
            Limit = Heavy,
            FocusDid = 1,
            Subnet = AddressRange.TryParse("10.0.0.0/24", out var range) ? range : null,
            Sort = new(SortColumn.Bytes),
        };

    [Theory]
    [MemberData(nameof(Tools))]
    public async Task Totals_stay_exact_and_the_heaviest_stay_on_top(string tool)
    {
        var (whole, exact) = await ReadAsync(tool, int.MaxValue);
        var (bounded, found) = await ReadAsync(tool, Few);

        Assert.True(whole.KeepsRows && !whole.HasEvicted);
        Assert.True(bounded.HasEvicted && !bounded.KeepsRows && bounded.Hosts.Count <= Few, $"{bounded.Hosts.Count} endpoints");
        Assert.Equal(whole.Count, bounded.Count);
        var (bytes, connections) = bounded.ErrorBound;
        Assert.InRange(bytes, 0, 1_000_000);
        foreach (var (name, value) in exact.Totals.Select(total => (total.Name, total.Value.Integer)))
        {
            var actual = found.Totals.Single(total => total.Name == name).Value.Integer;
            if (name is "destinations" or "sources" or "devices" or "external_destinations" or "internal_destinations")
            {
                Assert.InRange(actual, value * 0.95, value * 1.05);
            }
            else
            {
                Assert.Equal(value, actual);
            }
        }

        foreach (var table in exact.Tables)
        {
            var actual = found.Table(table.Name);
            Assert.InRange(actual.Of, (long)(table.Of * 0.95), (long)Math.Ceiling(table.Of * 1.05));
            var (byteColumn, connectionColumn) = (At(table.Columns, "bytes"), At(table.Columns, "connections"));
            for (var i = 0; i < table.Rows.Count && byteColumn >= 0 && table.SortedBy == "bytes"; i++)
            {
                Assert.Equal(Shown(table.Rows[i][0]), Shown(actual.Rows[i][0]));
                Assert.InRange(actual.Rows[i][byteColumn].Integer, table.Rows[i][byteColumn].Integer - bytes,
                    table.Rows[i][byteColumn].Integer);
                if (connectionColumn >= 0)
                {
                    Assert.InRange(actual.Rows[i][connectionColumn].Integer, table.Rows[i][connectionColumn].Integer - connections,
                        table.Rows[i][connectionColumn].Integer);
                }
            }
        }

        Assert.Equal(connections > 0 ? 1 : 0, found.Notes.Count(note => note.Contains("were let go", StringComparison.Ordinal)));
        Assert.Equal(tool is "get_network_traffic" or "analyze_protocols_and_ports" or "analyze_bandwidth", connections == 0);
        Assert.True(connections == 0
            || found.Notes.Any(note => note.Contains($"at most {bytes} bytes and {connections} connections", StringComparison.Ordinal)));
        Assert.DoesNotContain(exact.Notes, note => note.Contains("let go", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_source_that_spoke_with_more_partners_than_are_kept_tells_about_how_many()
    {
        var (_, exact) = await ReadAsync("summarize_external_traffic", int.MaxValue);
        var (_, found) = await ReadAsync("summarize_external_traffic", Few);
        var partners = At(exact.Table("sources").Columns, "destinations");
        foreach (var (expected, actual) in exact.Table("sources").Rows.Zip(found.Table("sources").Rows))
        {
            Assert.InRange(actual[partners].Integer, expected[partners].Integer * 0.93, expected[partners].Integer * 1.07);
        }

        Assert.Contains(found.Notes, note => note.StartsWith("Numbers of partners", StringComparison.Ordinal));
    }

    [Fact]
    public void A_source_whose_partners_were_lost_uncounted_has_no_number()
    {
        const int Sources = 6_000;
        const int Rounds = 600;
        var rows = new RowMaker();
        for (var i = 0; i < Sources; i++)
        {
            rows.Add(0, $"10.1.{i / 250}.{i % 250}", "198.51.100.1", 443, 1, 1);
        }

        var hosts = rows.Build().Hosts;
        var partners = new PartnerSet();
        for (var partner = 0; partner < Rounds; partner++)
        {
            Assert.True(NetAddress.TryParse($"203.0.{partner / 250}.{partner % 250}", out var address));
            var id = hosts.GetOrAdd(address, HostTable.NoDid);
            for (var source = 0; source < Sources; source++)
            {
                partners.Add(source, id, hosts);
            }
        }

        var numbers = partners.Numbers(Enumerable.Range(0, Sources), hosts).Values;

        Assert.True(partners is { IsEstimate: true, Undercounts: true });
        Assert.InRange(numbers.Count(number => number is null), 1, Sources - 4_096);
        Assert.All(numbers, number => Assert.True(number is null or (> Rounds * 93 / 100 and < Rounds * 107 / 100), $"{number}"));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(400)]
    public void Partners_that_several_of_a_group_have_count_once(int sources)
    {
        const int Each = 10_000;
        var hosts = new HostTable();
        var partners = new PartnerSet();
        for (var source = 0; source < sources; source++)
        {
            Assert.Equal(source, hosts.GetOrAdd(IPv4(0x0A010000u + (uint)source), HostTable.NoDid));
        }

        // Each has half of its partners in common with the one before.
        for (var source = 0; source < sources; source++)
        {
            for (var i = 0; i < Each; i++)
            {
                var partner = (uint)((source * Each / 2) + i);
                partners.Add(source, hosts.GetOrAdd(IPv4(0xC6120000u + partner), HostTable.NoDid), hosts);
            }
        }

        var groups = partners.NumbersOf(Enumerable.Range(0, sources).ToDictionary(source => source, source => source % 2), hosts);

        // Sources of one group have none in common, those of the other begin where these are halfway.
        Assert.Equal(sources * Each > PartnerSet.MaxKeys, partners.IsEstimate);
        Assert.All(groups.Values, number => Assert.InRange(number!.Value, sources / 2 * Each * 0.95, sources / 2 * Each * 1.05));
        var all = partners.NumbersOf(Enumerable.Range(0, sources).ToDictionary(source => source, _ => 0), hosts)[0];
        Assert.InRange(all!.Value, (sources + 1) * Each / 2 * 0.95, (sources + 1) * Each / 2 * 1.05);

        static NetAddress IPv4(uint bits) => NetAddress.FromBits(((UInt128)0xFFFF << 32) | bits);
    }

    [Fact]
    public async Task A_destination_that_was_let_go_before_is_not_new()
    {
        var comparison = new TrafficComparison(Settings, Settings.Window);
        var (before, now) = (new FlowSet(0, comparison.Before, Few), new FlowSet(0, comparison.Now, Few));
        await ReadAsync(before, Body(outside: 30_000));
        await ReadAsync(now, Body(outside: 1_000));

        var found = comparison.Finish(now, before, isEmptyBefore: false);

        Assert.True(before.HasEvicted && !now.HasEvicted);
        Assert.Equal(0, found.Total("new").Integer);
        Assert.Contains(found.Notes, note => note.StartsWith("The other window: More than 3000 endpoints", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_scan_of_hosts_that_were_let_go_is_still_found()
    {
        var hunt = new TrafficHunt(Settings);
        var flows = new FlowSet(0, hunt.Now, Few);
        await ReadAsync(flows, Body(outside: 30_000, scanned: 200));

        var found = hunt.Finish(flows);

        var columns = found.Table("findings").Columns;
        var scan = found.Table("findings").Rows.First(row =>
            row[At(columns, "kind")].Text == "scan" && row[At(columns, "destination_ports")].Integers.Contains(8_088));
        Assert.Equal("10.0.0.7", scan[At(columns, "source")].Text);
        Assert.Contains("200 of 200 hosts on port 8088 failed", scan[At(columns, "signs")].Text, StringComparison.Ordinal);
        Assert.Contains(found.Notes, note => note.Contains("light channels", StringComparison.Ordinal));
    }

    [Fact]
    public void A_dead_host_that_is_let_go_again_and_again_is_one_host_and_no_scan()
    {
        var hunt = new TrafficHunt(Settings);
        var flows = new FlowSet(0, hunt.Now, 100) { Seen = (FlowFields)8191 };
        for (var round = 0; round < 60; round++)
        {
            var chunk = flows.Rent();
            Add(chunk, "10.0.0.7", "10.9.0.1", 8_088, 0);
            for (var i = 0; i < 200; i++)
            {
                Add(chunk, $"10.0.0.{i % 20}", $"45.0.{round}.{i}", 443, 1_000 + i);
            }

            flows.Accept(chunk);
        }

        var found = hunt.Finish(flows);

        Assert.True(flows.HasEvicted);
        var columns = found.Table("findings").Columns;
        Assert.DoesNotContain(found.Table("findings").Rows, row => row[At(columns, "kind")].Text == "scan");

        void Add(FlowChunk chunk, string source, string destination, ushort port, long bytes)
        {
            var i = chunk.Count++;
            chunk.SetStart(i, 1_768_467_600_000 + flows.Count);
            chunk.Duration[i] = 100;
            (chunk.Source[i], chunk.Destination[i]) = (Host(source), Host(destination));
            (chunk.SourcePort[i], chunk.DestinationPort[i]) = (50_000, port);
            (chunk.Protocol[i], chunk.ApplicationProtocol[i]) = (flows.Protocols.GetOrAdd("tcp"),
                flows.ApplicationProtocols.GetOrAdd("ssl"));
            (chunk.Bytes[i], chunk.Packets[i]) = (bytes, 1);
            chunk.SetBytesOut(i, bytes / 2);
            chunk.Traits[i] = bytes == 0 ? FlowTraits.Failed : FlowTraits.None;
        }

        int Host(string ip)
        {
            Assert.True(NetAddress.TryParse(ip, out var address));
            return flows.Hosts.GetOrAdd(address, HostTable.NoDid);
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    [InlineData(300_000)]
    public void Distinct_things_are_counted_within_three_standard_errors(int things)
    {
        var random = new Random(things);
        var sketch = new HyperLogLog(14);
        for (var i = 0; i < things; i++)
        {
            var hash = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            sketch.Add(hash);
            sketch.Add(hash);
        }

        Assert.InRange(sketch.Estimate(), things * (1 - (3 * 0.0081)), things * (1 + (3 * 0.0081)));
    }

    [Fact]
    public void Pairs_beyond_the_bound_are_estimated_and_the_busiest_are_kept()
    {
        var pairs = new CountMap();
        for (var round = 0; round < 3; round++)
        {
            pairs.Add(1, 443);
        }

        for (var host = 0; host < 100; host++)
        {
            for (var port = 1; port <= 15_000; port++)
            {
                pairs.Add(host, port);
            }
        }

        Assert.True(pairs.Overflowed && pairs.Count <= CountMap.MaxKeys);
        var list = new RowLists(pairs, [1, 99], all: false);
        Assert.Equal(443, list.Numbers(1).Integers[0]);
        Assert.InRange(list.Numbers(1).ListOf, 14_100, 15_900);
        Assert.InRange(list.Numbers(99).ListOf, 14_100, 15_900);
    }

    private static int At(IReadOnlyList<string> columns, string name) => columns.ToList().IndexOf(name);

    private static string Shown(Cell cell) =>
        cell.Kind is CellKind.Text or CellKind.Moment ? cell.Text : cell.Integer.ToString(CultureInfo.InvariantCulture);

    private static async Task<(FlowSet Flows, Findings Found)> ReadAsync(string tool, int maxHosts)
    {
        var analysis = Investigating.Begin(tool, Settings);
        var flows = new FlowSet(long.MaxValue, maxHosts == int.MaxValue ? analysis : new Traffic.Evidence.OverflowFeed(analysis), maxHosts);
        await ReadAsync(flows, Body(outside: 30_000));
        return (flows, analysis.Finish(flows));
    }

    private static async Task ReadAsync(FlowSet flows, string body) =>
        await NetworkReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(body)), flows, null, TestContext.Current.CancellationToken);

    // Light rows to as many outside addresses, heavy ones to and from twenty between them; the last heavy ones come late.
    private static string Body(int outside, int scanned = 0)
    {
        var random = new Random(7);
        var text = new StringBuilder("{\"traffic\":[");
        void Row(string source, int sourceDid, string destination, int port, long bytes, string flag = "ack")
        {
            text.Append(text.Length > 12 ? "," : "").Append(
                CultureInfo.InvariantCulture,
                $$"""
                  {"sourcedevice":{"did":{{sourceDid}},"ip":"{{source}}","hostname":"host-{{sourceDid}}"},
                   "destinationdevice":{"ip":"{{destination}}","hostname":"at-{{destination}}"},"protocol":"tcp","sourceport":50000,
                   "destinationport":{{port}},"applicationprotocol":"https","bytes":{{bytes}},"packets":3,"duration":1,
                   "starttime":{{1_768_467_600_000 + random.Next(3_600_000)}},"flags":["{{flag}}"]}
                  """);
        }

        for (var i = 0; i < outside; i++)
        {
            var device = 1 + (i % 6);
            Row($"10.0.0.{device}", device, $"45.{i >> 16}.{(i >> 8) & 255}.{i & 255}", 443, random.Next(100, 1_500));
            if (i % 15 == 0)
            {
                var heavy = (i / 15) % Heavy;
                if (heavy < Heavy / 2 || i > outside / 2)
                {
                    Row($"10.0.0.{1 + (heavy % 6)}", 1 + (heavy % 6), $"203.0.113.{heavy + 1}", 443, 1_000_000 + (heavy * 50_000));
                    Row($"198.51.100.{heavy + 1}", 1_000 + heavy, "10.0.0.1", 22, 10_000 + heavy);
                }
            }

            if (i < scanned)
            {
                Row("10.0.0.7", 7, $"10.9.{i >> 8}.{i & 255}", 8_088, 0, "rejected");
            }
        }

        return text.Append("]}").ToString();
    }
}
