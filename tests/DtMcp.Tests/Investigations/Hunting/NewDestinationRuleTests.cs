using DtMcp.Darktrace.Flows;

namespace DtMcp.Tests.Investigations.Hunting;

public class NewDestinationRuleTests
{
    private const string Device = "10.0.0.5";
    private const string Outside = "203.0.113.9";

    [Theory]
    [InlineData(8443, 1, 999_999, "low")]
    [InlineData(9999, 1, 999_999, "low")]
    [InlineData(9999, 1, 1_000_000, "medium")]
    [InlineData(9999, 19, 10, "low")]
    [InlineData(9999, 20, 10, "medium")]
    [InlineData(443, 20, 10, "low")]
    public void Much_that_goes_to_a_new_destination_is_medium_save_on_the_web(ushort port, int connections, long sent, string confidence)
    {
        var now = new RowMaker();
        for (var i = 0; i < connections; i++)
        {
            now.Add(Hunts.Day + (i * i * 17_000), Device, Outside, port, sent, received: sent);
        }

        var found = Hunts.Of(now, "new_destinations", Before());

        Assert.Equal(confidence, found.Confidence());
        Assert.Equal((Outside, connections), (found[0].Destination, found[0].Connections));
    }

    [Theory]
    [InlineData(1, "medium")]
    [InlineData(3, "medium")]
    [InlineData(4, "low")]
    public void A_new_device_is_one_story_and_many_are_a_day_after_a_day_off(int devices, string confidence)
    {
        var now = new RowMaker();
        for (var device = 1; device <= devices; device++)
        {
            now.Add(Hunts.Day, $"10.0.7.{device}", $"203.0.113.{100 + device}", 443, sent: 10, received: 20);
            now.Add(Hunts.Day, $"10.0.7.{device}", $"203.0.113.{200 + device}", 443, sent: 10, received: 10);
            now.Add(Hunts.Day, $"10.0.7.{device}", "203.0.113.10", 443, 0, 0, FlowTraits.Failed, packets: 1);
        }

        var found = Hunts.Of(now, "new_destinations", Before());

        Assert.Equal(devices > 3 ? 1 : devices, found.Count);
        Assert.All(found, row => Assert.Equal((confidence, "203.0.113.1"), (row.Confidence, row.Destination![..11])));
        Assert.StartsWith("neither it nor 2 of its destinations were there before, 2 its alone", found[0].Figures,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_before_that_hardly_reaches_back_tells_nothing_new()
    {
        var now = new RowMaker();
        now.Add(11 * Hunts.Hour, Device, Outside, 9999, sent: 5_000_000, received: 10);

        var found = Hunts.Over(now.Build(), Before().Build(), "new_destinations");

        Assert.Empty(found.Found());
        Assert.Contains(found.Notes, note => note.Contains("hardly any rows of the time before", StringComparison.Ordinal));
    }

    [Fact]
    public void Connections_over_several_ports_are_one_finding()
    {
        var now = new RowMaker();
        now.Add(Hunts.Day, Device, Outside, 9998, sent: 600_000, received: 10);
        now.Add(Hunts.Day + 1, Device, Outside, 9999, sent: 700_000, received: 10);

        var found = Assert.Single(Hunts.Of(now, "new_destinations", Before()));

        Assert.Equal(("medium", 9999, 2, 1_300_000), (found.Confidence, found.Port, found.Connections, found.BytesOut));
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
