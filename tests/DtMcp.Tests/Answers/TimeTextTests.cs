using System.Globalization;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Answers;

namespace DtMcp.Tests.Answers;

/// <summary>Times as an answer shows them.</summary>
public class TimeTextTests
{
    [Theory]
    [InlineData("2026-01-15T08:58:42Z", "2026-01-15 09:58:42")]
    [InlineData("2026-07-15T08:58:42Z", "2026-07-15 10:58:42")]
    [InlineData("2026-10-25T00:30:00Z", "2026-10-25 02:30:00+02:00")]
    [InlineData("2026-10-25T01:30:00Z", "2026-10-25 02:30:00+01:00")]
    [InlineData("2026-10-25T02:30:00Z", "2026-10-25 03:30:00")]
    [InlineData("9999-12-31T23:59:59Z", "9999-12-31 23:59:59")]
    public void A_zone_shows_its_own_clock_and_which_of_two_equal_hours_it_is(string utc, string shown) =>
        Assert.Equal(
            shown, TimeText.Second(DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), Zones.Berlin));

    [Theory]
    [InlineData(0L, "1970-01-01 00:00:00", "1970-01-01 00:00")]
    [InlineData(1_768_467_522_999L, "2026-01-15 08:58:42", "2026-01-15 08:58:42")]
    [InlineData(-62_135_596_799_999L, "0001-01-01 00:00:00", "0001-01-01 00:00:00")]
    [InlineData(253_402_300_799_999L, "9999-12-31 23:59:59", "9999-12-31 23:59:59")]
    [InlineData(-62_135_596_800_000L, null, null)]
    [InlineData(253_402_300_800_000L, null, null)]
    [InlineData(long.MinValue, null, null)]
    [InlineData(long.MaxValue, null, null)]
    [InlineData(null, null, null)]
    public void A_time_is_shown_to_the_second_or_the_minute_where_a_calendar_has_it(long? milliseconds, string? second, string? step)
    {
        Assert.Equal(second, TimeText.Second(milliseconds));
        Assert.Equal(step, TimeText.Step(milliseconds));
    }
}
