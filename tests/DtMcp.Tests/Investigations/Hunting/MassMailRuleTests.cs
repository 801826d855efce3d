namespace DtMcp.Tests.Investigations.Hunting;

public class MassMailRuleTests
{
    private const string Device = "10.0.0.5";

    [Theory]
    [InlineData(9, 1_000, "none")]
    [InlineData(10, 1_000, "high")]
    [InlineData(10, 13_300, "high")]
    [InlineData(10, 13_400, "medium")]
    [InlineData(10, 400_000, "medium")]
    [InlineData(10, 400_001, "none")]
    public void Mail_to_many_networks_is_told_by_its_pace(int networks, int every, string confidence)
    {
        var found = Hunts.Of(Mail(networks, every), "mass_mail");

        Assert.Equal(confidence, found.Confidence());
        Assert.All(found, row => Assert.Equal((Device, null, 25, networks), (row.Source, row.Destination, row.Port, row.Connections)));
    }

    [Fact]
    public void The_servers_of_one_provider_are_one()
    {
        var rows = new RowMaker();
        for (var host = 1; host <= 30; host++)
        {
            rows.Add(host * 1_000, Device, $"203.0.113.{host}", 587, sent: 9_000, received: 900);
        }

        Assert.Empty(Hunts.Of(rows, "mass_mail"));
    }

    [Theory]
    [InlineData("10.0.0.9")]
    [InlineData("203.0.113.200")]
    public void Who_takes_mail_is_a_mail_server(string sender)
    {
        var rows = Mail(40, 1_000);
        rows.Add(0, sender, Device, 25, sent: 9_000, received: 900);

        Assert.Empty(Hunts.Of(rows, "mass_mail"));
    }

    [Fact]
    public void A_server_of_others_is_one_step_less_sure()
    {
        var rows = Mail(40, 1_000);
        for (var client = 20; client < 23; client++)
        {
            rows.Add(0, $"10.0.0.{client}", Device, 443, sent: 900, received: 9_000);
        }

        Assert.Equal("medium", Hunts.Of(rows, "mass_mail").Confidence());
    }

    [Theory]
    [InlineData(19, "high")]
    [InlineData(20, "low")]
    public void Who_sent_to_half_as_many_before_is_known_for_it(int before, string confidence) =>
        Assert.Equal(confidence, Hunts.Over(Mail(40, 1_000, Hunts.Day).Build(), Mail(before, 1_000).Build(), "mass_mail").Found()
            .Confidence());

    [Fact]
    public void Its_next_call_shows_the_mail_alone() => Assert.Contains(
        "get_network_traffic ip=10.0.0.5 destinationport=25 direction=outbound",
        Assert.Single(Hunts.Over(Mail(40, 1_000).Build(), kind: "mass_mail").Next), StringComparison.Ordinal);

    private static RowMaker Mail(int networks, int every, long from = 0)
    {
        var rows = new RowMaker();
        for (var network = 0; network < networks; network++)
        {
            rows.Add(from + ((long)network * every), Device, $"198.19.{network}.7", 25, sent: 9_000, received: 900, application: "smtp");
        }

        return rows;
    }
}
