using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Setup;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Issues;

/// <summary>A cursor is believed in nothing, and no way to give a window gives one that is too long.</summary>
public sealed class Cursors_11
{
    [Theory]
    [InlineData("MC4wLjkwMDAwMDAwMDAwMDAwMDAwMDAu")]
    [InlineData("")]
    [InlineData("....")]
    [InlineData("%%%")]
    [InlineData("0.0.9000000000000000000.")]
    [InlineData("9223372036854775807.1768460400000.1768464000000..")]
    [InlineData("9223372036854775807.1768460400000.1768464000000..AAAAAAAAAAAA")]
    [InlineData("-1.1768460400000.1768464000000..AAAAAAAAAAAA")]
    [InlineData("0.-1.1768464000000..AAAAAAAAAAAA")]
    [InlineData("0.1768464000000.1768460400000..AAAAAAAAAAAA")]
    [InlineData("0.0.253402300799999..AAAAAAAAAAAA")]
    [InlineData("0.1768460400000.1768464000000.nonsense.AAAAAAAAAAAA")]
    [InlineData("0.1768460400000.1768464000000..AAAAAAAAAAAA")]
    public async Task A_made_up_cursor_is_refused_before_anything_is_asked(string text)
    {
        await using var investigator = await StartAsync();
        string[] cursors = [text, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text))];

        foreach (var cursor in cursors)
        {
            var error = await Assert.ThrowsAsync<ApplianceException>(() => PageAsync(investigator, new NetworkQuery(), cursor));
            Assert.Equal(ApplianceError.InvalidArgument, error.Error);
        }

        Assert.Empty(investigator.Appliance.Requests);
    }

    [Fact]
    public async Task A_cursor_serves_the_question_that_gave_it_and_no_other()
    {
        await using var investigator = await StartAsync();
        var filters = new NetworkQuery { Protocol = "tcp" };
        var cursor = (await PageAsync(investigator, filters, null)).GetProperty("cursor").GetString();

        var second = await PageAsync(investigator, filters, cursor);
        Assert.Equal(5, second.GetProperty("tables").GetProperty("traffic").GetProperty("rows").GetArrayLength());
        Assert.NotEqual(cursor, second.GetProperty("cursor").GetString());

        NetworkQuery[] others =
        [
            new(), filters with { Protocol = "udp" }, filters with { Did = 3 }, filters with { Port = 443 },
            filters with { IntExt = TrafficSide.External },
        ];
        foreach (var other in others)
        {
            await RefusesAsync(question => question with { Filters = other });
        }

        await RefusesAsync(question => question with { Sort = new(SortColumn.Bytes) });
        await RefusesAsync(question => question with { Hostname = "fin-ws-01" });
        await RefusesAsync(question => question with { HasWindow = true, Window = Later(question.Window, 1) });
        await RefusesAsync(question => question with { HasWindow = true, IsRelative = true, Window = Later(question.Window, 3_600_000) });

        static TimeWindow Later(TimeWindow window, long ms) => new(window.StartMs + ms, window.EndMs);

        async Task RefusesAsync(Func<Question, Question> change)
        {
            var error = await Assert.ThrowsAsync<ApplianceException>(() => PageAsync(investigator, filters, cursor, change));
            Assert.Equal(ApplianceError.InvalidArgument, error.Error);
            Assert.Contains("another question", error.Happened, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("get_network_traffic", """{"from":"1970-01-01","to":"9999-12-31"}""")]
    [InlineData("summarize_network_traffic", """{"from":"2024-01-01","to":"2026-01-01"}""")]
    [InlineData("hunt_traffic", """{"starttime":1500000000000,"endtime":1768464000000}""")]
    [InlineData("compare_traffic", """{"last":"1h","against_from":"1970-01-02","against_to":"2026-01-01"}""")]
    public void A_window_of_more_than_366_days_is_refused(string tool, string arguments)
    {
        var definition = ToolCatalog.All.Single(known => known.Name == tool);
        using var given = JsonDocument.Parse(arguments);
        var fields = given.RootElement.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, field.Value)).ToList();
        var read = () => definition.Ask(
            ToolArguments.Read(tool, definition.Parameters, definition.Required, fields),
            new FakeTimeProvider(new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero)));

        var error = Assert.Throws<ApplianceException>(read);

        Assert.Equal(ApplianceError.InvalidArgument, error.Error);
        Assert.Contains("366", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_investigator_asks_nothing_of_a_window_that_is_too_long()
    {
        await using var investigator = await StartAsync();
        foreach (var tool in new[] { "get_network_traffic", "summarize_network_traffic", "hunt_traffic", "compare_traffic" })
        {
            var window = new TimeWindow(0, 253_402_300_799_999);
            var error = await Assert.ThrowsAsync<ApplianceException>(() => investigator.AskAsync(tool, window: window));
            Assert.Equal(ApplianceError.InvalidArgument, error.Error);
        }

        var other = new Traffic.Investigations.Comparing.Comparison(Other: new TimeWindow(0, 1_768_464_000_000));
        var against = await Assert.ThrowsAsync<ApplianceException>(() =>
            investigator.AskAsync("compare_traffic", more: question => question with { Investigation = other }));
        Assert.Equal(ApplianceError.InvalidArgument, against.Error);
        Assert.Empty(investigator.Appliance.Requests);
    }

    [Fact]
    public void Parts_of_a_long_window_cost_nothing_before_they_are_read()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var parts = Slicing.Split(new TimeWindow(0, 253_402_300_799_999), TimeSpan.FromMinutes(1));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(4_223_371_680, (253_402_300_799_999 + 1) / 60_000);
        Assert.InRange(allocated, 0, 4_096);
        Assert.Equal(new TimeWindow(60_000, 119_999), parts[1]);
    }

    private static Task<InvestigatorFixture> StartAsync() =>
        InvestigatorFixture.StartAsync(options => options with { Dialect = Dialect.Sdk, Connections = 2_000, Days = 1 });

    private static Task<JsonElement> PageAsync(
        InvestigatorFixture investigator, NetworkQuery filters, string? cursor, Func<Question, Question>? change = null) =>
        investigator.AskAsync(
            "get_network_traffic", filters, more: question => (change ?? (same => same))(question with { Limit = 5, Cursor = cursor }));
}
