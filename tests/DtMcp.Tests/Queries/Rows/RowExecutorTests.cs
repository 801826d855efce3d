using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Investigations;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Rows;

namespace DtMcp.Tests.Queries.Rows;

public class RowExecutorTests
{
    public static TheoryData<string> Tools =>
        ["summarize_network_traffic", "summarize_external_traffic", "analyze_protocols_and_ports", "analyze_bandwidth", "analyze_subnet",
            "analyze_device_activity"];

    private static FlowSet Random(int seed, int count, int hosts = 300)
    {
        var random = new Random(seed);
        var rows = new RowMaker();
        for (var i = 0; i < count; i++)
        {
            string Host() => random.Next(3) switch
            {
                0 => $"10.0.{random.Next(4)}.{random.Next(hosts / 10) + 1}",
                1 => $"198.51.{random.Next(100)}.{random.Next(hosts) % 250}",
                _ => $"192.168.1.{random.Next(20) + 1}",
            };
            rows.Add(1_768_000_000_000 + random.Next(100_000_000), Host(), Host(), (ushort)(random.Next(5) == 0 ? 0 : random.Next(600)),
                random.Next(100_000), random.Next(100_000),
                random.Next(4) == 0 ? FlowTraits.Failed : FlowTraits.None, random.Next(2) == 0 ? "tcp" : "udp",
                random.Next(3) switch { 0 => "dns", 1 => "unknown", _ => "ssl" });
        }

        return rows.Build();
    }

    private static Query QueryOf(string tool) => tool switch
    {
        "summarize_network_traffic" => SummaryQueries.Summary,
        "summarize_external_traffic" => SummaryQueries.External,
        "analyze_protocols_and_ports" => SummaryQueries.Protocols,
        "analyze_bandwidth" => SummaryQueries.Bandwidth,
        "analyze_subnet" => SummaryQueries.Subnet,
        _ => SummaryQueries.Device,
    };

    [Theory]
    [MemberData(nameof(Tools))]
    public void A_query_answers_as_the_analysis_written_by_hand(string tool)
    {
        foreach (var limit in new[] { 7, 100_000 })
        {
            var flows = Random(5, 60_000);
            var settings = WholeTables.Settings with { Limit = limit };
            Assert.True(NetAddress.TryParse("10.0.1.7", out var focus));
            Assert.True(AddressRange.TryParse("10.0.1.0/24", out var subnet));
            settings = tool switch
            {
                "analyze_device_activity" => settings with { FocusAddress = focus },
                "analyze_subnet" => settings with { Subnet = subnet },
                _ => settings,
            };
            var old = WholeTables.Run(tool, flows, settings);
            var executor = new RowExecutor(QueryOf(tool), settings);
            foreach (var chunk in flows.Chunks)
            {
                executor.Consume(flows, chunk);
            }

            var now = executor.Finish(flows);
            Assert.Equal(old.Totals.Select(Line), now.Totals.Select(Line));
            Assert.Equal(old.Tables.SelectMany(Lines), now.Tables.SelectMany(Lines));
            Assert.Equal(old.Notes.Where(note => !note.Contains("count for both")), now.Notes);
        }
    }

    private static string Line(Field field) => $"{field.Name}={Text(field.Value)}";

    private static IEnumerable<string> Lines(Table table) =>
        table.Rows.Select(row =>
            string.Join('|', row.Select(Text))).Prepend(
                $"{table.Name} by {table.SortedBy} of {table.Of}: {string.Join('|', table.Columns)}");

    private static string Text(Cell cell) => cell.Kind switch
    {
        CellKind.Absent => "-",
        CellKind.Text => cell.Text,
        CellKind.Integers => $"[{string.Join(',', cell.Integers)}] of {cell.ListOf}",
        CellKind.Texts => $"[{string.Join(',', cell.Texts)}] of {cell.ListOf}",
        CellKind.Number => cell.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => cell.Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
