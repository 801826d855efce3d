using DtMcp.Traffic.Investigations.Hunting.Signs;

namespace DtMcp.Tests.Investigations.Hunting;

/// <summary>A period is that of the sleeps that were really slept, whatever came late and whatever did not come.</summary>
public class PeriodTests
{
    private const int Beacons = 100;

    /// <summary>
    /// Past three beats in ten missed and 30 % of jitter the count of beats is a guess: two sleeps may be as long as three.
    /// </summary>
    [Theory]
    [InlineData(0.0, 0.0, 100)]
    [InlineData(0.0, 0.3, 100)]
    [InlineData(0.1, 0.3, 100)]
    [InlineData(0.2, 0.3, 100)]
    [InlineData(0.3, 0.0, 100)]
    [InlineData(0.3, 0.15, 97)]
    [InlineData(0.3, 0.3, 90)]
    public void It_is_within_two_percent_at_sixty_beats(double jitter, double missed, int atLeast)
    {
        var near = 0;
        for (var seed = 1; seed <= Beacons; seed++)
        {
            var random = new Random((seed * 1_000) + (int)(jitter * 100) + (int)(missed * 10));
            var period = Math.Pow(10, 3.7 + (3.4 * random.NextDouble()));
            var (starts, slept) = Beats(random, period, jitter, random.Next(2) == 0, missed, random.Next(60, 120));
            var rhythm = Assert.NotNull(Rhythm.Of(starts, HuntRules.BeatsLow)).Refined(starts);
            near += Math.Abs(rhythm.PeriodMs - slept) <= 0.02 * slept ? 1 : 0;
        }

        Assert.InRange(near, atLeast, Beacons);
    }

    [Fact]
    public void It_is_nearer_than_counting_each_gap_by_itself()
    {
        var (rough, refined) = (0, 0);
        for (var seed = 1; seed <= 5 * Beacons; seed++)
        {
            var random = new Random(seed);
            var (starts, slept) = Beats(random, 60_000, 0.3, false, 0.3, 60);
            var rhythm = Assert.NotNull(Rhythm.Of(starts, HuntRules.BeatsLow));
            rough += Math.Abs(rhythm.PeriodMs - slept) <= 0.02 * slept ? 1 : 0;
            refined += Math.Abs(rhythm.Refined(starts).PeriodMs - slept) <= 0.02 * slept ? 1 : 0;
        }

        Assert.True(refined > rough, $"{refined} of {5 * Beacons} are near, {rough} by counting.");
    }

    [Fact]
    public void A_pause_of_hours_is_not_counted_as_missed_beats()
    {
        List<long> starts = [.. Enumerable.Range(0, 60).Select(beat => (beat * 60_000L) + (beat >= 30 ? 8 * Hunts.Hour : 0))];

        var rhythm = Assert.NotNull(Rhythm.Of(starts.ToArray(), HuntRules.BeatsLow)).Refined(starts.ToArray());

        Assert.Equal(60_000, rhythm.PeriodMs, 1.0);
    }

    [Fact]
    public void It_is_unmoved_where_no_gap_is_near_a_beat() => Assert.Equal(60_000, Period.Of([60_000e9, 60_000e9], 60_000));

    [Theory]
    [InlineData(12_345, "12.3 s")]
    [InlineData(255_000, "4.25 min")]
    [InlineData(765_000, "12.8 min")]
    [InlineData(12_240_000, "3.4 h")]
    public void Three_digits_of_it_are_told(double milliseconds, string text) => Assert.Equal(text, HuntScene.Span(milliseconds));

    private static (long[] Starts, double Slept) Beats(Random random, double period, double jitter, bool oneSided, double missed, int beats)
    {
        List<long> starts = [1_000];
        var (at, slept, sleeps) = (1_000.0, 0.0, 0);
        while (starts.Count < beats)
        {
            var sleep = period * (1 + (jitter * ((random.NextDouble() * (oneSided ? 1 : 2)) - 1)));
            (at, slept, sleeps) = (at + sleep, slept + sleep, sleeps + 1);
            if (random.NextDouble() >= missed)
            {
                starts.Add((long)(at - (30 * Math.Log(1 - random.NextDouble()))));
            }
        }

        starts.Sort();
        return ([.. starts], slept / sleeps);
    }
}
