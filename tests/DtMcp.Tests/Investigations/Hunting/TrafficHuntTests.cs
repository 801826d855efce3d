using DtMcp.Simulator.Scenarios;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Investigations.Hunting;

public class TrafficHuntTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_planted_incident_of_an_office_is_found_and_little_else(int seed)
    {
        var end = new DateTimeOffset(2026, 1, 15, (seed * 7) % 24, (seed * 13) % 60, seed, TimeSpan.Zero);
        var (records, planted) = OfficeScenario.Plant(seed, end, 2, 0);
        var (from, to) = (end.ToUnixTimeMilliseconds() - Hunts.Day, end.ToUnixTimeMilliseconds());
        var now = OfficeRows.Of(records, from, to);

        foreach (var before in new[] { OfficeRows.Of(records, from - Hunts.Day, from - 1), null })
        {
            var found = Hunts.Over(now, before).Found();
            Planted(found, "beacon", planted.Beacon, 443);
            Planted(found, "upload", planted.Upload, 443);
            Planted(found, "admin_ports", planted.RemoteDesktop, 3389);
            Planted(found, "admin_ports", planted.FileSharing, 445);
            Assert.Contains(found,
                row =>
                    row.Kind == "scan" && row.Confidence != "low" && row.Source == planted.Scan.Device.ToString() && row.Ports.Contains(445)
                        && row.Destination is null && row.Figures.Contains($"ports of {planted.Scan.Peer}", StringComparison.Ordinal));
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
        var found = Hunts.Over(TruthTests.Rows("m57_long", split)).Found();
        var above = found.Where(row => row.Confidence != "low").ToList();
        Assert.True(above.Count <= 3, string.Join('\n', above));
    }

    [Fact]
    public void The_channels_and_the_upload_of_an_intrusion_are_found()
    {
        var settings = WholeTables.Settings with { Internal = InternalRanges.FromText("10.0.0.0/16")! };
        var found = Hunts.Over(TruthTests.Rows("apt29_day1", split: true), settings: settings).Found();
        Assert.Contains(found,
            row =>
                row is { Kind: "beacon", Source: "10.0.1.6", Destination: "192.168.0.4", Port: 8443, Connections: 376 }
                    && row.Confidence != "low");
        Assert.Contains(found,
            row => row is { Kind: "long_connections", Source: "10.0.1.4", Destination: "192.168.0.5", Port: 443 }
                && row.Confidence != "low");
        Assert.Contains(found, row => row is { Kind: "long_connections", Source: "10.0.1.4", Destination: "192.168.0.5" }
            && row.Ports.SequenceEqual([443, 1234]));
        Assert.Contains(found, row => row is { Source: "10.0.1.4", Destination: "192.168.0.4", Confidence: "medium", BytesOut: 2_187_099 }
            && row.Ports.SequenceEqual([80, 139, 445]) && row.Figures.Contains("sent 2.2 MB", StringComparison.Ordinal));
        Assert.Contains(found, row => row is { Kind: "lateral", Source: "10.0.1.4", Destination: "10.0.1.6", Confidence: "high" });
    }

    [Fact]
    public void Time_and_name_services_that_beat_by_design_stay_low()
    {
        var found = Hunts.Over(TruthTests.Rows("zeek_ipv6", split: true)).Found();
        Assert.Contains(found, row => row is { Kind: "beacon", Port: 123, Confidence: "low" });
        Assert.DoesNotContain(found, row => row.Port is 123 or 53 && row.Confidence != "low");
        var above = found.Where(row => row.Confidence != "low").ToList();
        Assert.True(above.Count <= 3, string.Join('\n', above));
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

        Assert.All(Hunts.Of(rows, "all"), row => Assert.Equal("low", row.Confidence));
    }

    [Fact]
    public void Without_the_split_uploads_cannot_be_told_and_the_answer_says_so()
    {
        var found = Hunts.Over(TruthTests.Rows("apt29_day1", split: false));
        Assert.Contains(found.Notes, note => note.Contains("uploads cannot be told", StringComparison.Ordinal));
        Assert.Contains(found.Notes, note => note.Contains("new destinations", StringComparison.Ordinal));
    }

    private static void Planted(List<Found> found, string kind, Incident incident, int port) => Assert.Contains(
        found, row =>
            row.Kind == kind && row.Confidence != "low" && row.Source == incident.Device.ToString()
                && row.Destination == incident.Peer.ToString() && row.Port == port);
}
