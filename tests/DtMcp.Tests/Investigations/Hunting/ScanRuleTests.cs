using DtMcp.Darktrace.Flows;

namespace DtMcp.Tests.Investigations.Hunting;

public class ScanRuleTests
{
    private const string Device = "10.0.0.5";

    [Theory]
    [InlineData(24, 100, "none")]
    [InlineData(25, 100, "high")]
    [InlineData(25, 12_500, "high")]
    [InlineData(25, 12_501, "medium")]
    [InlineData(25, 150_000, "medium")]
    [InlineData(25, 150_001, "low")]
    public void Many_hosts_on_one_port_in_vain_are_a_scan_by_their_pace(int hosts, int every, string confidence)
    {
        var found = Hunts.Of(Hosts(hosts, every: every), "scan");

        Assert.Equal(confidence, found.Confidence());
        Assert.All(found, row => Assert.Equal((Device, null, 445, hosts), (row.Source, row.Destination, row.Port, row.Connections)));
    }

    [Theory]
    [InlineData(14, "none")]
    [InlineData(15, "high")]
    public void Many_ports_on_one_host_in_vain_are_a_scan(int ports, string confidence)
    {
        var rows = new RowMaker();
        for (var port = 1; port <= ports; port++)
        {
            rows.Add(port * 100, Device, "10.0.1.1", (ushort)port, 0, 0, FlowTraits.Failed, packets: 1);
        }

        var found = Hunts.Of(rows, "scan");

        Assert.Equal(confidence, found.Confidence());
        Assert.All(found, row => Assert.Equal((Device, null, ports), (row.Source, row.Destination, row.Ports.Count)));
    }

    [Fact]
    public void One_scanner_is_one_story_with_all_that_it_touched()
    {
        var rows = Hosts(60);
        for (var port = 1; port <= 5; port++)
        {
            for (var host = 1; host <= 30; host++)
            {
                rows.Add(port * 1_000, Device, $"10.0.3.{host}", (ushort)port, 0, 0, FlowTraits.Failed, packets: 1);
            }
        }

        var found = Assert.Single(Hunts.Of(rows, "scan"));

        Assert.Equal([1, 2, 3, 4, 5, 445], found.Ports.Order());
    }

    [Theory]
    [InlineData(80, "low")]
    [InlineData(443, "low")]
    [InlineData(445, "high")]
    public void Web_servers_outside_that_do_not_answer_may_be_a_line_that_is_down(ushort port, string confidence)
    {
        var rows = new RowMaker();
        for (var host = 1; host <= 60; host++)
        {
            rows.Add(host * 100, Device, $"203.0.113.{host}", port, 0, 0, FlowTraits.Failed, packets: 1);
        }

        Assert.Equal(confidence, Hunts.Of(rows, "scan").Confidence());
    }

    [Fact]
    public void A_scanner_that_scanned_before_is_known_for_it() =>
        Assert.Equal("low", Hunts.Over(Hosts(60, from: Hunts.Day).Build(), Hosts(40).Build(), "scan").Found().Confidence());

    [Theory]
    [InlineData(25, "high")]
    [InlineData(26, "none")]
    public void Where_most_of_the_hosts_answer_it_is_ordinary_use(int answered, string confidence)
    {
        var rows = Hosts(25);
        for (var host = 1; host <= answered; host++)
        {
            rows.Add(0, Device, $"10.0.2.{host}", 445, sent: 100, received: 100);
        }

        Assert.Equal(confidence, Hunts.Of(rows, "scan").Confidence());
    }

    [Fact]
    public void A_host_that_failed_once_and_answered_once_did_not_fail()
    {
        var rows = Hosts(25);
        rows.Add(0, Device, "10.0.1.1", 445, sent: 100, received: 100);

        Assert.Empty(Hunts.Of(rows, "scan"));
    }

    [Fact]
    public void The_same_host_many_times_is_one_host()
    {
        var rows = new RowMaker();
        for (var i = 0; i < 100; i++)
        {
            rows.Add(i, Device, "10.0.1.1", 445, 0, 0, FlowTraits.Failed, packets: 1);
        }

        Assert.Empty(Hunts.Of(rows, "scan"));
    }

    [Theory]
    [InlineData(10, 40, false, "medium")]
    [InlineData(10, 32, false, "medium")]
    [InlineData(10, 31, false, "high")]
    [InlineData(9, 40, false, "high")]
    [InlineData(10, 40, true, "high")]
    public void Who_tries_many_ports_of_all_that_are_there_and_does_nothing_outside_may_be_set_up_to(int ports, int there, bool goesOut,
        string confidence)
    {
        var rows = new RowMaker();
        for (var host = 1; host <= 40; host++)
        {
            if (host <= there)
            {
                rows.Add(0, $"10.0.1.{host}", "203.0.113.9", 443, sent: 500, received: 500);
            }

            for (var port = 1; port <= ports; port++)
            {
                rows.Add(Hunts.Minute + (host * 100), Device, $"10.0.1.{host}", (ushort)port, 0, 0, FlowTraits.Failed, packets: 1);
            }
        }

        if (goesOut)
        {
            rows.Add(0, Device, "203.0.113.9", 443, sent: 500, received: 500);
        }

        Assert.Equal(confidence, Hunts.Of(rows, "scan").Confidence());
    }

    [Fact]
    public void A_scan_from_outside_stays_low() =>
        Assert.Equal("low", Hunts.Of(Hosts(60, source: "203.0.113.9"), "scan").Confidence());

    [Theory]
    [InlineData("224.0.0.")]
    [InlineData("ff02::")]
    public void Groups_are_no_hosts(string prefix) => Assert.Empty(Hunts.Of(Hosts(60, prefix: prefix), "scan"));

    [Fact]
    public void Where_rows_do_not_say_what_failed_it_is_what_has_no_byte_and_no_more_than_medium()
    {
        var found = Assert.Single(Hunts.Of(Hosts(60, lacks: FlowFields.State), "scan"));

        Assert.Equal("medium", found.Confidence);
        Assert.EndsWith("failed: without a byte", found.Figures, StringComparison.Ordinal);
    }

    private static RowMaker Hosts(int hosts, string source = Device, string prefix = "10.0.1.", FlowFields lacks = FlowFields.None,
        int every = 100, long from = 0)
    {
        var rows = new RowMaker(lacks);
        for (var host = 1; host <= hosts; host++)
        {
            rows.Add(from + ((long)host * every), source, $"{prefix}{host}", 445, 0, 0, FlowTraits.Failed, packets: 1);
        }

        return rows;
    }
}
