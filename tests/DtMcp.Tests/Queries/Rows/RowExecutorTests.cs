using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Investigations;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Rows;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Queries.Rows;

/// <summary>Tables over rows against a plain scan of the same connections.</summary>
public class RowExecutorTests
{
    private static readonly Dimension[] Grouped =
    [
        Dimension.Endpoint, Dimension.Device, Dimension.Peer, Dimension.Source, Dimension.Destination, Dimension.Subnet, Dimension.Protocol,
        Dimension.ApplicationProtocol, Dimension.SourcePort, Dimension.DestinationPort, Dimension.State, Dimension.Direction,
        Dimension.Hour,
    ];

    private static readonly Terms[] Wheres =
    [
        Terms.None, Terms.External, Terms.Internal, Terms.Outbound, Terms.Inbound, Terms.Started, Terms.Received, Terms.Within,
        Terms.Across,
        Terms.Touches, Terms.SuspiciousPort, Terms.Started | Terms.External, Terms.Outbound | Terms.SuspiciousPort,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Tables_of_every_dimension_and_term_equal_a_plain_scan(int seed)
    {
        var random = new Random(seed);
        var (flows, rows) = Made(random, 20_000);
        var settings = Settings(seed);
        foreach (var by in Grouped)
        {
            var where = Wheres[random.Next(Wheres.Length)];
            var found = Run(flows, settings, by, where);

            var (expected, keys) = (Scan(rows, settings, by, where), Keys(found));
            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), keys.Keys.Order(StringComparer.Ordinal));
            Assert.All(expected, pair => Assert.Equal((by, where, pair.Key, pair.Value), (by, where, pair.Key, keys[pair.Key])));
        }
    }

    [Fact]
    public void The_first_rows_are_the_largest_and_the_whole_table_is_counted()
    {
        var (flows, rows) = Made(new Random(9), 20_000);
        var settings = Settings(1) with { Limit = 5 };
        var table = Run(flows, settings, Dimension.Destination, Terms.Outbound);

        var expected = Scan(rows, settings, Dimension.Destination, Terms.Outbound).OrderByDescending(pair => pair.Value.Bytes).ToList();
        Assert.Equal(expected.Take(5).Select(pair => pair.Key), table.Rows.Select(row => row[0].Text));
        Assert.Equal(expected.Count, table.Of);
    }

    [Fact]
    public void What_rows_do_not_know_is_left_out_with_the_reason()
    {
        var (flows, _) = Made(new Random(9), 100);
        flows.Seen &= ~(FlowFields.Bytes | FlowFields.BytesOut);
        var executor = new RowExecutor(new Traffic.Investigations.Bandwidth().Query, Settings(2));
        foreach (var chunk in flows.Chunks)
        {
            executor.Consume(flows, chunk);
        }

        var found = executor.Finish(flows);
        Assert.Empty(found.Tables);
        Assert.Contains(found.Notes, note => note.Contains("both directions together", StringComparison.Ordinal));
        Assert.Contains(found.Notes, note => note.Contains("no byte counts", StringComparison.Ordinal));
    }

    private static Table Run(FlowSet flows, AnalysisSettings settings, Dimension by, Terms where)
    {
        var key = by.IsEndpoint() ? Column.Ip : Column.Key(by);
        var table = new TableQuery
        {
            Name = "table",
            By = by,
            Where = where,
            Columns = [key, Column.Connections, Column.Bytes, Column.Packets, Column.Of("failed", MeasureKind.Failed)],
            WithUnknown = true,
        };
        var executor = new RowExecutor(new Query { Tables = [table] }, settings);
        foreach (var chunk in flows.Chunks)
        {
            executor.Consume(flows, chunk);
        }

        return Assert.Single(executor.Finish(flows).Tables);
    }

    private static Dictionary<string, (long Connections, long Bytes, long Packets)> Keys(Table table) => table.Rows.ToDictionary(
        row => row[0].Kind is CellKind.Text or CellKind.Moment ? row[0].Text : row[0].Integer.ToString(CultureInfo.InvariantCulture),
        row => (row[1].Integer, row[2].Integer, row[3].Integer),
        StringComparer.Ordinal);

    // One device (seed 1), a subnet (seed 2), or all devices.
    private static AnalysisSettings Settings(int seed)
    {
        Assert.True(NetAddress.TryParse("10.0.1.7", out var device));
        Assert.True(AddressRange.TryParse("10.0.1.0/24", out var subnet));
        return seed switch
        {
            1 => WholeTables.Settings with { FocusAddress = device },
            2 => WholeTables.Settings with { Subnet = subnet },
            _ => WholeTables.Settings,
        };
    }

    private static Dictionary<string, (long Connections, long Bytes, long Packets)> Scan(
        List<Row> rows, AnalysisSettings settings, Dimension by, Terms where)
    {
        Dictionary<string, (long Connections, long Bytes, long Packets)> sums = new(StringComparer.Ordinal);
        foreach (var row in rows.Where(row => Meets(row, settings, where)))
        {
            foreach (var key in KeysOf(row, settings, by).Distinct().Where(key => !(by.IsPort() && key == "0")))
            {
                var known = sums.GetValueOrDefault(key);
                sums[key] = (known.Connections + 1, known.Bytes + row.Bytes, known.Packets + 10);
            }
        }

        return sums;
    }

    private static IEnumerable<string> KeysOf(Row row, AnalysisSettings settings, Dimension by)
    {
        var (near, far) = (IsNear(row.Source, settings), IsNear(row.Destination, settings));
        string[] peers = [.. near ? [row.Destination] : Array.Empty<string>(), .. far ? [row.Source] : Array.Empty<string>()];
        return by switch
        {
            Dimension.Endpoint => [row.Source, row.Destination],
            Dimension.Device => [.. near ? [row.Source] : Array.Empty<string>(), .. far ? [row.Destination] : Array.Empty<string>()],
            Dimension.Peer => peers,
            Dimension.Subnet => peers.Select(peer => IsInside(peer) ? peer[..peer.LastIndexOf('.')] + ".0/24" : "outside"),
            Dimension.Source => [row.Source],
            Dimension.Destination => [row.Destination],
            Dimension.Protocol => [row.Protocol],
            Dimension.ApplicationProtocol => [row.Application],
            Dimension.SourcePort => ["50000"],
            Dimension.DestinationPort => [row.Port.ToString(CultureInfo.InvariantCulture)],
            Dimension.State => [row.Failed ? "failed" : "established"],
            Dimension.Direction => [!IsExternal(row) ? "internal" : IsInside(row.Destination) ? "inbound" : "outbound"],
            _ => [DateTimeOffset.FromUnixTimeMilliseconds(row.Start).ToString("yyyy-MM-dd HH:00", CultureInfo.InvariantCulture)],
        };
    }

    private static bool Meets(Row row, AnalysisSettings settings, Terms where)
    {
        var (near, far) = (IsNear(row.Source, settings), IsNear(row.Destination, settings));
        return (!where.HasFlag(Terms.External) || IsExternal(row))
            && (!where.HasFlag(Terms.Internal) || !IsExternal(row))
            && (!where.HasFlag(Terms.Outbound) || (IsExternal(row) && !IsInside(row.Destination)))
            && (!where.HasFlag(Terms.Inbound) || (IsExternal(row) && IsInside(row.Destination)))
            && (!where.HasFlag(Terms.Started) || near)
            && (!where.HasFlag(Terms.Received) || (far && !near))
            && (!where.HasFlag(Terms.Within) || (near && far))
            && (!where.HasFlag(Terms.Across) || (near != far))
            && (!where.HasFlag(Terms.Touches) || near || far)
            && (!where.HasFlag(Terms.SuspiciousPort) || row.Port is 22 or 445);
    }

    private static bool IsNear(string address, AnalysisSettings settings) =>
        settings.FocusAddress.IsPresent ? address == settings.FocusAddress.ToString()
        : settings.Subnet is not null ? address.StartsWith("10.0.1.", StringComparison.Ordinal)
        : IsInside(address);

    private static bool IsInside(string address) =>
        address.StartsWith("10.", StringComparison.Ordinal) || address.StartsWith("192.168.", StringComparison.Ordinal);

    private static bool IsExternal(Row row) => !(IsInside(row.Source) && IsInside(row.Destination));

    private static (FlowSet Flows, List<Row> Rows) Made(Random random, int count)
    {
        var maker = new RowMaker();
        List<Row> rows = [];
        for (var i = 0; i < count; i++)
        {
            var row = new Row(
                1_768_000_000_000 + random.Next(100_000_000), Host(), Host(),
                random.Next(5) switch { 0 => 0, 1 => 22, 2 => 445, _ => random.Next(600) + 500 },
                random.Next(100_000), random.Next(4) == 0, random.Next(2) == 0 ? "tcp" : "udp",
                random.Next(3) switch { 0 => "dns", 1 => "unknown", _ => "ssl" });
            rows.Add(row);
            maker.Add(
                row.Start, row.Source, row.Destination, (ushort)row.Port, row.Bytes / 3, row.Bytes - (row.Bytes / 3),
                row.Failed ? FlowTraits.Failed : FlowTraits.Established, row.Protocol, row.Application);
        }

        return (maker.Build(), rows);

        string Host() => random.Next(3) switch
        {
            0 => $"10.0.{random.Next(4)}.{random.Next(30) + 1}",
            1 => $"198.51.{random.Next(100)}.{random.Next(250)}",
            _ => $"192.168.1.{random.Next(20) + 1}",
        };
    }

    private sealed record Row(
        long Start, string Source, string Destination, int Port, long Bytes, bool Failed, string Protocol, string Application);
}
