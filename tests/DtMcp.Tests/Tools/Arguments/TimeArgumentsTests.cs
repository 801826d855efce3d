using System.Globalization;
using DtMcp.Tests.Support;
using DtMcp.Tools.Arguments;
using static DtMcp.Tests.Tools.ToolCalls;

namespace DtMcp.Tests.Tools.Arguments;

public class TimeArgumentsTests
{
    [Theory]
    [InlineData("{}", 86_400)]
    [InlineData("""{"last":"90s"}""", 90)]
    [InlineData("""{"last":"15m"}""", 900)]
    [InlineData("""{"last":"24h"}""", 86_400)]
    [InlineData("""{"last":"7d"}""", 604_800)]
    [InlineData("""{"last":"2w"}""", 1_209_600)]
    [InlineData("""{"last":"2 Hours"}""", 7_200)]
    public void The_last_span_ends_now_and_24_hours_is_the_default(string json, long seconds)
    {
        var question = Ask("summarize_network_traffic", json);
        Assert.Equal(Now.ToUnixTimeMilliseconds(), question.Window.EndMs);
        Assert.Equal(seconds * 1000, question.Window.EndMs - question.Window.StartMs);
        Assert.True(question.IsRelative);
    }

    [Theory]
    [InlineData("2026-01-15 08:00:00")]
    [InlineData("2026-01-15T08:00:00Z")]
    [InlineData("2026-01-15T08:00:00.000Z")]
    [InlineData("2026-01-15T09:00:00+01:00")]
    [InlineData("2026-01-15T08:00")]
    [InlineData("20260115T080000")]
    [InlineData("1768464000000")]
    [InlineData("1768464000")]
    public void A_time_is_taken_in_every_usual_form(string text) =>
        Assert.Equal(1_768_464_000_000, TimeArguments.ParseTime(text)!.In(At(Now, TimeZoneInfo.Utc)).StartMs);

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("5")]
    [InlineData("this yesterday")]
    [InlineData("15/01/2026")]
    [InlineData("20260115")]
    [InlineData("2026-13-01")]
    [InlineData("-5")]
    [InlineData("NaN")]
    public void Anything_else_is_no_time(string text) => Assert.Null(TimeArguments.ParseTime(text));

    [Fact]
    public void A_lone_date_is_its_whole_day()
    {
        var window = Ask("summarize_network_traffic", """{"from":"2026-01-14","to":"2026-01-14"}""").Window;
        Assert.Equal(86_400_000, window.LengthMs);
    }

    [Theory]
    [InlineData("""{"to":"2026-01-15 08:00:00"}""", "to is given without from")]
    [InlineData("""{"from":"2026-01-15 09:00:01"}""", "from is after now")]
    [InlineData("""{"from":"2024-01-15"}""", "from and now are more than 366 days apart")]
    [InlineData("""{"last":"yesterday","from":"yesterday"}""", "given twice")]
    [InlineData("""{"last":"tomorrow"}""", "or today, yesterday, night, week, month or a weekday")]
    [InlineData("""{"last":"now"}""", "last is \"now\"")]
    [InlineData("""{"tz":"Mars/Olympus"}""", "such as Europe/Berlin, or an offset, such as +01:00")]
    [InlineData("""{"tz":"../../etc/passwd"}""", "such as Europe/Berlin")]
    [InlineData("""{"tz":"+25:00"}""", "such as Europe/Berlin")]
    [InlineData("""{"endtime":1768464000000}""", "endtime is given without starttime")]
    [InlineData("""{"last":"1h","from":"2026-01-15 08:00:00","to":"2026-01-15 09:00:00"}""", "given twice")]
    [InlineData("""{"starttime":1,"endtime":2,"from":"2026-01-15","to":"2026-01-15"}""", "starttime")]
    [InlineData("""{"from":"2026-01-15 09:00:00","to":"2026-01-15 08:00:00"}""", "from is after to")]
    [InlineData("""{"from":"2026-01-15 09:00:00","endtime":1768464000000}""", "without")]
    [InlineData("""{"last":"0h"}""", "last is \"0h\"")]
    [InlineData("""{"last":"10y"}""", "15m, 24h or 7d")]
    [InlineData("""{"last":"9999d"}""", "366d")]
    public void A_window_is_never_mixed_never_half_and_starts_before_it_ends(string json, string says) =>
        Assert.Contains(says, Refused("summarize_network_traffic", json), StringComparison.Ordinal);

    // Now is Thursday, 2026-01-15 09:00 UTC.
    [Theory]
    [InlineData("today", "2026-01-15 00:00:00.000", "2026-01-15 09:00:00.000")]
    [InlineData("yesterday", "2026-01-14 00:00:00.000", "2026-01-14 23:59:59.999")]
    [InlineData("last night", "2026-01-14 20:00:00.000", "2026-01-15 05:59:59.999")]
    [InlineData("night", "2026-01-14 20:00:00.000", "2026-01-15 05:59:59.999")]
    [InlineData("last week", "2026-01-05 00:00:00.000", "2026-01-11 23:59:59.999")]
    [InlineData("week", "2026-01-05 00:00:00.000", "2026-01-11 23:59:59.999")]
    [InlineData("This week", "2026-01-12 00:00:00.000", "2026-01-15 09:00:00.000")]
    [InlineData("last weekend", "2026-01-10 00:00:00.000", "2026-01-11 23:59:59.999")]
    [InlineData("last month", "2025-12-01 00:00:00.000", "2025-12-31 23:59:59.999")]
    [InlineData("monday", "2026-01-12 00:00:00.000", "2026-01-12 23:59:59.999")]
    [InlineData("last Thursday", "2026-01-08 00:00:00.000", "2026-01-08 23:59:59.999")]
    [InlineData("Friday", "2026-01-09 00:00:00.000", "2026-01-09 23:59:59.999")]
    [InlineData("last hour", "2026-01-15 08:00:00.000", "2026-01-15 09:00:00.000")]
    [InlineData("last 24 hours", "2026-01-14 09:00:00.000", "2026-01-15 09:00:00.000")]
    public void A_window_is_taken_as_people_say_it(string last, string from, string to)
    {
        var window = Ask("summarize_network_traffic", $$"""{"last":"{{last}}"}""").Window;
        Assert.Equal((from, to), (Shown(window.StartMs), Shown(window.EndMs)));
    }

    [Theory]
    [InlineData("""{"from":"yesterday"}""", "2026-01-14 00:00:00.000", "2026-01-15 09:00:00.000", true)]
    [InlineData("""{"from":"monday","to":"yesterday"}""", "2026-01-12 00:00:00.000", "2026-01-14 23:59:59.999", false)]
    [InlineData("""{"from":"2026-01-15 08:00"}""", "2026-01-15 08:00:00.000", "2026-01-15 09:00:00.000", true)]
    [InlineData("""{"from":"2026-01-15 08:00","to":"now"}""", "2026-01-15 08:00:00.000", "2026-01-15 09:00:00.000", false)]
    [InlineData("""{"starttime":1768464000000}""", "2026-01-15 08:00:00.000", "2026-01-15 09:00:00.000", true)]
    public void A_start_alone_goes_on_until_now(string json, string from, string to, bool isRelative)
    {
        var question = Ask("summarize_network_traffic", json);
        Assert.Equal((from, to), (Shown(question.Window.StartMs), Shown(question.Window.EndMs)));
        Assert.Equal(isRelative, question.IsRelative);
    }

    [Theory]
    [InlineData("""{"last":"yesterday","tz":"+05:30"}""", "2026-01-13 18:30:00.000", "2026-01-14 18:29:59.999")]
    [InlineData("""{"last":"today","tz":"UTC-8"}""", "2026-01-15 08:00:00.000", "2026-01-15 09:00:00.000")]
    [InlineData("""{"last":"night","tz":"-10"}""", "2026-01-14 06:00:00.000", "2026-01-14 15:59:59.999")]
    [InlineData("""{"from":"2026-01-15 09:00","to":"2026-01-15 09:30:00","tz":"+0100"}""",
        "2026-01-15 08:00:00.000", "2026-01-15 08:30:00.000")]
    [InlineData("""{"from":"2026-01-15T08:00:00Z","to":"2026-01-15T11:00:00+02:00","tz":"+01:00"}""",
        "2026-01-15 08:00:00.000", "2026-01-15 09:00:00.000")]
    public void Words_and_clock_times_are_those_of_the_zone_and_instants_are_not(string json, string from, string to)
    {
        var window = Ask("summarize_network_traffic", json).Window;
        Assert.Equal((from, to), (Shown(window.StartMs), Shown(window.EndMs)));
    }

    [Fact]
    public void A_zone_of_the_system_is_known_by_its_name()
    {
        Assert.SkipUnless(Zones.WhyNoneHere is null, Zones.WhyNoneHere ?? "");
        var question = Ask("summarize_network_traffic", """{"last":"yesterday","tz":"Europe/Berlin"}""");
        Assert.Equal(
            ("2026-01-13 23:00:00.000", "2026-01-14 22:59:59.999"), (Shown(question.Window.StartMs), Shown(question.Window.EndMs)));
        Assert.Equal("Europe/Berlin", question.Zone.Id);
    }

    // The night of 2026-03-29 lacks the hour from 2 to 3, that of 2026-10-25 has it twice.
    [Theory]
    [InlineData("2026-03-29T08:00:00Z", "2026-03-29 02:30:00", "2026-03-29 01:30:00.000", "2026-03-29 01:30:00.000")]
    [InlineData("2026-10-25T08:00:00Z", "2026-10-25 02:30:00", "2026-10-25 00:30:00.000", "2026-10-25 01:30:00.000")]
    [InlineData("2026-10-25T08:00:00Z", "2026-10-25", "2026-10-24 22:00:00.000", "2026-10-25 22:59:59.999")]
    [InlineData("2026-10-25T08:00:00Z", "night", "2026-10-24 18:00:00.000", "2026-10-25 04:59:59.999")]
    public void An_hour_that_comes_twice_is_meant_whole_and_one_that_is_skipped_is_no_error(
        string now, string time, string from, string to)
    {
        var window = TimeArguments.ParseTime(time)!.In(At(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture), Zones.Berlin));
        Assert.Equal((from, to), (Shown(window.StartMs), Shown(window.EndMs)));
    }

    [Fact]
    public void A_night_that_is_not_over_ends_now()
    {
        var now = new DateTimeOffset(2026, 1, 15, 2, 0, 0, TimeSpan.Zero);
        var window = TimeWords.In(TimeWord.Night, At(now, TimeZoneInfo.Utc));
        Assert.Equal(("2026-01-14 20:00:00.000", "2026-01-15 02:00:00.000"), (Shown(window.StartMs), Shown(window.EndMs)));
    }

    [Fact]
    public void Another_window_to_compare_with_goes_along_in_milliseconds()
    {
        var asked = Ask("compare_traffic", """{"against_from":"2026-01-08 08:00:00","against_to":"2026-01-08 09:00:00"}""").Investigation;
        Assert.Equal([("against_from", "1767859200000"), ("against_to", "1767862800000")], asked.Arguments);
        Assert.Contains("against",
            Refused("compare_traffic", """{"against":"day","against_from":"2026-01-08","against_to":"2026-01-08"}"""),
            StringComparison.Ordinal);
    }

    private static ZoneClock At(DateTimeOffset now, TimeZoneInfo zone) => new(now, zone);

    private static string Shown(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
