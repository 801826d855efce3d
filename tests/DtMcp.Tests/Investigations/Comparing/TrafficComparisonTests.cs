using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Scenarios;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Investigations.Comparing;

namespace DtMcp.Tests.Investigations.Comparing;

public class TrafficComparisonTests
{
    private const long Day = 86_400_000;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Two_days_of_an_office_differ_by_the_planted_device_and_destination(int seed)
    {
        var end = new DateTimeOffset(2026, 1, 15, (seed * 7) % 24, (seed * 13) % 60, seed, TimeSpan.Zero);
        var (records, planted) = OfficeScenario.Plant(seed, end, 2, 0);
        var (from, to) = (end.ToUnixTimeMilliseconds() - Day, end.ToUnixTimeMilliseconds());
        var found = TrafficComparison.Over(
            OfficeRows.Of(records, from + 1, to), OfficeRows.Of(records, from - Day + 1, from),
            WholeTables.Settings with { Window = new TimeWindow(from + 1, to) }, new TimeWindow(from - Day + 1, from));

        Assert.Equal([planted.NewDevice.Device.ToString()], Keys(found, "devices", "new"));
        Assert.Equal([planted.NewDevice.Peer.ToString()], Keys(found, "destinations", "new"));
        Assert.Contains(planted.Upload.Peer.ToString(), Keys(found, "destinations", "grown"));
        Assert.Empty(Keys(found, "devices", "gone"));
        Assert.Empty(Keys(found, "destinations", "gone"));
        Assert.True(found.Tables.Sum(table => table.Of) <= 20,
            string.Join('\n', found.Tables.SelectMany(table =>
                table.Rows.Select(row => $"{table.Name} {string.Join(' ', row.Select(Show))}"))));
    }

    [Fact]
    public void Nothing_changed_is_said_in_one_line_without_a_table()
    {
        var rows = TruthTests.Rows("m57_long", split: true);
        var found = TrafficComparison.Over(rows, rows, WholeTables.Settings with { Window = new TimeWindow(Day, 2 * Day) },
            new TimeWindow(0, Day));
        Assert.Empty(found.Tables);
        Assert.Contains("Nothing is new, gone or grown.", found.Notes);
        Assert.All(["new", "grown", "gone"], kind => Assert.Equal(0, found.Total(kind).Integer));
    }

    [Fact]
    public void New_gone_and_grown_come_with_the_figures_of_both_windows()
    {
        var (before, now) = (new RowMaker(), new RowMaker());
        before.Add(0, "10.0.0.1", "203.0.113.1", 443, sent: 1_000, received: 1_000);
        before.Add(0, "10.0.0.1", "203.0.113.2", 21, sent: 10, received: 10, application: "ftp");
        now.Add(Day, "10.0.0.1", "203.0.113.1", 443, sent: 20_000_000, received: 1_000);
        now.Add(Day, "10.0.0.2", "203.0.113.3", 443, sent: 10, received: 10);
        now.Add(Day, "10.0.0.2", "10.0.0.1", 8_022, sent: 0, received: 0, FlowTraits.Failed);
        var found = TrafficComparison.Over(now.Build(), before.Build(),
            WholeTables.Settings with { Window = new TimeWindow(Day, (2 * Day) - 1) }, new TimeWindow(0, Day - 1));

        Assert.Equal(
            ["grown 203.0.113.1 - - - 1 1 20001000 2000", "new 203.0.113.3 - - - 1 - 20 -", "gone 203.0.113.2 - - - - 1 - 20"],
            found.Table("destinations").Rows.Select(row => string.Join(' ', row.Select(Show))));
        Assert.Equal(["gone 21 - 1 - 20"],
            found.Table("destination_ports").Rows.Where(row => row[0].Text != "grown").Select(row => string.Join(' ', row.Select(Show))));
        Assert.Equal(["10.0.0.2"], Keys(found, "devices", "new"));
        Assert.Equal(["ftp"], Keys(found, "applicationprotocols", "gone"));
        Assert.DoesNotContain(found.Tables, table => table.Name == "protocols" && table.Rows.Any(row => row[0].Text != "grown"));
    }

    [Fact]
    public void The_largest_change_comes_first_whatever_kind_it_is()
    {
        var (before, now) = (new RowMaker(), new RowMaker());
        before.Add(0, "10.0.0.1", "203.0.113.1", 443, sent: 28_000, received: 0);
        before.Add(0, "10.0.0.1", "203.0.113.2", 443, sent: 900_000_000, received: 0);
        now.Add(Day, "10.0.0.1", "203.0.113.1", 443, sent: 4_600_000_000, received: 0);
        for (var i = 0; i < 30_000; i++)
        {
            now.Add(Day + i, "10.0.0.1", "203.0.113.3", 443, sent: 1, received: 1);
        }

        now.Add(Day, "10.0.0.1", "203.0.113.4", 443, sent: 40, received: 0);
        var found = TrafficComparison.Over(now.Build(), before.Build(),
            WholeTables.Settings with { Window = new TimeWindow(Day, (2 * Day) - 1) }, new TimeWindow(0, Day - 1));

        // 4,600 MB, then 30,000 connections (which weigh as much as 1,500 MB), then 900 MB, then next to nothing.
        Assert.Equal(["grown 203.0.113.1", "new 203.0.113.3", "gone 203.0.113.2", "new 203.0.113.4"],
            found.Table("destinations").Rows.Select(row => $"{Show(row[0])} {Show(row[1])}"));
    }

    [Fact]
    public void What_a_sensor_made_up_and_icmp_are_not_compared_and_that_is_said()
    {
        var (before, now) = (new RowMaker(), new RowMaker());
        before.Add(0, "10.0.0.1", "203.0.113.1", 443, sent: 1_000, received: 1_000, packets: 4);
        now.Add(Day, "10.0.0.1", "203.0.113.1", 443, sent: 1_000, received: 1_000, packets: 4);
        now.Add(Day, "10.0.0.1", "203.0.113.1", 443, sent: 5_000_000_000, received: 0, FlowTraits.SensorArtefact, packets: 3);
        now.Add(Day, "10.0.0.1", "203.0.113.7", 0, sent: 90_000_000, received: 0, protocol: "icmp");
        var found = TrafficComparison.Over(now.Build(), before.Build(),
            WholeTables.Settings with { Window = new TimeWindow(Day, (2 * Day) - 1) }, new TimeWindow(0, Day - 1));

        Assert.DoesNotContain(found.Tables, table => table.Name is "destinations" or "devices");
        Assert.Equal(["icmp"], Keys(found, "protocols", "new"));
        Assert.Equal(5_090_002_000, found.Total("bytes").Integer);
        Assert.Contains("1 ICMP connections are compared in protocols only.", found.Notes);
        Assert.Contains(found.Notes,
            note => note.StartsWith("1 connections report 5000000000 bytes that a sensor", StringComparison.Ordinal));
    }

    [Fact]
    public void An_earlier_window_that_hardly_holds_anything_is_said()
    {
        var (before, now) = (new RowMaker(), new RowMaker());
        before.Add(0, "10.0.0.1", "203.0.113.1", 443, sent: 10, received: 10);
        for (var i = 0; i < 11; i++)
        {
            now.Add(Day + i, "10.0.0.1", $"203.0.113.{i + 1}", 443, sent: 10, received: 10);
        }

        var found = TrafficComparison.Over(now.Build(), before.Build(),
            WholeTables.Settings with { Window = new TimeWindow(Day, (2 * Day) - 1) }, new TimeWindow(0, Day - 1));
        var other = TrafficComparison.Over(before.Build(), now.Build(),
            WholeTables.Settings with { Window = new TimeWindow(0, Day - 1) }, new TimeWindow(Day, (2 * Day) - 1));

        const string Said = "The other window hardly holds anything (1 connections against 11)";
        Assert.Contains(found.Notes, note => note.StartsWith(Said, StringComparison.Ordinal));
        Assert.DoesNotContain(other.Notes, note => note.StartsWith("The other window hardly", StringComparison.Ordinal));
    }

    [Fact]
    public void Windows_of_different_lengths_are_compared_by_length()
    {
        var (before, now) = (new RowMaker(), new RowMaker());
        before.Add(0, "10.0.0.1", "203.0.113.1", 443, sent: 20_000_000, received: 0);
        now.Add(Day, "10.0.0.1", "203.0.113.1", 443, sent: 80_000_000, received: 0);
        var (settings, hour) = (WholeTables.Settings with { Window = new TimeWindow(Day, (2 * Day) - 1) },
            new TimeWindow(Day - 3_600_000, Day - 1));
        Assert.Empty(TrafficComparison.Over(now.Build(), before.Build(), settings, hour).Tables);
        Assert.NotEmpty(TrafficComparison.Over(now.Build(), before.Build(), settings, new TimeWindow(0, Day - 1)).Tables);
    }

    [Fact]
    public void Connectivity_is_compared_too_by_bytes()
    {
        var before = new Connectivity
        {
            Protocols = [new NamedBytes("TCP", new InOut(100, 100))],
            ExternalDevices = [new ExternalDevice(1, "203.0.113.1", "a.example", 200, null, new HostDetails())],
            Devices = [new ConnectivityDevice(1, "10.0.0.1", 200, null, null, new HostDetails())],
            Connections = [Pair(1)],
        };
        var now = before with
        {
            Protocols = [new NamedBytes("TCP", new InOut(100, 100)), new NamedBytes("UDP", new InOut(5, 5))],
            ExternalDevices = [.. before.ExternalDevices!,
                new ExternalDevice(2, "203.0.113.2", null, 10, null, new HostDetails { Country = "Ireland" })],
            Connections = [Pair(1), Pair(2)],
        };
        var comparison = new TrafficComparison(WholeTables.Settings with { Window = new TimeWindow(Day, (2 * Day) - 1) },
            new TimeWindow(0, Day - 1));
        var found = comparison.Finish(new ConnectivityHalves { External = now }, new ConnectivityHalves { External = before });
        Assert.Equal(["203.0.113.2"], Keys(found, "destinations", "new"));
        Assert.Equal(["udp"], Keys(found, "protocols", "new"));
        Assert.DoesNotContain(found.Tables, table => table.Name == "devices");
        Assert.Equal(210, found.Total("bytes").Integer);

        static ConnectivityPair Pair(long to) =>
            new(
                new ConnectionEnd(1, "10.0.0.1", ConnectionEndType.Device),
                new ConnectionEnd(to, null, ConnectionEndType.ExternalDevice), null, null);
    }

    private static IEnumerable<string> Keys(Findings found, string table, string change) =>
        found.Tables.Where(known => known.Name == table).SelectMany(known => known.Rows).Where(row => row[0].Text == change).Select(row =>
            Show(row[1]));

    private static string Show(Cell cell) => cell.Kind switch
    {
        CellKind.Absent => "-",
        CellKind.Text or CellKind.Moment => cell.Text,
        _ => cell.Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
