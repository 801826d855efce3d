namespace DtMcp.Tests.Investigations.Hunting;

public class LongConnectionRuleTests
{
    private const string Device = "10.0.0.5";
    private const string Outside = "203.0.113.9";

    [Theory]
    [InlineData((1 * Hunts.Hour) - 1, "none")]
    [InlineData(1 * Hunts.Hour, "low")]
    [InlineData(4 * Hunts.Hour, "medium")]
    [InlineData(12 * Hunts.Hour, "medium")]
    public void The_longer_it_lasts_the_surer(long lasted, string confidence) =>
        Assert.Equal(confidence, Hunts.Of(Long(lasted, within: 7 * Hunts.Day), "long_connections").Confidence());

    [Theory]
    [InlineData(10, 41, "none")]
    [InlineData(9, 20, "none")]
    [InlineData(10, 40, "low")]
    [InlineData(30, 61, "low")]
    [InlineData(30, 60, "medium")]
    public void In_a_short_window_the_share_of_it_counts(int minutes, int ofMinutes, string confidence) =>
        Assert.Equal(confidence, Hunts.Of(Long(minutes * Hunts.Minute, ofMinutes * Hunts.Minute), "long_connections").Confidence());

    [Theory]
    [InlineData(443, 1_799_999, "low")]
    [InlineData(443, 1_800_000, "medium")]
    [InlineData(5223, 1_000, "low")]
    [InlineData(4444, 1_000, "medium")]
    [InlineData(4444, 0, "low")]
    public void A_push_channel_that_carries_next_to_nothing_is_low(ushort port, long carried, string confidence)
    {
        var rows = new RowMaker();
        rows.Add(0, Device, Outside, port, sent: carried / 2, received: carried - (carried / 2), duration: (int)(5 * Hunts.Hour));
        rows.Add(Hunts.Day, Device, "203.0.113.10", 443, sent: 10, received: 10);

        Assert.Equal(confidence, Hunts.Of(rows, "long_connections").Confidence());
    }

    [Fact]
    public void The_longest_of_many_tells_and_the_figures_are_of_all()
    {
        var rows = Long(5 * Hunts.Hour, within: Hunts.Day);
        rows.Add(0, Device, Outside, 443, sent: 30, received: 40);

        var found = Assert.Single(Hunts.Of(rows, "long_connections"));

        Assert.Equal(("medium", 2, 10_000_030), (found.Confidence, found.Connections, found.BytesOut));
        Assert.StartsWith("open for 5 h (21 % of the time), 20 MB", found.Figures, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((1 * Hunts.Hour) - 1, "medium")]
    [InlineData(1 * Hunts.Hour, "low")]
    public void One_as_before_is_a_step_less_sure(long before, string confidence)
    {
        var now = new RowMaker();
        now.Add(Hunts.Day, Device, Outside, 443, sent: 10_000_000, received: 10_000_000, duration: (int)(5 * Hunts.Hour));

        Assert.Equal(confidence, Hunts.Over(now.Build(), Long(before, within: 20 * Hunts.Hour).Build(), "long_connections").Found()
            .Confidence());
    }

    [Theory]
    [InlineData(Outside, 5353, "udp", "low")]
    [InlineData(Outside, 0, "icmp", "none")]
    [InlineData("10.0.0.9", 443, "tcp", "none")]
    public void What_lasts_by_design_is_low_and_what_stays_inside_none(string destination, ushort port, string protocol, string confidence)
    {
        var rows = new RowMaker();
        rows.Add(0, Device, destination, port, sent: 10, received: 10, protocol: protocol, duration: (int)(13 * Hunts.Hour));

        Assert.Equal(confidence, Hunts.Of(rows, "long_connections").Confidence());
    }

    // One connection of a length, within rows that span a time.
    private static RowMaker Long(long lasted, long within, long carried = 20_000_000)
    {
        var rows = new RowMaker();
        rows.Add(0, Device, Outside, 443, sent: carried / 2, received: carried / 2, duration: (int)lasted);
        rows.Add(within - 100, Device, "203.0.113.10", 443, sent: 10, received: 10);
        return rows;
    }
}
