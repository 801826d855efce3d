using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Queries.Rows;
using DtMcp.Traffic.Queries.Rows.Selecting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Investigations;

/// <summary>An analysis that is divided among threads finds what it finds on one.</summary>
public class DividedAnalysisTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_threads_find_what_one_finds(bool isFiltered)
    {
        var random = new Random(7);
        var rows = new RowMaker();
        string[] applications = ["ssl", "dns", "http", "", "smb"];
        for (var i = 0; i < RowFeed.FewestForThreads + 20_000; i++)
        {
            var (device, host) = ($"10.0.{random.Next(4)}.{random.Next(1, 60)}", $"198.51.{random.Next(8)}.{random.Next(1, 250)}");
            var (source, destination) =
                random.Next(8) switch { 0 => (host, device), 1 => (device, $"10.0.9.{random.Next(1, 200)}"), _ => (device, host) };
            rows.Add(1_768_467_600_000 + i, source, destination, (ushort)(random.Next(3) == 0 ? random.Next(65_536) : 443),
                random.Next(100_000), random.Next(1_000), application: applications[random.Next(5)]);
        }

        var flows = rows.Build();
        var filters = new NetworkQuery { Port = isFiltered ? 443 : null };
        var window = WholeTables.Settings.Window;
        var ask = new Ask { Window = window, Filters = filters, RowFilters = filters };
        RowFilter Filter(IFlowConsumer next) => new(ask, InternalRanges.Default, next);
        var (whole, divided) = (new ExternalTraffic().Begin(WholeTables.Settings), new ExternalTraffic().Begin(WholeTables.Settings));
        IFlowConsumer first = isFiltered ? Filter(whole) : whole;
        foreach (var chunk in flows.Chunks)
        {
            first.Consume(flows, chunk);
        }

        RowFeed.Run(flows, divided, isFiltered ? Filter(divided) : null, TestContext.Current.CancellationToken);

        var (expected, found) = (whole.Finish(flows), divided.Finish(flows));
        Assert.Equal(expected.Totals.Select(total => (total.Name, total.Value.Integer)),
            found.Totals.Select(total => (total.Name, total.Value.Integer)));
        Assert.True(expected.Total("inbound_connections").Integer > 1_000 && expected.Total("outbound_connections").Integer > 50_000);
        Assert.Equal(expected.Tables.Select(table => table.Name), found.Tables.Select(table => table.Name));
        foreach (var (one, other) in expected.Tables.Zip(found.Tables))
        {
            Assert.Equal(one.Rows.Select(Text), other.Rows.Select(Text));
        }
    }

    private static string Text(IReadOnlyList<Cell> row) => string.Join('|', row.Select(cell => cell.Kind switch
    {
        CellKind.Absent => "",
        CellKind.Text or CellKind.Moment => cell.Text,
        CellKind.Integers => string.Join(' ', cell.Integers),
        CellKind.Texts => string.Join(' ', cell.Texts),
        _ => $"{cell.Integer}",
    }));
}
