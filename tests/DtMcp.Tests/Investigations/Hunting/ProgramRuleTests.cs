using DtMcp.Darktrace.Flows;

namespace DtMcp.Tests.Investigations.Hunting;

public class ProgramRuleTests
{
    private const string Device = "10.0.0.5";
    private const string Outside = "203.0.113.9";

    [Theory]
    [InlineData(99, 99, 4, "none")]
    [InlineData(100, 90, 4, "medium")]
    [InlineData(100, 89, 4, "none")]
    [InlineData(100, 100, 2, "none")]
    public void One_size_over_hours_is_a_program_whatever_the_gaps(int connections, int alike, int hours, string confidence)
    {
        var random = new Random(5);
        var rows = new RowMaker();
        for (var i = 0; i < connections; i++)
        {
            rows.Add((long)(random.NextDouble() * random.NextDouble() * hours * Hunts.Hour), Device, Outside, 4443,
                sent: i < alike ? 500 : 600 + i, received: 20);
        }

        Assert.Equal(confidence, Hunts.Of(rows, "beacon").Confidence());
    }

    [Theory]
    [InlineData(499, true, "none")]
    [InlineData(500, true, "high")]
    [InlineData(500, false, "none")]
    public void Names_of_one_size_are_no_names(int questions, bool alike, string confidence)
    {
        var random = new Random(5);
        var rows = new RowMaker();
        for (var i = 0; i < questions; i++)
        {
            rows.Add((long)(random.NextDouble() * Hunts.Day), Device, Outside, 53, sent: alike ? 20 : 20 + (i % 40), received: 20,
                protocol: "udp");
        }

        Assert.Equal(confidence, Hunts.Of(rows, "beacon").Confidence());
    }

    [Theory]
    [InlineData(30_000, "low")]
    [InlineData(10_100, "low")]
    [InlineData(7_000, "medium")]
    public void A_public_resolver_asked_for_one_name_is_a_thing_that_sees_whether_it_is_on_line(int every, string confidence)
    {
        var rows = new RowMaker();
        for (var i = 0; i < 600; i++)
        {
            rows.Add((i * (long)every) + (i % 2 * every / 2), Device, "9.9.9.9", 53, sent: 34, received: 50, protocol: "udp");
        }

        var found = Assert.Single(Hunts.Of(rows, "beacon"));

        Assert.Equal(confidence, found.Confidence);
        Assert.Contains("a public resolver", found.Figures, StringComparison.Ordinal);
    }

    [Fact]
    public void Questions_as_long_as_names_may_be_are_a_tunnel()
    {
        var random = new Random(5);
        var rows = new RowMaker();
        for (var i = 0; i < 600; i++)
        {
            rows.Add((long)(random.NextDouble() * Hunts.Day), Device, Outside, 53, sent: 80 + (i % 120), received: 200, protocol: "udp");
        }

        Assert.Equal("medium", Hunts.Of(rows, "beacon").Confidence());
    }

    [Theory]
    [InlineData(99, Outside, 443, 1, "none")]
    [InlineData(100, Outside, 443, 1, "medium")]
    [InlineData(100, "10.0.0.9", 8080, 1, "medium")]
    [InlineData(100, "10.0.0.9", 445, 1, "none")]
    [InlineData(100, "10.0.0.9", 8080, 12, "low")]
    public void Calls_that_nobody_takes_are_told_save_where_many_make_them(int calls, string destination, ushort port, int devices,
        string confidence)
    {
        var random = new Random(5);
        var rows = new RowMaker();
        for (var device = 0; device < devices; device++)
        {
            for (var i = 0; i < calls; i++)
            {
                rows.Add((long)(random.NextDouble() * Hunts.Day), $"10.0.0.{5 + device}", destination, port, 0, 0,
                    FlowTraits.Failed, packets: 1);
            }
        }

        Assert.Equal(confidence, Hunts.Of(rows, "beacon").FirstOrDefault()?.Confidence ?? "none");
    }
}
