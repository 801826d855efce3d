using DtMcp.Darktrace.Flows;

namespace DtMcp.Tests.Investigations.Hunting;

public class GuessingRuleTests
{
    private const string Server = "10.0.0.5";
    private const string Outside = "203.0.113.9";

    [Theory]
    [InlineData(Outside, Server, 22, 19, "none")]
    [InlineData(Outside, Server, 22, 20, "medium")]
    [InlineData("10.0.0.9", Server, 22, 119, "none")]
    [InlineData("10.0.0.9", Server, 22, 120, "medium")]
    [InlineData("10.0.0.9", Server, 22, 500, "high")]
    [InlineData("10.0.0.9", Outside, 22, 119, "none")]
    [InlineData("10.0.0.9", Outside, 22, 120, "medium")]
    [InlineData("10.0.0.9", Server, 3306, 500, "none")]
    [InlineData(Outside, Server, 443, 100, "none")]
    public void Many_short_log_ins_in_an_hour_are_guessing(string source, string destination, ushort port, int tries, string confidence)
    {
        var random = new Random(5);
        var rows = new RowMaker();
        for (var i = 0; i < tries; i++)
        {
            rows.Add((long)(random.NextDouble() * Hunts.Hour), source, destination, port, sent: 1_500 + (i % 13 * 150), received: 2_000);
        }

        var found = Hunts.Of(rows, "guessing");
        Assert.True(confidence == found.Confidence(), string.Join('\n', found));
    }

    [Fact]
    public void Many_slow_guessers_at_one_port_are_one_story_of_the_port()
    {
        var rows = new RowMaker();
        for (var source = 1; source <= 40; source++)
        {
            for (var i = 0; i < 24; i++)
            {
                rows.Add((i * Hunts.Hour) + (source * 977), $"203.0.113.{source}", Server, 22, sent: 1_500 + i, received: 2_000);
            }
        }

        var found = Assert.Single(Hunts.Of(rows, "guessing"));

        Assert.Equal(("medium", Server, 22, 960), (found.Confidence, found.Destination, found.Port, found.Connections));
        Assert.StartsWith("960 tries at port 22 by 40 hosts, 960 with data both ways", found.Figures, StringComparison.Ordinal);
    }

    [Fact]
    public void One_guesser_is_one_story_whomever_it_tried()
    {
        var rows = new RowMaker();
        for (var host = 1; host <= 9; host++)
        {
            for (var i = 0; i < 30; i++)
            {
                rows.Add((i * 10_000) + host, Outside, $"10.0.0.{host}", 3389, sent: 700, received: 900 + i);
            }
        }

        var found = Assert.Single(Hunts.Of(rows, "guessing"));

        Assert.Equal((Outside, null, 3389, 270), (found.Source, found.Destination, found.Port, found.Connections));
    }

    [Theory]
    [InlineData(999, true, "none")]
    [InlineData(1_000, true, "medium")]
    [InlineData(1_000, false, "none")]
    public void One_host_that_comes_to_a_port_over_and_over_is_at_work_there(int times, bool refused, string confidence)
    {
        var rows = new RowMaker();
        for (var i = 0; i < times; i++)
        {
            rows.Add((i * 60_000L) + (i * i % 29 * 2_000), Outside, Server, 8291, refused ? 0 : 100 + i, refused ? 0 : 100,
                refused ? FlowTraits.Failed : FlowTraits.None, packets: refused ? 1 : 10);
        }

        Assert.Equal(confidence, Hunts.Of(rows, "guessing").Confidence());
    }
}
