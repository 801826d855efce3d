using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Investigations;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Tables;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Queries.Tables;

public sealed class TableExecutorTests
{
    private static readonly ConnectionEnd Laptop = new(7, "10.0.0.7", ConnectionEndType.Device);
    private static readonly ConnectionEnd Server = new(8, "10.0.0.8", ConnectionEndType.Device);
    private static readonly ConnectionEnd Far = new(100, "203.0.113.100", ConnectionEndType.ExternalDevice);
    private static readonly ConnectionEnd Comer = new(101, "203.0.113.101", ConnectionEndType.ExternalDevice);

    /// <summary>An answer about both sides: 30 bytes inside, 300 and 15 outside.</summary>
    private static readonly Connectivity Mixed = new()
    {
        IntExt = [new NamedBytes("Internal", new InOut(10, 20)), new NamedBytes("External", new InOut(110, 205))],
        Protocols = [new NamedBytes("TCP", new InOut(100, 210)), new NamedBytes("UDP", new InOut(20, 15))],
        ApplicationProtocols = [new NamedBytes("HTTPS", new InOut(100, 200)), new NamedBytes("Unknown", new InOut(20, 25))],
        Status = [new NamedBytes("New", new InOut(120, 225))],
        RemotePorts = [new PortBytes(443, new InOut(100, 200))],
        LocalPorts = [new PortBytes(22, new InOut(1, 2))],
        Peers = [new PeerBytes("laptop", "10.0.0.7", new InOut(130, 215)), new PeerBytes("server", "10.0.0.8", new InOut(20, 10))],
        PeerSubnets = [new NamedBytes("10.0.0.0/24", new InOut(1, 2))],
        Devices = [Device(7, "10.0.0.7", 345), Device(8, "10.0.0.8", 30)],
        ExternalDevices = [Outside(100, "203.0.113.100", 300), Outside(101, "203.0.113.101", 15)],
        Subnets = [new ConnectivitySubnet(1, "10.0.0.0/24", "office", 345, null)],
        Connections =
        [
            new ConnectivityPair(Laptop, Server, 1_000, null), new ConnectivityPair(Laptop, Far, 2_000, null),
            new ConnectivityPair(Comer, Laptop, 3_000, null),
        ],
    };

    private static readonly ConnectivityHalves Both = new() { Both = Mixed };

    private static readonly ConnectivityHalves Halves = new()
    {
        Internal = Mixed with { Connections = [Mixed.Connections![0]], ExternalDevices = [] },
        External = Mixed with
        {
            Connections = [.. Mixed.Connections!.Skip(1)],
            Peers = [new PeerBytes("203.0.113.100", "203.0.113.100", new InOut(90, 210))],
        },
    };

    private static AnalysisSettings Focused => WholeTables.Settings with { FocusDid = 7 };

    private static AnalysisSettings OfSubnet => WholeTables.Settings with
    {
        Filters = new NetworkQuery { ViewSubnet = 1 },
        Subnet = AddressRange.TryParse("10.0.0.0/24", out var range) ? range : null,
    };

    [Fact]
    public void Unknown_columns_are_left_out_in_their_order_and_the_note_says_why()
    {
        var found = Ask(Both, Table(Dimension.Protocol, Terms.None, Column.Key(Dimension.Protocol), Column.Packets, Column.Bytes,
            Column.Connections, Column.BytesOut));
        var table = Assert.Single(found.Tables);
        Assert.Equal(["name", "bytes", "bytes_out"], table.Columns);
        Assert.Equal(["tcp\t310\t210", "udp\t35\t15"], table.Lines("name", "bytes", "bytes_out"));
        Assert.Equal(
            "This stands on connectivity tables: connection and packet counts, times and ports per peer are not told, only "
                + "connection records (Advanced Search) have them; "
                + "bytes_out of protocols and status is what originators sent, bytes_in what came back.",
            Assert.Single(found.Notes));
    }

    [Fact]
    public void A_table_of_which_nothing_is_known_goes_with_the_reason()
    {
        var found = Ask(Both, Table(Dimension.Country, Terms.Outbound, Column.Key(Dimension.Country), Column.Bytes));
        Assert.Empty(found.Tables);
        Assert.Contains("grouped or narrowed otherwise than the appliance does it", Assert.Single(found.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void External_bytes_of_an_answer_about_both_sides_are_told_apart_and_what_cannot_be_is_left_out()
    {
        var found = Ask(
            Both, [new TotalQuery("bytes", MeasureKind.Bytes, Terms.External), new TotalQuery("all", MeasureKind.Bytes)],
            Table(Dimension.ApplicationProtocol, Terms.External, Column.Key(Dimension.ApplicationProtocol), Column.Bytes),
            Table(Dimension.Source, Terms.Outbound, Column.Ip, Column.Bytes, Column.Of("to", Measure.Distinct(Dimension.Destination))));
        Assert.Equal(315, found.Total("bytes").Integer);
        Assert.Equal(345, found.Total("all").Integer);

        // The laptop's 345 bytes are not all external, and there is no other figure for it.
        var sources = Assert.Single(found.Tables);
        Assert.Equal(CellKind.Absent, sources.Rows[0][1].Kind);
        Assert.Equal(["10.0.0.7\t1"], sources.Lines("ip", "to"));
    }

    [Fact]
    public void Hosts_stand_in_for_destinations_where_an_answer_has_no_pairs()
    {
        var destinations = Table(Dimension.Destination, Terms.Outbound, Column.Ip, Column.Bytes) with
        {
            Otherwise = Table(Dimension.Outside, Terms.External, Column.Ip, Column.Bytes, Column.Size) with { Name = "hosts" },
        };
        Assert.Equal(["203.0.113.100\t300"], Assert.Single(Ask(Both, destinations).Tables).Lines("ip", "bytes"));

        var found = Ask(new ConnectivityHalves { Both = Mixed with { Connections = null } }, destinations);
        Assert.Equal(["203.0.113.100\t300", "203.0.113.101\t15"], found.Table("hosts").Lines("ip", "bytes"));
        Assert.Equal(["ip", "bytes"], found.Table("hosts").Columns);
        Assert.Contains("who began is not told here", Assert.Single(found.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_metric_of_bytes_counts_is_called_a_size()
    {
        var counted = Mixed with { Metric = new MetricInfo(1, "connections", null, "count") };
        var found = Ask(new ConnectivityHalves { Both = counted },
            Table(Dimension.Outside, Terms.External, Column.Ip, Column.Bytes, Column.Size));
        Assert.Equal(["ip", "size"], Assert.Single(found.Tables).Columns);
        Assert.Equal("size", found.Tables[0].SortedBy);
    }

    [Fact]
    public void An_address_that_is_no_device_has_its_own_bytes()
    {
        var settings = WholeTables.Settings with
        {
            FocusAddress = NetAddress.TryParse("203.0.113.100", out var address) ? address : default,
        };
        var found = TableExecutor.Finish(
            new Query { Tables = [Table(Dimension.Device, Terms.None, Column.Ip, Column.BytesIn, Column.BytesOut)] }, settings, Both);
        Assert.Equal(["203.0.113.100\t120\t225"], Assert.Single(found.Tables).Lines("ip", "bytes_in", "bytes_out"));
    }

    [Fact]
    public void Every_question_that_can_be_put_is_answered_and_only_by_what_is_known_of_it()
    {
        var terms = Enumerable.Range(0, 11).Select(bit => (Terms)(1 << bit)).Prepend(Terms.None)
            .Concat([Terms.Started | Terms.External, Terms.Started | Terms.Internal, Terms.Across | Terms.External]).ToList();
        Measure[] measures =
        [
            .. Enum.GetValues<MeasureKind>().Select(kind => new Measure(kind)), Measure.Distinct(Dimension.Destination),
            Measure.Distinct(Dimension.Device), Measure.Distinct(Dimension.Source), Measure.List(Dimension.DestinationPort),
        ];
        var told = 0;
        foreach (var (settings, answers) in new[] { (WholeTables.Settings, Both), (OfSubnet, Both), (Focused, Halves) })
        {
            var view = ConnectivityViews.Of(settings);
            foreach (var where in terms)
            {
                foreach (var measure in measures)
                {
                    var total = TableExecutor.Finish(
                        new Query { Totals = [new TotalQuery("figure", measure, where)], Tables = [] }, settings, answers);
                    Assert.True(total.Totals.Count == 0 || Capabilities.OfTables(view, null, where, measure).IsKnown);
                    told += total.Totals.Count;
                    foreach (var by in Enum.GetValues<Dimension>())
                    {
                        var table = Table(by, where, Column.Ip, Column.Of("figure", measure));
                        var found = TableExecutor.Finish(new Query { Tables = [table] }, settings, answers);
                        Assert.True(found.Tables.Count == 0 || Capabilities.OfTables(view, by, where, measure).IsKnown);
                        told += found.Tables.Count;
                    }
                }
            }
        }

        Assert.InRange(told, 100, 1000);
    }

    private static Findings Ask(ConnectivityHalves answers, params TableQuery[] tables) => Ask(answers, [], tables);

    private static Findings Ask(ConnectivityHalves answers, TotalQuery[] totals, params TableQuery[] tables) =>
        TableExecutor.Finish(new Query { Totals = totals, Tables = tables }, WholeTables.Settings, answers);

    private static TableQuery Table(Dimension by, Terms where, params Column[] columns) =>
        new() { Name = by.ToString(), By = by, Where = where, Columns = columns };

    private static ConnectivityDevice Device(long did, string ip, long size) => new(did, ip, size, null, null, new HostDetails());

    private static ExternalDevice Outside(long id, string ip, long size) => new(id, ip, ip, size, null, new HostDetails());
}
