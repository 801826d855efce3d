using System.Globalization;
using System.Text.Json;

namespace DtMcp.Tests.Tools;

/// <summary>Answers in the zone that was asked for: the first line, times, hours and days; figures as in UTC.</summary>
public sealed class ZonedAnswersTests(ToolAppliances appliances)
{
    [Fact]
    public async Task The_first_line_and_the_hours_are_in_the_zone_and_the_figures_are_the_same()
    {
        var utc = await AskAsync("analyze_bandwidth", """{"last":"24h","detail":"full","format":"json"}""");
        var zoned = await AskAsync("analyze_bandwidth", """{"last":"24h","detail":"full","format":"json","tz":"+03:00"}""");

        Assert.Equal("UTC+03:00", zoned.GetProperty("scope").GetProperty("tz").GetString());
        Assert.Equal("2026-01-15 12:00:00", zoned.GetProperty("scope").GetProperty("to").GetString());
        Assert.False(utc.GetProperty("scope").TryGetProperty("tz", out _));
        Assert.Equal(
            Hours(utc).Select(hour => (hour.Time.AddHours(3), hour.In)),
            Hours(zoned).Select(hour => (hour.Time, hour.In)));
        Assert.True(Hours(zoned).Count > 12);
    }

    [Fact]
    public async Task A_day_is_that_of_the_zone()
    {
        var (text, _) = await appliances.CallAsync(
            "aggregate_traffic", """{"by":"interval","interval":"1d","last":"7d","tz":"-07:30","format":"json","detail":"full"}""");
        var days = JsonElement.Parse(text).GetProperty("tables").GetProperty("groups").GetProperty("rows");

        Assert.All(days.EnumerateArray(), day =>
            Assert.EndsWith(" 00:00", day.GetProperty("interval").GetString(), StringComparison.Ordinal));
        Assert.True(days.GetArrayLength() > 1);
    }

    [Fact]
    public async Task A_reader_sees_the_zone_in_the_first_line_and_a_next_call_keeps_it()
    {
        var (text, _) = await appliances.CallAsync("summarize_external_traffic", """{"last":"yesterday","tz":"+01:00"}""");

        Assert.Contains(", 2026-01-14 00:00:00 to 2026-01-14 23:59:59 UTC+01:00", text.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains(" tz=UTC+01:00`", text, StringComparison.Ordinal);
    }

    private async Task<JsonElement> AskAsync(string tool, string arguments)
    {
        var (text, isError) = await appliances.CallAsync(tool, arguments);
        Assert.False(isError, text);
        return JsonElement.Parse(text);
    }

    private static List<(DateTime Time, long In)> Hours(JsonElement answer) =>
    [
        .. answer.GetProperty("tables").GetProperty("hours").GetProperty("rows").EnumerateArray().Select(row => (
            DateTime.ParseExact(row.GetProperty("hour").GetString()!, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            row.GetProperty("bytes_in").GetInt64())),
    ];
}
