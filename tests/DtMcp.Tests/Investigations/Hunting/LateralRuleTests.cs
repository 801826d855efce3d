namespace DtMcp.Tests.Investigations.Hunting;

public class LateralRuleTests
{
    private const string Device = "10.0.0.5";
    private const string Other = "10.0.0.6";
    private const string Directory = "10.0.0.1";

    [Theory]
    [InlineData(Other, new[] { 445 }, "low")]
    [InlineData(Other, new[] { 5985 }, "medium")]
    [InlineData(Other, new[] { 5985, 445, 135 }, "medium")]
    [InlineData(Other, new[] { 3389 }, "low")]
    [InlineData(Directory, new[] { 5985 }, "medium")]
    [InlineData(Directory, new[] { 445, 135 }, "none")]
    [InlineData(Other, new[] { 443, 8080 }, "none")]
    public void Points_tell_how_sure_it_is(string destination, int[] ports, string confidence)
    {
        var rows = Domain();
        foreach (var port in ports)
        {
            rows.Add(1_000, Device, destination, (ushort)port, sent: 5_000, received: 5_000);
        }

        Assert.Equal(confidence, Hunts.Of(rows, "lateral").Confidence());
    }

    [Fact]
    public void What_was_so_before_is_usual()
    {
        var (before, now) = (Domain(), Domain());
        before.Add(1_000, Device, Other, 5985, sent: 5_000, received: 5_000);
        now.Add(Hunts.Day, Device, Other, 5985, sent: 5_000, received: 5_000);

        Assert.Empty(Hunts.Of(now, "lateral", before));
    }

    [Fact]
    public void A_server_that_many_administer_is_there_for_it()
    {
        var rows = Domain();
        for (var client = 10; client < 13; client++)
        {
            rows.Add(client, $"10.0.0.{client}", Other, 5985, sent: 5_000, received: 5_000);
        }

        Assert.Empty(Hunts.Of(rows, "lateral"));
    }

    [Theory]
    [InlineData(60_000, "high")]
    [InlineData(7_200_000, "low")]
    public void Many_hosts_within_the_hour_are_a_spread_and_over_a_day_a_management_server(int every, string confidence)
    {
        var rows = Domain();
        for (var host = 1; host <= 12; host++)
        {
            rows.Add((long)host * every, Device, $"10.0.1.{host}", 5985, sent: 5_000, received: 5_000);
            rows.Add((long)host * every, Device, $"10.0.1.{host}", 445, sent: 2_000_000, received: 5_000);
            rows.Add((long)host * every, Device, $"10.0.1.{host}", 135, sent: 5_000, received: 5_000);
        }

        var found = Assert.Single(Hunts.Of(rows, "lateral"));

        Assert.Equal((confidence, null, 36), (found.Confidence, found.Destination, found.Connections));
    }

    [Fact]
    public void A_machine_that_was_off_and_scanned_is_not_there_for_the_first_time()
    {
        var (before, now) = (Domain(), Domain());
        before.Add(-1_000, "10.0.0.77", "10.0.0.99", 443, sent: 0, received: 0, DtMcp.Darktrace.Flows.FlowTraits.Failed);
        now.Add(Hunts.Day, "10.0.0.99", Other, 3389, sent: 500_000, received: 900_000);
        now.Add(Hunts.Day, "10.0.0.99", Other, 22, sent: 500_000, received: 900_000);

        // RDP, SSH and a workstation: three points, and no fourth for a first time.
        Assert.DoesNotContain("first time", Assert.Single(Hunts.Of(now, "lateral", before)).Figures, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_that_passes_hardly_a_byte_is_no_session()
    {
        var rows = Domain();
        rows.Add(1_000, Device, Other, 22, sent: 1_800, received: 2_400);
        rows.Add(1_000, Device, Other, 3389, sent: 1_800, received: 2_400);

        Assert.Empty(Hunts.Of(rows, "lateral"));
    }

    [Fact]
    public void A_server_of_others_is_a_point_less_sure()
    {
        var rows = Domain();
        for (var client = 10; client < 13; client++)
        {
            rows.Add(client, $"10.0.0.{client}", "10.0.0.50", 443, sent: 5_000, received: 5_000);
        }

        rows.Add(1_000, Device, "10.0.0.50", 22, sent: 500_000, received: 900_000);
        rows.Add(1_000, Device, "10.0.0.50", 5985, sent: 500_000, received: 900_000);

        Assert.Equal("low", Hunts.Of(rows, "lateral").Confidence());
    }

    [Theory]
    [InlineData(22, 5, true, "low")]
    [InlineData(22, 5, false, "medium")]
    [InlineData(5985, 5, true, "medium")]
    [InlineData(22, 0, true, "medium")]
    public void Screens_and_shells_of_servers_over_hours_are_an_administrators_day(ushort port, int servers, bool overHours,
        string confidence)
    {
        // Three of eight are no servers; six are administered within one hour.
        var rows = Domain();
        for (var host = 1; host <= 8; host++)
        {
            for (var client = 30; client < (host <= servers ? 33 : 30); client++)
            {
                rows.Add(0, $"10.0.0.{client}", $"10.0.1.{host}", 443, sent: 5_000, received: 5_000);
            }

            var at = host <= 6 ? host * Hunts.Minute : overHours ? host * Hunts.Hour : host * Hunts.Minute;
            rows.Add(at, Device, $"10.0.1.{host}", port, sent: 500_000, received: 900_000);
            rows.Add(at + Hunts.Minute, Device, $"10.0.1.{host}", 3389, sent: 500_000, received: 900_000);
            rows.Add(overHours ? host * Hunts.Hour : at, Device, $"10.0.1.{host}", 22, sent: 500_000, received: 900_000);
        }

        Assert.Equal(confidence, Hunts.Of(rows, "lateral").Max(row => row.Confidence));
    }

    // Two machines that log in at a domain controller.
    private static RowMaker Domain()
    {
        var rows = new RowMaker();
        rows.Add(0, Device, Directory, 88, sent: 900, received: 1_200);
        rows.Add(0, Other, Directory, 88, sent: 900, received: 1_200);
        return rows;
    }
}
