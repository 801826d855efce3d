using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Investigations;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Issues;

/// <summary>
/// Bandwidth of one device, or of a subnet, is its own side of each connection; over all devices what counts at both ends is said.
/// </summary>
public sealed class Bandwidth_11
{
    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Sdk)]
    public async Task A_device_alone_has_the_figures_of_its_row_among_all(Dialect dialect)
    {
        await using var fixture = await InvestigatorFixture.StartAsync(options => options with { Dialect = dialect, Connections = 3_000 });
        var window = fixture.LastDay;
        var all = await fixture.AskAsync("analyze_bandwidth", window: window);
        var busy = all.Rows("devices")[0];

        var one = await fixture.AskAsync("analyze_bandwidth", new NetworkQuery { Did = busy.GetProperty("did").GetInt64() }, window);

        var row = Assert.Single(one.Rows("devices"));
        Assert.Equal(busy.Line("ip", "did", "bytes_in", "bytes_out", "bytes"), row.Line("ip", "did", "bytes_in", "bytes_out", "bytes"));
        Assert.Equal(busy.Line("bytes_in", "bytes_out"), one.GetProperty("totals").Line("bytes_in", "bytes_out"));
        Assert.Equal(busy.GetProperty("bytes_in").GetInt64(), one.Rows("hours").Sum(hour => hour.GetProperty("bytes_in").GetInt64()));
        Assert.Contains(all.Notes(),
            note => note.Contains("count", StringComparison.Ordinal) && note.Contains("for both", StringComparison.Ordinal));
        Assert.DoesNotContain(one.Notes(), note => note.Contains("for both", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_subnet_counts_the_devices_in_it()
    {
        await using var fixture = await InvestigatorFixture.StartAsync(options => options with { Connections = 3_000 });
        var window = fixture.LastDay;
        var all = await fixture.AskAsync("analyze_bandwidth", window: window);
        Assert.True(NetAddress.TryParse(all.Rows("devices")[0].GetProperty("ip").GetString(), out var busy));
        Assert.True(AddressRange.TryParse($"{busy}/24", out var subnet));

        var inside = await fixture.AskAsync("analyze_bandwidth", window: window, more: question => question with { Subnet = subnet });

        var expected = all.Rows("devices").Where(row =>
            NetAddress.TryParse(row.GetProperty("ip").GetString(), out var ip) && subnet.Contains(ip));
        Assert.Equal(expected.Select(row => row.Line("ip", "bytes_in", "bytes_out")),
            inside.Rows("devices").Select(row => row.Line("ip", "bytes_in", "bytes_out")));
    }

    [Fact]
    public async Task Rows_without_a_side_count_the_device_asked_about_alone()
    {
        var row =
            """{"sourcedevice":{"did":1,"ip":"10.0.0.1"},"destinationdevice":{"did":2,"ip":"10.0.0.2"},"protocol":"tcp","""
            + "\"destinationport\":443,\"bytes\":1000,\"packets\":4}";
        using var investigator = new RowInvestigator(EvidencePolicy.Network, RowInvestigator.Traffic([row]));

        var one = await investigator.AskAsync("analyze_bandwidth",
            more: question => question with { Filters = new NetworkQuery { Ip = TextAddress.Of("10.0.0.2") } });
        var all = await investigator.AskAsync("analyze_bandwidth");

        Assert.Equal(["10.0.0.2 1000"], one.Rows("devices").Select(device => device.Line("ip", "bytes")));
        Assert.Equal(2, all.Rows("devices").Count);
        Assert.Contains(all.Notes(), note => note.StartsWith("1 connections are between two of these devices", StringComparison.Ordinal));
    }

    [Fact]
    public void What_comes_from_outside_counts_at_one_end_and_needs_no_note()
    {
        var rows = new RowMaker();
        rows.Add(0, "203.0.113.9", "10.0.0.5", 443, sent: 10, received: 20);

        var found = WholeTables.Run("analyze_bandwidth", rows.Build());

        Assert.Equal((10, 20), (found.Total("bytes_in").Integer, found.Total("bytes_out").Integer));
        Assert.Empty(found.Notes);
    }
}
