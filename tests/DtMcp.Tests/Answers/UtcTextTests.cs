using DtMcp.Traffic.Answers;

namespace DtMcp.Tests.Answers;

/// <summary>Times as an answer shows them.</summary>
public class UtcTextTests
{
    [Theory]
    [InlineData(0L, "1970-01-01 00:00:00", "1970-01-01 00:00")]
    [InlineData(1_768_467_522_999L, "2026-01-15 08:58:42", "2026-01-15 08:00")]
    [InlineData(-62_135_596_799_999L, "0001-01-01 00:00:00", "0001-01-01 00:00")]
    [InlineData(253_402_300_799_999L, "9999-12-31 23:59:59", "9999-12-31 23:00")]
    [InlineData(-62_135_596_800_000L, null, null)]
    [InlineData(253_402_300_800_000L, null, null)]
    [InlineData(long.MinValue, null, null)]
    [InlineData(long.MaxValue, null, null)]
    [InlineData(null, null, null)]
    public void A_time_is_shown_to_the_second_or_the_hour_where_a_calendar_has_it(long? milliseconds, string? second, string? hour)
    {
        Assert.Equal(second, UtcText.Second(milliseconds));
        Assert.Equal(hour, UtcText.Hour(milliseconds));
    }
}
