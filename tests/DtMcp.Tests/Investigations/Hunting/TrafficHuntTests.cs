using DtMcp.Darktrace.Flows;
using DtMcp.Simulator.Scenarios;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Investigations.Hunting;

public class TrafficHuntTests
{
    private const long Day = 86_400_000;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_planted_incident_of_an_office_is_found_and_little_else(int seed)
    {
        var end = new DateTimeOffset(2026, 1, 15, (seed * 7) % 24, (seed * 13) % 60, seed, TimeSpan.Zero);
        var (records, planted) = OfficeScenario.Plant(seed, end, 2, 0);
        var (from, to) = (end.ToUnixTimeMilliseconds() - Day, end.ToUnixTimeMilliseconds());
        var now = OfficeRows.Of(records, from, to);

        foreach (var before in new[] { OfficeRows.Of(records, from - Day, from - 1), null })
        {
            var found = Rows(TrafficHunt.Over(now, before, WholeTables.Settings));
            Planted(found, "beacon", planted.Beacon, 443);
            Planted(found, "upload", planted.Upload, 443);
            Planted(found, "admin_ports", planted.RemoteDesktop, 3389);
            Planted(found, "admin_ports", planted.FileSharing, 445);
            Assert.Contains(found,
                row =>
                    row.Kind == "scan" && row.Confidence != "low" && row.Source == planted.Scan.Device.ToString() && row.Port == 445
                        && row.Destination is null);
            Assert.Contains(found,
                row =>
                    row.Kind == "scan" && row.Confidence != "low" && row.Source == planted.Scan.Device.ToString()
                        && row.Destination == planted.Scan.Peer.ToString());
            if (before is not null)
            {
                Planted(found, "new_destinations", planted.NewDevice, 443);
            }

            var devices = planted.All.Select(incident => incident.Device.ToString()).ToHashSet();
            var others = found.Where(row =>
                row.Confidence != "low"
                    && !(devices.Contains(row.Source)
                        && (row.Kind == "scan" || planted.All.Any(incident => incident.Peer.ToString() == row.Destination)))).ToList();
            Assert.True(others.Count <= 3, string.Join('\n', others));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_quiet_office_gives_at_most_three_findings_above_low(bool split)
    {
        var found = Rows(TrafficHunt.Over(TruthTests.Rows("m57_long", split), null, WholeTables.Settings));
        var above = found.Where(row => row.Confidence != "low").ToList();
        Assert.True(above.Count <= 3, string.Join('\n', above));
    }

    [Fact]
    public void The_channels_and_the_upload_of_an_intrusion_are_found()
    {
        var settings = WholeTables.Settings with { Internal = InternalRanges.FromText("10.0.0.0/16")! };
        var found = Rows(TrafficHunt.Over(TruthTests.Rows("apt29_day1", split: true), null, settings));
        Assert.Contains(found,
            row =>
                row is { Kind: "beacon", Source: "10.0.1.6", Destination: "192.168.0.4", Port: 8443, Connections: 376 }
                    && row.Confidence != "low");
        Assert.Contains(found,
            row => row is { Kind: "long_connections", Source: "10.0.1.4", Destination: "192.168.0.5", Port: 443 }
                && row.Confidence != "low");
        Assert.Contains(found, row => row is { Kind: "long_connections", Source: "10.0.1.4", Destination: "192.168.0.5", Port: 1234 });
        Assert.Contains(found,
            row =>
                row is { Kind: "upload", Source: "10.0.1.4", Destination: "192.168.0.4", Port: 80, BytesOut: 2_181_167 }
                    && row.Confidence != "low");
    }

    [Fact]
    public void Time_and_name_services_that_beat_by_design_stay_low()
    {
        var found = Rows(TrafficHunt.Over(TruthTests.Rows("zeek_ipv6", split: true), null, WholeTables.Settings));
        Assert.Contains(found, row => row is { Kind: "beacon", Port: 123, Confidence: "low" });
        Assert.DoesNotContain(found, row => row.Port is 123 or 53 && row.Confidence != "low");
        var above = found.Where(row => row.Confidence != "low").ToList();
        Assert.True(above.Count <= 3, string.Join('\n', above));
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.1, 0.0)]
    [InlineData(0.0, 0.3)]
    [InlineData(0.1, 0.2)]
    public void A_beacon_stands_up_to_jitter_and_missed_beats(double jitter, double missed)
    {
        var random = new Random(7);
        var rows = new RowMaker();
        for (var beat = 0; beat < 120; beat++)
        {
            if (random.NextDouble() >= missed)
            {
                rows.Add((beat * 60_000) + (long)(60_000 * jitter * ((2 * random.NextDouble()) - 1)), "10.0.0.5", "203.0.113.9", 443,
                    sent: 500, received: 300);
            }
        }

        var found = Assert.Single(Rows(TrafficHunt.Over(rows.Build(), null, WholeTables.Settings, "beacon")));
        Assert.NotEqual("low", found.Confidence);
        Assert.Contains("period", found.Figures, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_starts_are_no_beacon()
    {
        var random = new Random(11);
        var rows = new RowMaker();
        var at = 0L;
        for (var i = 0; i < 300; i++)
        {
            at += (long)(-60_000 * Math.Log(1 - random.NextDouble()));
            rows.Add(at, "10.0.0.5", "203.0.113.9", 443, sent: random.Next(200, 5_000), received: 300);
        }

        Assert.Empty(TrafficHunt.Over(rows.Build(), null, WholeTables.Settings, "beacon").Table("findings").Rows);
    }

    [Fact]
    public void What_every_device_calls_is_no_more_than_low()
    {
        var rows = new RowMaker();
        for (var beat = 0; beat < 100; beat++)
        {
            for (var device = 1; device <= 8; device++)
            {
                rows.Add((beat * 60_000) + (device * 17), $"10.0.0.{device}", "203.0.113.9", 443, sent: 500, received: 300);
            }
        }

        Assert.All(Rows(TrafficHunt.Over(rows.Build(), null, WholeTables.Settings)), row => Assert.Equal("low", row.Confidence));
    }

    [Fact]
    public void Bytes_that_a_sensor_made_up_are_no_upload_and_are_named()
    {
        var rows = new RowMaker();
        rows.Add(0, "10.0.0.5", "203.0.113.9", 443, sent: 4_000_000_000, received: 10, FlowTraits.SensorArtefact);
        var found = TrafficHunt.Over(rows.Build(), null, WholeTables.Settings, "upload");
        Assert.Empty(found.Table("findings").Rows);
        Assert.Contains(found.Notes, note => note.Contains("artefact", StringComparison.Ordinal));
    }

    [Fact]
    public void A_usual_backup_is_low_and_an_unusual_upload_high()
    {
        var (before, now) = (new RowMaker(), new RowMaker());
        before.Add(0, "10.0.0.5", "203.0.113.9", 443, sent: 400_000_000, received: 1_000);
        before.Add(0, "10.0.0.6", "203.0.113.9", 443, sent: 2_000_000, received: 1_000);
        now.Add(Day, "10.0.0.5", "203.0.113.9", 443, sent: 450_000_000, received: 1_000);
        now.Add(Day, "10.0.0.6", "203.0.113.9", 443, sent: 450_000_000, received: 1_000);
        var found = Rows(TrafficHunt.Over(now.Build(), before.Build(), WholeTables.Settings, "upload"));
        Assert.Equal([("10.0.0.6", "high"), ("10.0.0.5", "low")], found.Select(row => (row.Source, row.Confidence)));
    }

    [Fact]
    public void Without_the_split_uploads_cannot_be_told_and_the_answer_says_so()
    {
        var found = TrafficHunt.Over(TruthTests.Rows("apt29_day1", split: false), null, WholeTables.Settings);
        Assert.Contains(found.Notes, note => note.Contains("uploads cannot be told", StringComparison.Ordinal));
        Assert.Contains(found.Notes, note => note.Contains("new destinations", StringComparison.Ordinal));
    }

    private static void Planted(List<Row> found, string kind, Incident incident, int port) => Assert.Contains(
        found, row =>
            row.Kind == kind && row.Confidence != "low" && row.Source == incident.Device.ToString()
                && row.Destination == incident.Peer.ToString() && row.Port == port);

    private static List<Row> Rows(Findings findings)
    {
        var table = findings.Table("findings");
        var at = table.Columns.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index);
        return [.. table.Rows.Select(row => new Row(
            row[at["kind"]].Text, row[at["confidence"]].Text, row[at["source"]].Text, Text(row[at["destination"]]),
            Number(row[at["destination_port"]]),
            row[at["connections"]].Integer, Number(row[at["bytes_out"]]), row[at["figures"]].Text))];
    }

    private static string? Text(Cell cell) => cell.Kind == CellKind.Absent ? null : cell.Text;

    private static long? Number(Cell cell) => cell.Kind == CellKind.Absent ? null : cell.Integer;

    private sealed record Row(string Kind, string Confidence, string Source, string? Destination, long? Port, long Connections,
        long? BytesOut, string Figures);
}
