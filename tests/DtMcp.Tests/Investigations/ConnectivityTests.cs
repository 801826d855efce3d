using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Investigations;

public class ConnectivityTests
{
    private static readonly ConnectionEnd Laptop = new(7, "10.0.0.7", ConnectionEndType.Device);
    private static readonly ConnectionEnd Server = new(8, "10.0.0.8", ConnectionEndType.Device);
    private static readonly ConnectionEnd Cdn = new(100, null, ConnectionEndType.ExternalDevice);
    private static readonly ConnectionEnd Comer = new(101, "203.0.113.101", ConnectionEndType.ExternalDevice);

    private static readonly Connectivity Inside = new()
    {
        Protocols = [new NamedBytes("TCP", new InOut(10, 20))],
        Peers = [new PeerBytes("server", "10.0.0.8", new InOut(10, 20))],
        Devices = [Device(7, "10.0.0.7", 30), Device(8, "10.0.0.8", 30)],
        RemotePorts = [new PortBytes(445, new InOut(10, 20)), new PortBytes(0, new InOut(1, 1))],
        Connections = [new ConnectivityPair(Laptop, Server, 1_000, null)],
    };

    private static readonly Connectivity Outside = new()
    {
        Protocols = [new NamedBytes("TCP", new InOut(100, 200)), new NamedBytes("UDP", new InOut(null, 5))],
        Peers = [new PeerBytes("cdn.example", "cdn.example", new InOut(90, 200)),
            new PeerBytes("203.0.113.101", "203.0.113.101", new InOut(10, 5))],
        Devices = [Device(7, "10.0.0.7", 305)],
        ExternalDevices =
        [
            new ExternalDevice(100, "203.0.113.100", "cdn.example", 290, null,
                new HostDetails { Hostname = "cdn.example", Country = "Ireland", Asn = "AS64511 Example" }),
            new ExternalDevice(101, "203.0.113.101", "203.0.113.101", 15, null, new HostDetails()),
        ],
        Connections = [new ConnectivityPair(Laptop, Cdn, 2_000, 18), new ConnectivityPair(Comer, Laptop, 3_000, null)],
        Status = [new NamedBytes("New", new InOut(100, 205)), new NamedBytes("Breached", new InOut(null, null))],
    };

    private static AnalysisSettings Focused => WholeTables.Settings with { FocusDid = 7 };

    [Fact]
    public void An_end_outside_that_comes_without_an_address_is_named_by_the_list_of_those_outside()
    {
        var found = Investigating.Begin("get_network_traffic", WholeTables.Settings).Finish(new ConnectivityHalves { Both = Outside });
        Assert.Equal(["10.0.0.7\t203.0.113.100", "203.0.113.101\t10.0.0.7"],
            found.Table("connections").Lines("source", "target").Order(StringComparer.Ordinal));

        var unnamed = Investigating.Begin("get_network_traffic",
            WholeTables.Settings).Finish(new ConnectivityHalves { Both = Outside with { ExternalDevices = null } });
        Assert.Contains("10.0.0.7\texternaldevice 100", unnamed.Table("connections").Lines("source", "target"));
    }

    [Fact]
    public void A_device_is_answered_from_both_halves_once_and_side_by_side()
    {
        var found = Investigating.Begin("analyze_device_activity",
            Focused).Finish(new ConnectivityHalves { Internal = Inside, External = Outside });

        Assert.Equal(110, found.Total("bytes_in").Integer);
        Assert.Equal(225, found.Total("bytes_out").Integer);
        Assert.Equal(1, found.Total("external_destinations").Integer);
        Assert.Equal(["203.0.113.100 cdn.example Ireland AS64511 Example 90 200 290"],
            Lines(found.Table("external_destinations"), "ip", "hostname", "country", "asn", "bytes_in", "bytes_out", "bytes"));
        Assert.Equal(["10.0.0.8 30"], Lines(found.Table("internal_destinations"), "ip", "bytes"));
        Assert.Equal(["tcp 330", "udp 5"], Lines(found.Table("protocols"), "name", "bytes"));
        Assert.Equal(["445 30"], Lines(found.Table("remote_ports"), "port", "bytes"));
        Assert.Single(found.Notes);
    }

    [Theory]
    [InlineData("summarize_network_traffic")]
    [InlineData("summarize_external_traffic")]
    [InlineData("analyze_device_activity")]
    [InlineData("analyze_protocols_and_ports")]
    [InlineData("analyze_bandwidth")]
    [InlineData("analyze_subnet")]
    [InlineData("get_network_traffic")]
    public void What_connectivity_cannot_tell_is_absent_and_one_note_says_so(string tool)
    {
        foreach (var answers in new[]
        {
            new ConnectivityHalves { Internal = Inside, External = Outside },
            new ConnectivityHalves { Both = Inside },
            new ConnectivityHalves { Both = new Connectivity() },
            new ConnectivityHalves(),
        })
        {
            var found = Investigating.Begin(tool, Focused).Finish(answers);
            Assert.DoesNotContain(found.Totals,
                field => field.Name.EndsWith("connections", StringComparison.Ordinal) || field.Name == "packets");
            Assert.DoesNotContain(found.Totals, field => field.Value.Kind == CellKind.Absent);
            Assert.DoesNotContain(found.Tables.SelectMany(table => table.Columns), column => column is "packets" or "percent");
            Assert.Single(found.Notes);
        }
    }

    [Fact]
    public void An_unknown_side_is_left_out_not_0()
    {
        var found = Investigating.Begin("analyze_protocols_and_ports", Focused).Finish(new ConnectivityHalves { External = Outside });
        Assert.Equal(CellKind.Absent, found.Table("protocols").Rows[1][1].Kind);
        Assert.Equal(5, found.Table("protocols").Rows[1][2].Integer);
    }

    [Fact]
    public void An_external_answer_beside_everything_describes_and_is_not_added()
    {
        var everything = Outside with { ExternalDevices = null };
        var found = Investigating.Begin("get_network_traffic",
            WholeTables.Settings).Finish(new ConnectivityHalves { Both = everything, External = Outside });
        Assert.Equal(305, found.Total("bytes").Integer);
        Assert.Equal(2, found.Table("connections").Of);
        Assert.Equal(["7 305"], Lines(found.Table("devices"), "did", "size"));
        Assert.Equal(2, found.Table("external_devices").Of);
    }

    [Fact]
    public void Pairs_are_paged_without_a_gap_or_a_repeat()
    {
        var many = new Connectivity
        {
            Connections = [.. Enumerable.Range(0,
                25)
                    .Select(i => new ConnectivityPair(
                        Laptop, new ConnectionEnd(200 + i, $"10.0.1.{i}", ConnectionEndType.Device), i, null))],
        };
        List<string> seen = [];
        for (var offset = 0; offset < 25; offset += 10)
        {
            var page = Investigating.Begin("get_network_traffic",
                WholeTables.Settings with { Limit = 10, Offset = offset }).Finish(new ConnectivityHalves { Both = many });
            seen.AddRange(Lines(page.Table("connections"), "target"));
            Assert.Equal(25, page.Table("connections").Of);
        }

        Assert.Equal(25, seen.Count);
        Assert.Equal(25, seen.Distinct().Count());
    }

    [Fact]
    public void Who_went_out_and_who_came_in_are_told_apart_by_the_pairs()
    {
        var found = Investigating.Begin("summarize_external_traffic",
            WholeTables.Settings).Finish(new ConnectivityHalves { External = Outside });
        Assert.Equal(["203.0.113.100"], Lines(found.Table("destinations"), "ip"));
        Assert.Equal(["203.0.113.101"], Lines(found.Table("inbound"), "ip"));
        Assert.Equal(["10.0.0.7 7 1"], Lines(found.Table("sources"), "ip", "did", "destinations"));
    }

    private static ConnectivityDevice Device(long did, string ip, long size) => new(did, ip, size, null, null, new HostDetails());

    private static IEnumerable<string> Lines(Table table, string key, params string[] columns) =>
        table.Rows.Select(row => string.Join(' ', columns.Prepend(key).Select(column =>
    {
        var cell = row[table.Columns.ToList().IndexOf(column)];
        return cell.Kind is CellKind.Text or CellKind.Moment
            ? cell.Text
            : cell.Integer.ToString(System.Globalization.CultureInfo.InvariantCulture);
    })));
}
