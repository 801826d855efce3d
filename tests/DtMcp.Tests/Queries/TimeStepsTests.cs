using System.Globalization;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Queries;

namespace DtMcp.Tests.Queries;

/// <summary>Where hours and days begin by the clock of a zone.</summary>
public class TimeStepsTests
{
    private const long HourMs = 3_600_000;
    private const long DayMs = 24 * HourMs;

    [Theory]
    [InlineData("2026-01-15T08:58:42Z", "2026-01-15T08:00:00Z", "2026-01-14T23:00:00Z")]
    [InlineData("2026-03-29T00:30:00Z", "2026-03-29T00:00:00Z", "2026-03-28T23:00:00Z")]
    [InlineData("2026-03-29T21:30:00Z", "2026-03-29T21:00:00Z", "2026-03-28T23:00:00Z")]
    [InlineData("2026-03-29T22:00:00Z", "2026-03-29T22:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("2026-10-25T00:59:00Z", "2026-10-25T00:00:00Z", "2026-10-24T22:00:00Z")]
    [InlineData("2026-10-25T01:01:00Z", "2026-10-25T01:00:00Z", "2026-10-24T22:00:00Z")]
    [InlineData("2026-10-25T22:59:00Z", "2026-10-25T22:00:00Z", "2026-10-24T22:00:00Z")]
    public void Days_are_those_of_the_calendar_and_hours_never_fall_together(string time, string hour, string day)
    {
        Assert.Equal(Ms(hour), new TimeSteps(HourMs, Zones.Berlin).StartOf(Ms(time)));
        Assert.Equal(Ms(day), new TimeSteps(DayMs, Zones.Berlin).StartOf(Ms(time)));
    }

    [Fact]
    public void An_hour_begins_at_half_past_where_the_zone_is_half_an_hour_off() =>
        Assert.Equal(Ms("2026-01-15T08:30:00Z"), new TimeSteps(HourMs, Zones.Kolkata).StartOf(Ms("2026-01-15T09:12:00Z")));

    [Fact]
    public void A_step_holds_the_times_from_its_start_to_the_next_one()
    {
        var random = new Random(15);
        TimeSteps[] steps =
            [new(300_000, Zones.Berlin), new(HourMs, Zones.Berlin), new(6 * HourMs, Zones.Berlin), new(DayMs, Zones.Berlin)];
        for (var i = 0; i < 20_000; i++)
        {
            var time = Ms("2026-01-01T00:00:00Z") + random.NextInt64(365 * DayMs);
            foreach (var one in steps)
            {
                var start = one.StartOf(time);
                Assert.True(start <= time);
                Assert.Equal(start, one.StartOf(start));
                Assert.True(one.StartOf(time + random.NextInt64(DayMs)) >= start);
            }
        }
    }

    [Theory]
    [InlineData(long.MinValue / 2)]
    [InlineData(long.MaxValue / 2)]
    public void A_time_that_no_calendar_has_does_no_harm(long time) =>
        Assert.True(new TimeSteps(HourMs, Zones.Berlin).StartOf(time) <= time);

    private static long Ms(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
