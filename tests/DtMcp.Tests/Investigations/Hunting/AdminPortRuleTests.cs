using DtMcp.Darktrace.Flows;

namespace DtMcp.Tests.Investigations.Hunting;

public class AdminPortRuleTests
{
    private const string Device = "10.0.0.5";
    private const string Outside = "203.0.113.9";

    [Theory]
    [InlineData(22, "low")]
    [InlineData(1433, "medium")]
    [InlineData(5900, "medium")]
    [InlineData(23, "high")]
    [InlineData(445, "high")]
    [InlineData(3389, "high")]
    [InlineData(443, "none")]
    [InlineData(0, "none")]
    public void The_port_tells_how_sure_it_is(ushort port, string confidence)
    {
        var rows = new RowMaker();
        rows.Add(0, Device, Outside, port, sent: 500, received: 500);

        Assert.Equal(confidence, Hunts.Of(rows, "admin_ports").Confidence());
    }

    [Fact]
    public void What_was_never_answered_stays_low_and_one_answer_among_many_tells()
    {
        var rows = new RowMaker();
        for (var i = 0; i < 5; i++)
        {
            rows.Add(i * 1_000, Device, Outside, 3389, 0, 0, FlowTraits.Failed, packets: 1);
        }

        Assert.Equal("low", Hunts.Of(rows, "admin_ports").Confidence());

        rows.Add(6_000, Device, Outside, 3389, sent: 500, received: 500);
        var found = Assert.Single(Hunts.Of(rows, "admin_ports"));
        Assert.Equal(("high", 6), (found.Confidence, found.Connections));
        Assert.StartsWith("port 3389 outside: 1 of 6 answered", found.Figures, StringComparison.Ordinal);
    }

    [Fact]
    public void Administration_inside_is_none()
    {
        var rows = new RowMaker();
        rows.Add(0, Device, "10.0.0.9", 3389, sent: 500, received: 500);

        Assert.Empty(Hunts.Of(rows, "admin_ports"));
    }

    [Theory]
    [InlineData(3389, 500, 100, "medium")]
    [InlineData(3389, 60_000, 60_000, "high")]
    [InlineData(22, 60_000, 60_000, "low")]
    public void A_port_that_answers_to_the_outside_is_one_story_whoever_came(ushort port, long bytes, int lasted, string confidence)
    {
        var rows = new RowMaker();
        for (var source = 1; source <= 30; source++)
        {
            rows.Add(source * 1_000, $"203.0.113.{source}", Device, port, sent: bytes, received: bytes, duration: lasted);
        }

        rows.Add(0, "203.0.113.99", Device, 3389, 0, 0, FlowTraits.Failed, packets: 1);
        var found = Assert.Single(Hunts.Of(rows, "admin_ports"));

        Assert.Equal((confidence, Device, port, 30), (found.Confidence, found.Destination, found.Port, found.Connections));
    }
}
