using System.Buffers.Text;
using System.Text.Json;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Investigations.Comparing;

namespace DtMcp.Tests.Evidence;

/// <summary>What an emulated appliance is asked for: what was read once is not read again, and little costs little.</summary>
public sealed class RequestsSavedTests
{
    private const long DayMs = 86_400_000;

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Sdk)]
    public async Task Seven_questions_over_a_day_read_its_rows_once(Dialect dialect)
    {
        await using var investigator = await StartAsync(options => options with { Connections = 25_000, Days = 1, Dialect = dialect });
        var device = TextAddress.Of("10.10.1.20");
        Assert.True(AddressRange.TryParse("10.10.1.0/24", out var subnet));
        string[] tools =
        [
            "summarize_network_traffic", "get_network_traffic", "summarize_external_traffic", "analyze_device_activity",
            "analyze_protocols_and_ports", "analyze_bandwidth", "analyze_subnet",
        ];
        var window = investigator.LastDay;
        List<(string Tool, int Pages, long Rows)> read = [];
        foreach (var tool in tools)
        {
            var (pages, rows) = Read(investigator);
            await investigator.AskAsync(tool, new NetworkQuery { Ip = tool == "analyze_device_activity" ? device : null }, window,
                question => question with { Subnet = tool == "analyze_subnet" ? subnet : null });
            var after = Read(investigator);
            read.Add((tool, after.Pages - pages, after.Rows - rows));
        }

        Assert.True(read[0].Rows >= 20_000, $"{read[0]}");
        Assert.True(read[1..].TrueForAll(one => one is { Pages: 0, Rows: 0 }), string.Join('\n', read));
    }

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Sdk)]
    public async Task A_year_of_little_costs_a_handful_of_requests(Dialect dialect)
    {
        await using var investigator = await StartAsync(options => options with { Connections = 8_000, Days = 2, Dialect = dialect });
        var window = new TimeWindow(investigator.LastDay.EndMs - (365 * DayMs), investigator.LastDay.EndMs);
        var answer = await investigator.AskAsync("summarize_network_traffic", window: window);

        Assert.Equal(investigator.Appliance.Records.Rows.Length, answer.GetProperty("totals").GetProperty("connections").GetInt64());
        Assert.InRange(investigator.Appliance.Requests.Count, 1, 12);
    }

    [Theory]
    [InlineData(Dialect.Guide, 2_000_000)]
    [InlineData(Dialect.Guide, 20_000)]
    [InlineData(Dialect.Sdk, 2_000_000)]
    [InlineData(Dialect.Sdk, 20_000)]
    public async Task Windows_that_overlap_are_read_once(Dialect dialect, long maxFlows)
    {
        await using var investigator = await StartAsync(
            options => options with { Connections = 30_000, Days = 4, Dialect = dialect }, maxFlows);
        var now = new TimeWindow(investigator.LastDay.EndMs - (2 * DayMs), investigator.LastDay.EndMs);
        var before = new TimeWindow(now.StartMs - DayMs, now.EndMs - DayMs);
        var answer = await investigator.AskAsync("compare_traffic", window: now,
            more: question => question with { Investigation = new Comparison(LookBack.Day) });

        var rows = investigator.Appliance.Records.Rows;
        var totals = answer.GetProperty("totals");
        Assert.Equal(rows.Count(row => In(now, row.StartMs)), totals.GetProperty("connections").GetInt64());
        Assert.Equal(rows.Count(row => In(before, row.StartMs)), totals.GetProperty("connections_before").GetInt64());
        var inEither = rows.Count(row => In(now, row.StartMs) || In(before, row.StartMs));
        Assert.InRange(Read(investigator).Rows, inEither, inEither + 10_100);

        static bool In(TimeWindow window, long time) => time >= window.StartMs && time <= window.EndMs;
    }

    // Pages of connection records and rows of /network.
    private static (int Pages, long Rows) Read(InvestigatorFixture investigator)
    {
        var read = investigator.Appliance.Requests.Where(IsOfRows).ToList();
        return (read.Count, read.Sum(request => request.Rows));
    }

    // A series of bytes is no row.
    private static bool IsOfRows(RequestLogEntry request) => request.Target.StartsWith("/network", StringComparison.Ordinal)
        ? request.Rows > 0 && !request.Target.Contains("metric=", StringComparison.Ordinal)
        : request.Target.StartsWith("/advancedsearch/api/search/", StringComparison.Ordinal)
            && JsonElement.Parse(Base64Url.DecodeFromChars(request.Target.Split('/')[^1])).GetProperty("search").GetString()!
                .Contains("@type:conn", StringComparison.Ordinal);

    private static Task<InvestigatorFixture> StartAsync(Func<SimulatorOptions, SimulatorOptions> configure, long maxFlows = 2_000_000) =>
        InvestigatorFixture.StartAsync(
            options => configure(options) with { ClockRuns = false, Now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero) },
            options => options with { MaxFlows = maxFlows });
}
