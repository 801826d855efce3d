using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Investigations;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Investigations.Comparing;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Investigations.Hunting.Signs;

namespace DtMcp.Tests.Issues;

/// <summary>The figures of a hunt are those of what was asked, and count what they say.</summary>
public sealed class HuntFigures_11
{
    private const long Day = 86_400_000;
    private const long Hour = 3_600_000;

    [Fact]
    public async Task Totals_are_of_what_was_asked_though_more_was_read_before()
    {
        await using var fixture = await InvestigatorFixture.StartAsync(options => options with { Connections = 3_000 });
        var day = fixture.LastDay;
        var hour = new TimeWindow(day.StartMs + (6 * Hour), day.StartMs + (7 * Hour));
        var whole = await fixture.AskAsync("summarize_network_traffic", window: day);

        var summary = await fixture.AskAsync("summarize_network_traffic", window: hour);
        var hunt = await fixture.AskAsync("hunt_traffic", window: hour);
        var filtered = await fixture.AskAsync("hunt_traffic", new NetworkQuery { DestinationPort = 443 }, hour);
        var selected = await fixture.AskAsync("summarize_network_traffic", new NetworkQuery { DestinationPort = 443 }, hour);

        Assert.NotEqual(whole.Total("connections").GetInt64(), summary.Total("connections").GetInt64());
        Assert.Equal(summary.Total("connections").GetInt64(), hunt.Total("connections").GetInt64());
        Assert.Equal(selected.Total("connections").GetInt64(), filtered.Total("connections").GetInt64());
    }

    [Fact]
    public void What_was_sent_before_is_measured_as_what_is_sent_now()
    {
        var (before, now) = (new RowMaker(), new RowMaker());
        for (var i = 0; i < 6; i++)
        {
            before.Add(i * Hour, "10.0.0.5", "203.0.113.9", 443, sent: 82_000, received: 5_000_000);
        }

        before.Add(0, "10.0.0.6", "203.0.113.9", 443, sent: 2_000_000, received: 1_000);
        before.Add(0, "10.0.0.6", "203.0.113.9", 443, sent: 90_000, received: 1_000);
        now.Add(Day, "10.0.0.5", "203.0.113.9", 443, sent: 450_000_000, received: 1_000);
        now.Add(Day, "10.0.0.6", "203.0.113.9", 443, sent: 450_000_000, received: 1_000);

        var found = TrafficHunt.Over(now.Build(), before.Build(), WholeTables.Settings, HuntKind.Upload).Table("findings").Lines("source",
            "signs").ToList();

        Assert.Contains(found, line => line.StartsWith("10.0.0.5", StringComparison.Ordinal)
            && line.Contains("before at most 0 B to one host", StringComparison.Ordinal));
        Assert.Contains(found, line => line.StartsWith("10.0.0.6", StringComparison.Ordinal)
            && line.Contains("before at most 2.1 MB to one host", StringComparison.Ordinal));
    }

    [Fact]
    public void Outsiders_are_no_devices_that_use_a_destination()
    {
        var rows = new RowMaker();
        for (var outsider = 0; outsider < 200; outsider++)
        {
            // Seen from outside to outside: a scan of a public range that the sensor watches.
            rows.Add(outsider * 1_000, $"198.51.100.{outsider}", "203.0.113.9", 443, sent: 10, received: 10);
        }

        for (var beat = 0; beat < 100; beat++)
        {
            rows.Add(beat * 60_000, "10.0.0.5", "203.0.113.9", 443, sent: 500, received: 300);
        }

        rows.Add(0, "10.0.0.6", "203.0.113.10", 443, sent: 10, received: 10);
        rows.Add(0, "198.51.100.1", "203.0.113.77", 3389, sent: 10, received: 10);
        var table = TrafficHunt.Over(rows.Build(), null, WholeTables.Settings).Table("findings");

        var beacon = Assert.Single(table.Lines("kind", "confidence", "source", "devices"),
            line => line.StartsWith("beacon\t", StringComparison.Ordinal) && line.Contains("10.0.0.5", StringComparison.Ordinal));
        Assert.EndsWith("\t1", beacon, StringComparison.Ordinal);
        Assert.Contains("\thigh\t", beacon, StringComparison.Ordinal);
        Assert.EndsWith("\t0",
            Assert.Single(table.Lines("kind", "devices"), line => line.StartsWith("admin_ports", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_tried_on_a_port_of_two_protocols_is_one_host_of_each()
    {
        var rows = new RowMaker();
        for (var host = 1; host <= 30; host++)
        {
            rows.Add(host * 1_000, "10.0.0.5", $"10.0.1.{host}", 53, 0, 0, FlowTraits.Failed, "tcp", packets: 1);
            rows.Add(host * 1_000, "10.0.0.5", $"10.0.1.{host}", 53, 0, 0, FlowTraits.Failed, "udp", packets: 1);
            rows.Add(host * 1_000, "10.0.0.5", "10.0.2.1", (ushort)host, 0, 0, FlowTraits.Failed, "tcp", packets: 1);
            rows.Add(host * 1_000, "10.0.0.5", "10.0.2.1", (ushort)host, 0, 0, FlowTraits.Failed, "udp", packets: 1);
        }

        var found = TrafficHunt.Over(rows.Build(), null, WholeTables.Settings, HuntKind.Scan).Table("findings");

        var figures = Assert.Single(found.Lines("kind", "signs")).Split('\t')[1].Split("; ");
        Assert.Equal(3, figures.Length);
        Assert.Equal(2, figures.Count(text => text.StartsWith("30 of 30 hosts on port 53 failed", StringComparison.Ordinal)));
        Assert.Contains(figures, text => text.StartsWith("60 of 60 ports of 10.0.2.1 failed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stray_answer_that_was_reset_is_no_answer()
    {
        var (before, now) = (new RowMaker(), new RowMaker());
        before.Add(0, "10.0.0.6", "203.0.113.8", 443, sent: 100, received: 100);
        now.Add(Day, "10.0.0.5", "203.0.113.9", 445, sent: 0, received: 0, packets: 2);
        now.Add(Day, "10.0.0.5", "203.0.113.10", 3389, sent: 0, received: 0, packets: 3);
        var (flows, flowsBefore) = (now.Build(), before.Build());

        var found = TrafficHunt.Over(flows, flowsBefore, WholeTables.Settings).Table("findings");
        var compared = TrafficComparison.Over(flows, flowsBefore, WholeTables.Settings with { Window = new TimeWindow(Day, (2 * Day) - 1) },
            new TimeWindow(0, Day - 1));

        var admin = found.Lines("kind", "destination",
            "signs").ToList();
        Assert.Contains(admin, line => line.Contains("203.0.113.9\tport 445 outside: 0 of 1 answered", StringComparison.Ordinal));
        Assert.Contains(admin, line => line.Contains("203.0.113.10\t", StringComparison.Ordinal)
            && line.Contains("port 3389 outside: 1 of 1 answered", StringComparison.Ordinal));
        Assert.DoesNotContain(found.Lines("kind", "destination", "signs"), line => line.Contains("203.0.113.9\t", StringComparison.Ordinal)
            && line.Contains("its alone", StringComparison.Ordinal));
        Assert.Equal(["3389"],
            compared.Table("destination_ports").Rows.Where(row => row[0].Text == "new").Select(row =>
                row[1].Integer.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }
}
