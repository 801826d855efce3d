using DtMcp.Darktrace.Flows;

namespace DtMcp.Tests.Investigations.Hunting;

public class NewDestinationRuleTests
{
    private const string Device = "10.0.0.5";
    private const string Outside = "203.0.113.9";

    [Theory]
    [InlineData(1, 999_999, "low")]
    [InlineData(1, 1_000_000, "medium")]
    [InlineData(19, 10, "low")]
    [InlineData(20, 10, "medium")]
    public void Much_that_goes_to_a_new_destination_is_medium(int connections, long sent, string confidence)
    {
        var now = new RowMaker();
        for (var i = 0; i < connections; i++)
        {
            now.Add(Hunts.Day + (i * 97_000), Device, Outside, 443, sent, received: 10);
        }

        var found = Hunts.Of(now, "new_destinations", Before());

        Assert.Equal(confidence, found.Confidence());
        Assert.Equal((Outside, connections), (found[0].Destination, found[0].Connections));
    }

    [Fact]
    public void A_new_device_makes_it_medium_save_where_nothing_answered()
    {
        var now = new RowMaker();
        now.Add(Hunts.Day, "10.0.0.7", Outside, 443, sent: 10, received: 10);
        now.Add(Hunts.Day, "10.0.0.7", "203.0.113.10", 443, 0, 0, FlowTraits.Failed, packets: 1);

        var found = Hunts.Of(now, "new_destinations", Before());

        Assert.Equal([(Outside, "medium"), ("203.0.113.10", "low")], found.Select(row => (row.Destination!, row.Confidence)));
        Assert.All(found, row => Assert.StartsWith("neither the destination nor the device was there in the time before", row.Figures,
            StringComparison.Ordinal));
    }

    [Fact]
    public void Connections_over_several_ports_are_one_finding()
    {
        var now = new RowMaker();
        now.Add(Hunts.Day, Device, Outside, 443, sent: 600_000, received: 10);
        now.Add(Hunts.Day + 1, Device, Outside, 8443, sent: 700_000, received: 10);

        var found = Assert.Single(Hunts.Of(now, "new_destinations", Before()));

        Assert.Equal(("medium", 8443, 2, 1_300_000), (found.Confidence, found.Port, found.Connections, found.BytesOut));
    }

    [Fact]
    public void A_destination_that_any_device_used_before_and_one_inside_are_not_new()
    {
        var now = new RowMaker();
        now.Add(Hunts.Day, Device, "203.0.113.8", 443, sent: 5_000_000, received: 10);
        now.Add(Hunts.Day, Device, "10.0.0.77", 443, sent: 5_000_000, received: 10);

        Assert.Empty(Hunts.Of(now, "new_destinations", Before()));
    }

    [Fact]
    public void Without_the_time_before_nothing_is_called_new_and_the_answer_says_so()
    {
        var now = new RowMaker();
        now.Add(Hunts.Day, Device, Outside, 443, sent: 5_000_000, received: 10);

        var found = Hunts.Over(now.Build(), kind: "new_destinations");

        Assert.Empty(found.Found());
        Assert.Contains(found.Notes, note => note.Contains("no rows of the time before", StringComparison.Ordinal));
    }

    private static RowMaker Before()
    {
        var before = new RowMaker();
        before.Add(0, Device, "10.0.0.6", 443, sent: 100, received: 100);
        before.Add(0, "10.0.0.6", "203.0.113.8", 443, sent: 100, received: 100);
        return before;
    }
}
