using System.Text.Json.Nodes;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.History;
using DtMcp.History.Schema;
using DtMcp.History.Wire;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.History;

/// <summary>Tables of an earlier version keep their rows, and are counted with those that come later.</summary>
[Collection(nameof(ClickHouse))]
public sealed class MigrationTests(ClickHouse server)
{
    private const long HourMs = 3_600_000;

    private static readonly string[] Ends =
        ["10.0.0.1", "192.168.7.7", "203.0.113.9", "198.51.100.20", "fe80::1", "2001:db8::5", "224.0.0.251"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Rows_of_the_first_version_are_counted_with_those_of_the_second(int shards)
    {
        await using var appliance = await InvestigatorFixture.StartAsync(
            options => options with { ClockRuns = false, Now = new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero) });
        var options = server.Options(shards);
        using var store = await ClickHouse.OpenAsync(options);
        await MakeFirstAsync(options);
        var first = appliance.Now.ToUnixTimeMilliseconds() - (4 * HourMs);
        for (var hour = 0; hour < 2; hour++)
        {
            await HoldAsync(store, options, first + (hour * HourMs), (ulong)hour + 1, isFirst: true);
        }

        await store.MigrateAsync(Token);
        await store.MigrateAsync(Token);
        for (var hour = 2; hour < 4; hour++)
        {
            await HoldAsync(store, options, first + (hour * HourMs), (ulong)hour + 1, isFirst: false);
        }

        var window = new TimeWindow(first, first + (4 * HourMs) - 1);
        var held = (await store.SpanAsync("demo", window, Token)).Hours;
        Assert.Equal([false, false, true, true], held.Select(hour => hour.IsRolled));
        foreach (var tool in new[] { "summarize_network_traffic", "summarize_external_traffic", "analyze_protocols_and_ports" })
        {
            var question = new Question
            {
                Investigation = Investigating.Of(tool),
                Window = window,
                Format = AnswerFormat.Json,
                NoBudget = true,
                Evidence = EvidenceWish.History,
            };
            var (read, counted) = (await AskAsync(long.MaxValue), await AskAsync(0));
            Assert.Contains("counted there", counted["notes"]!.ToJsonString(), StringComparison.Ordinal);
            Assert.Equal(HistoryAnswer.Bare(read), HistoryAnswer.Bare(counted));
            Assert.True(tool != "summarize_network_traffic" || (int?)counted["totals"]!["connections"] == 400, counted.ToJsonString());

            async Task<JsonNode> AskAsync(long countedRows) => JsonNode.Parse((await appliance.InvestigatorBy(
                appliance.Appliance.Clock, history: store, options: new InvestigatorOptions
                {
                    Appliance = "demo",
                    Evidence = EvidencePolicy.Records,
                    CountedRows = countedRows,
                }).AskAsync(question, null, Token)).Json!)!;
        }
    }

    // What the second version made is taken away, and its number with it.
    private static async Task MakeFirstAsync(HistoryOptions options)
    {
        var tables = new HistoryTables(options);
        string[] suffixes = options.Cluster is null ? [""] : ["_all", ""];
        foreach (var node in options.Nodes)
        {
            using var wire = new HistoryServer(options, node, TimeProvider.System);
            foreach (var suffix in suffixes)
            {
                await wire.RunAsync(Sql.Of($"DROP TABLE {tables.Local("hours" + suffix)}"), Token);
                await wire.RunAsync(Sql.Of($"ALTER TABLE {tables.Local("conn" + suffix)} DROP COLUMN sides"), Token);
                await wire.RunAsync(Sql.Of($"ALTER TABLE {tables.Local("parts" + suffix)} DROP COLUMN rolled"), Token);
            }

            await wire.RunAsync(Sql.Of($"DROP TABLE {tables.Local("migrations")}"), Token);
            await wire.RunAsync(Sql.Of($"""
                CREATE TABLE {tables.Local("migrations")} (day Date, version UInt32)
                ENGINE = MergeTree PARTITION BY tuple() ORDER BY version
                """), Token);
            await wire.RunAsync(Sql.Of($"INSERT INTO {tables.Local("migrations")} VALUES (0, 1)"), Token);
        }
    }

    private static async Task HoldAsync(HistoryStore store, HistoryOptions options, long hourMs, ulong part, bool isFirst)
    {
        var random = new Random((int)part);
        var rows = store.Part("demo", hourMs, part, Token);
        var flows = new FlowSet(maxKept: 0, rows) { Seen = (FlowFields)0x1FFF };
        int[] ids = [.. Ends.Select(end => flows.Hosts.GetOrAdd(NetAddress.OrNone(end), HostTable.NoDid, null))];
        var chunk = flows.Rent();
        for (var i = 0; i < 100; i++)
        {
            chunk.SetStart(i, hourMs + random.NextInt64(HourMs));
            (chunk.Source[i], chunk.Destination[i]) = (ids[random.Next(ids.Length)], ids[random.Next(ids.Length)]);
            chunk.Protocol[i] = flows.Protocols.GetOrAdd(random.Next(3) == 0 ? "udp" : "tcp");
            chunk.ApplicationProtocol[i] = flows.ApplicationProtocols.GetOrAdd(random.Next(3) == 0 ? "" : "ssl");
            chunk.DestinationPort[i] = (ushort)(random.Next(2) == 0 ? 443 : 53);
            chunk.Traits[i] = random.Next(4) == 0 ? FlowTraits.Failed : FlowTraits.Established;
            chunk.Bytes[i] = random.Next(100_000) + 100_000;
            chunk.SetBytesOut(i, random.Next(100_000));
            chunk.Packets[i] = 1_000;
            chunk.Count = i + 1;
        }

        flows.Accept(chunk);
        flows.Settle();
        rows.Finish(flows);
        var hour = new HistoryHour(hourMs, part, rows.Rows)
        {
            Total = rows.Rows,
            Seen = flows.Seen,
            CollectedMs = hourMs,
            IsRolled = !isFirst,
        };
        if (!isFirst)
        {
            await store.RollUpAsync("demo", part, Token);
            await store.CheckAsync("demo", hour, Token);
            store.Note("demo", hour, Token);
            return;
        }

        var row = new RowBinaryWriter();
        row.Text("demo");
        row.Date(hourMs);
        row.U32((uint)(hourMs / 1000));
        row.U64(part);
        row.U64((ulong)hour.Rows);
        row.U64((ulong)hour.Total);
        row.U32((uint)hour.Seen);
        row.U64(0);
        row.U64(0);
        row.U64(0);
        row.I64(hour.CollectedMs);
        using var wire = new HistoryServer(options, options.Nodes[0], TimeProvider.System);
        var columns = HistoryTables.PartsColumns.Replace(", rolled", "", StringComparison.Ordinal);
        wire.Insert(HistoryTables.Columns(new HistoryTables(options).Parts, columns), row.Rows, Token);
    }
}
