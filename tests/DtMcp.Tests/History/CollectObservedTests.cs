using System.Diagnostics;
using DtMcp.Tests.Serving.Telemetry;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.History;

/// <summary>What <c>dtmcp collect</c> tells of itself.</summary>
[Collection(nameof(ClickHouse))]
public sealed class CollectObservedTests(ClickHouse server)
{
    private const string Now = "2026-03-04T12:30:00Z";

    [Fact]
    public async Task Collect_tells_its_lag_hours_rows_and_bytes_and_names_no_appliance()
    {
        await using var collector = await Serving.Telemetry.Collector.StartAsync();
        var (code, _, error) = await Published.RunAsync(Collecting(collector, server.Options().Database));
        Assert.True(code == 0, error);

        Assert.Equal([("1", "added", 3L)], Points(collector, "dtmcp.history.hours").Select(point =>
            (point["dtmcp.appliance.number"], point["dtmcp.outcome"], Value(point))));
        var rows = Value(Assert.Single(Points(collector, "dtmcp.history.collected")));
        Assert.InRange(rows, 100, 3_000);
        var names = Value(Assert.Single(Points(collector, "dtmcp.history.names")));
        Assert.InRange(names, 50, 3_000);
        Assert.InRange(Value(Assert.Single(Points(collector, "dtmcp.history.sent"))), 100 * (rows + names), 400 * (rows + names));

        // The last hour that is over ended half an hour ago.
        Assert.Equal(1_800, Value(Assert.Single(Points(collector, "dtmcp.history.lag"))));
        Assert.DoesNotContain("demo", collector.All, StringComparison.Ordinal);
        Assert.Empty(Points(collector, "dtmcp.history.failures"));
    }

    [Fact]
    public async Task A_round_that_was_broken_off_is_told_with_who_did_not_answer()
    {
        await using var collector = await Serving.Telemetry.Collector.StartAsync();
        var start = Collecting(collector, server.Options().Database, "--without", "Advanced Search");
        Assert.Equal(1, (await Published.RunAsync(start)).Code);
        Assert.Equal("appliance", Assert.Single(Points(collector, "dtmcp.history.failures"))["dtmcp.from"]);
    }

    private ProcessStartInfo Collecting(Serving.Telemetry.Collector collector, string database, params string[] more)
    {
        var options = server.Options();
        var start = Published.Start(
        [
            "collect", "--once", "--last", "3h", "--demo", "--connections", "3000", "--days", "1", "--now", Now, "--clock", "still",
            .. more,
        ]);
        start.Environment["DTMCP_HISTORY_URL"] = options.Nodes[0].ToString();
        start.Environment["DTMCP_HISTORY_DATABASE"] = database;
        start.Environment["DTMCP_HISTORY_USER"] = "collector";
        start.Environment["DTMCP_HISTORY_PASSWORD_FILE"] = server.PasswordFile(1, "collector");
        collector.Observe(start);
        return start;
    }

    // The points of a metric as they were sent last: of a sum, or of a gauge.
    private static List<Dictionary<string, string>> Points(Serving.Telemetry.Collector collector, string name) =>
    [
        .. collector.Metrics.Where(metric => metric.Text(1) == name).TakeLast(1)
            .SelectMany(metric => metric.At(7, 1).Concat(metric.At(5, 1))).Select(point =>
                new Dictionary<string, string>(point.Attributes(7)) { [""] = $"{Number(point)}" }),
    ];

    private static long Number(ProtobufMessage point) =>
        point.Number(6) is not 0 and var whole ? whole : (long)BitConverter.Int64BitsToDouble(point.Number(4));

    private static long Value(Dictionary<string, string> point) =>
        long.Parse(point[""], System.Globalization.CultureInfo.InvariantCulture);
}
