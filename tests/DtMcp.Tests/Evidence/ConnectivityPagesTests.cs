using System.Text.Json;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Setup;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Evidence;

/// <summary>Pages of <c>get_network_traffic</c> where there are no rows: the table of who spoke with whom.</summary>
public class ConnectivityPagesTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(9L)]
    public async Task Pages_of_connections_follow_each_other_without_gap_or_overlap_to_the_last(long? did)
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with { Without = ["advancedsearch"] });
        var filters = new NetworkQuery { Did = did };
        var window = investigator.LastDay;
        var whole = await investigator.AskAsync("get_network_traffic", filters, window);
        var all = Rows(whole);
        Assert.True(all.Count > 30, $"{all.Count} connections");
        Assert.False(whole.TryGetProperty("cursor", out _));

        List<string> paged = [];
        string? cursor = null;
        do
        {
            var answer = await investigator.AskAsync("get_network_traffic", filters, window,
                question => question with { Limit = (all.Count / 3) + 1, Cursor = cursor });
            Assert.Equal("connectivity", answer.GetProperty("scope").GetProperty("evidence").GetString());
            Assert.Equal(all.Count, answer.GetProperty("tables").GetProperty("connections").GetProperty("of").GetInt32());
            paged.AddRange(Rows(answer));
            cursor = answer.TryGetProperty("cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(all, paged);
    }

    [Fact]
    public async Task The_next_page_of_a_running_window_is_of_the_same_tables()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with { Without = ["advancedsearch"] });
        await investigator.AskAsync("get_network_traffic", more: question => question with { IsRelative = true });
        var later = new TimeWindow(investigator.LastDay.StartMs + 2000, investigator.LastDay.EndMs + 2000);
        var asked = investigator.Appliance.Requests.Count(IsNetwork);

        var first = await investigator.AskAsync("get_network_traffic", window: later,
            more: question => question with { IsRelative = true, Limit = 5 });
        var second = await investigator.AskAsync("get_network_traffic",
            more: question => question with { IsRelative = true, Limit = 5, Cursor = first.GetProperty("cursor").GetString() });

        Assert.Equal(asked, investigator.Appliance.Requests.Count(IsNetwork));
        foreach (var end in new[] { "from", "to" })
        {
            Assert.Equal(first.GetProperty("scope").GetProperty(end).GetString(), second.GetProperty("scope").GetProperty(end).GetString());
        }
    }

    [Fact]
    public async Task An_answer_without_that_table_has_no_next_page()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with { Without = ["advancedsearch"] });

        var answer = await investigator.AskAsync("get_network_traffic", new NetworkQuery { ResponseData = "devices" },
            more: question => question with { Limit = 2 });

        Assert.Equal(2, answer.GetProperty("tables").GetProperty("devices").GetProperty("rows").GetArrayLength());
        Assert.False(answer.TryGetProperty("cursor", out _));
    }

    [Fact]
    public async Task Reading_tables_is_reported_to_its_end()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(options => options with { Without = ["advancedsearch"] });
        await investigator.AskAsync("summarize_network_traffic");
        var course = new Course();

        await investigator.AskAsync("analyze_device_activity", new NetworkQuery { Did = 9 },
            more: question => question with { Refresh = true },
            progress: course);

        Assert.Equal(2, course.Reports[^1].Done);
        Assert.All(course.Reports, report => Assert.Equal(2, report.Total));
        Assert.True(course.Reports[^1].Bytes > 0);
    }

    private sealed class Course : IProgress<AskProgress>
    {
        public List<AskProgress> Reports { get; } = [];

        public void Report(AskProgress value) => Reports.Add(value);
    }

    private static bool IsNetwork(RequestLogEntry request) =>
        request.Target.StartsWith("/network", StringComparison.Ordinal);

    private static List<string> Rows(JsonElement answer) =>
        [.. answer.GetProperty("tables").GetProperty("connections").GetProperty("rows").EnumerateArray().Select(row => row.GetRawText())];
}
