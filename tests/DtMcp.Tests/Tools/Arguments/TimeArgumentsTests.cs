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
        Assert.Equal(1_768_464_000_000, TimeArguments.ParseTime(text)!.Value.Ms);

    [Theory]
    [InlineData("yesterday")]
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
    [InlineData("""{"from":"2026-01-15 08:00:00"}""", "from is given without to")]
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

    [Fact]
    public void Another_window_to_compare_with_goes_along_in_milliseconds()
    {
        var asked = Ask("compare_traffic", """{"against_from":"2026-01-08 08:00:00","against_to":"2026-01-08 09:00:00"}""").Investigation;
        Assert.Equal([("against_from", "1767859200000"), ("against_to", "1767862800000")], asked.Arguments);
        Assert.Contains("against",
            Refused("compare_traffic", """{"against":"day","against_from":"2026-01-08","against_to":"2026-01-08"}"""),
            StringComparison.Ordinal);
    }
}
