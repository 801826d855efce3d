namespace DtMcp.Tests.Investigations.Hunting;

public class BeaconRuleTests
{
    private const string Device = "10.0.0.5";
    private const string Outside = "203.0.113.9";

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.1, 0.0)]
    [InlineData(0.0, 0.3)]
    [InlineData(0.1, 0.2)]
    public void A_beacon_stands_up_to_jitter_and_missed_beats(double jitter, double missed)
    {
        var random = new Random(7);
        var rows = new RowMaker();
        for (var beat = 0; beat < 120; beat++)
        {
            if (random.NextDouble() >= missed)
            {
                rows.Add((beat * 60_000) + (long)(60_000 * jitter * ((2 * random.NextDouble()) - 1)), "10.0.0.5", "203.0.113.9", 443,
                    sent: 500, received: 300);
            }
        }

        var found = Assert.Single(Hunts.Of(rows, "beacon"));
        Assert.NotEqual("low", found.Confidence);
        Assert.Contains("every ", found.Figures, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_starts_are_no_beacon()
    {
        var random = new Random(11);
        var rows = new RowMaker();
        var at = 0L;
        for (var i = 0; i < 300; i++)
        {
            at += (long)(-60_000 * Math.Log(1 - random.NextDouble()));
            rows.Add(at, "10.0.0.5", "203.0.113.9", 443, sent: random.Next(200, 5_000), received: 300);
        }

        Assert.Empty(Hunts.Of(rows, "beacon"));
    }

    [Theory]
    [InlineData(9, "none")]
    [InlineData(10, "low")]
    [InlineData(19, "low")]
    [InlineData(20, "medium")]
    [InlineData(59, "medium")]
    [InlineData(60, "high")]
    public void The_more_beats_the_surer(int beats, string confidence) =>
        Assert.Equal(confidence, Hunts.Of(Beats(beats), "beacon").Confidence());

    [Fact]
    public void Sizes_that_differ_much_are_no_more_than_medium()
    {
        var rows = new RowMaker();
        for (var beat = 0; beat < 100; beat++)
        {
            rows.Add(beat * Hunts.Minute, Device, Outside, 443, sent: 500 + (beat % 5 * 500), received: 0);
        }

        Assert.Equal("medium", Hunts.Of(rows, "beacon").Confidence());
    }

    [Fact]
    public void Connections_within_a_second_are_one_beat()
    {
        var rows = new RowMaker();
        for (var beat = 0; beat < 9; beat++)
        {
            for (var i = 0; i < 10; i++)
            {
                rows.Add((beat * Hunts.Minute) + (i * 100), Device, Outside, 443, sent: 500, received: 300);
            }
        }

        Assert.Empty(Hunts.Of(rows, "beacon"));
    }

    [Theory]
    [InlineData(53)]
    [InlineData(123)]
    [InlineData(5353)]
    public void What_beats_by_design_stays_low(ushort port) =>
        Assert.Equal("low", Hunts.Of(Beats(100, port: port), "beacon").Confidence());

    [Fact]
    public void A_steady_beacon_inside_counts_save_at_what_timers_call_and_icmp_never()
    {
        Assert.Equal("medium", Hunts.Of(Beats(100, destination: "10.0.0.9"), "beacon").Confidence());
        Assert.Empty(Hunts.Of(Beats(59, destination: "10.0.0.9"), "beacon"));
        Assert.Empty(Hunts.Of(Beats(100, destination: "10.0.0.9", port: 445), "beacon"));
        Assert.Empty(Hunts.Of(Beats(100, destination: "10.0.0.9", port: 5432), "beacon"));
        Assert.Empty(Hunts.Of(Beats(100, port: 0, protocol: "icmp"), "beacon"));
    }

    [Theory]
    [InlineData(49, "medium")]
    [InlineData(50, "none")]
    public void Inside_what_called_before_is_part_of_the_network(int before, string confidence) =>
        Assert.Equal(confidence, Hunts.Over(Beats(100, destination: "10.0.0.9", from: Hunts.Day).Build(),
            Beats(before, destination: "10.0.0.9").Build(), "beacon").Found().Confidence());

    [Theory]
    [InlineData(1, "medium")]
    [InlineData(2, "none")]
    public void Inside_who_calls_several_alike_is_a_balancer_or_a_monitor(int hosts, string confidence)
    {
        var rows = new RowMaker();
        for (var beat = 0; beat < 100; beat++)
        {
            for (var host = 1; host <= hosts; host++)
            {
                rows.Add(beat * Hunts.Minute, Device, $"10.0.0.{host}", 8_080, sent: 500, received: 300);
            }
        }

        Assert.Equal(confidence, Hunts.Of(rows, "beacon").Confidence());
    }

    [Theory]
    [InlineData(100, "medium")]
    [InlineData(500, "none")]
    public void Inside_too_sizes_may_differ_by_a_quarter(int step, string confidence)
    {
        var rows = new RowMaker();
        for (var beat = 0; beat < 100; beat++)
        {
            rows.Add(beat * Hunts.Minute, Device, "10.0.0.9", 4444, sent: 500 + (beat % 5 * step), received: 300);
        }

        Assert.Equal(confidence, Hunts.Of(rows, "beacon").Confidence());
    }

    [Theory]
    [InlineData(3, false, "high")]
    [InlineData(4, false, "medium")]
    [InlineData(11, false, "medium")]
    [InlineData(3, true, "high")]
    [InlineData(4, true, "medium")]
    [InlineData(11, true, "low")]
    public void What_many_devices_call_alike_is_a_service_and_one_timer_among_them_is_one_step_less_sure(int devices, bool alike,
        string confidence)
    {
        var rows = Beats(100);
        for (var device = 1; device < devices; device++)
        {
            for (var beat = 0; beat < (alike ? 100 : 1); beat++)
            {
                rows.Add((beat * Hunts.Minute) + device, $"10.0.1.{device}", Outside, 443, sent: alike ? 500 : 10,
                    received: alike ? 300 : 10);
            }
        }

        for (var device = 0; device < 30; device++)
        {
            rows.Add(0, $"10.0.2.{device}", "203.0.113.10", 443, sent: 10, received: 10);
        }

        Assert.Equal(confidence, Hunts.Of(rows, "beacon").First(row => row.Source == Device || alike).Confidence);
    }

    [Theory]
    [InlineData(100, 0, "high")]
    [InlineData(100, 1, "medium")]
    [InlineData(99, 0, "none")]
    public void Polling_without_a_pause_needs_no_period(int connections, int difference, string confidence)
    {
        // Closer than a second each to the one before, so that all are one beat.
        var rows = new RowMaker();
        for (var i = 0; i < connections; i++)
        {
            rows.Add((i * 700) + (i % 7 * 13), Device, Outside, 443, sent: 500 + (i % 3 * difference), received: 0);
        }

        var found = Hunts.Of(rows, "beacon");

        Assert.Equal(confidence, found.Confidence());
        Assert.All(found, row => Assert.StartsWith("polled without a pause", row.Figures, StringComparison.Ordinal));
    }

    private static RowMaker Beats(int beats, ushort port = 443, string destination = Outside, string protocol = "tcp",
        long from = 0)
    {
        var rows = new RowMaker();
        for (var beat = 0; beat < beats; beat++)
        {
            rows.Add(from + (beat * Hunts.Minute), Device, destination, port, sent: 500, received: 300, protocol: protocol);
        }

        return rows;
    }
}
