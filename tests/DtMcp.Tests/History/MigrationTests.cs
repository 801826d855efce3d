using System.Text.Json.Nodes;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
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
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public async Task Rows_of_an_earlier_version_are_counted_with_those_that_come_later(int shards, int version)
    {
        await using var appliance = await InvestigatorFixture.StartAsync(
            options => options with { ClockRuns = false, Now = new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero) });
        var options = server.Options(shards);
        using var store = await ClickHouse.OpenAsync(options);
        await MakeEarlierAsync(options, version);
        var first = appliance.Now.ToUnixTimeMilliseconds() - (4 * HourMs);
        for (var hour = 0; hour < 2; hour++)
        {
            await HoldAsync(store, options, first + (hour * HourMs), (ulong)hour + 1, version);
        }

        var window = new TimeWindow(first, first + (4 * HourMs) - 1);
        var early = await Assert.ThrowsAsync<HistoryException>(() => store.SpanAsync("demo", window, Token));
        Assert.Contains("earlier version", early.Happened, StringComparison.Ordinal);
        await store.MigrateAsync(Token);
        await store.MigrateAsync(Token);
        for (var hour = 2; hour < 4; hour++)
        {
            await HoldAsync(store, options, first + (hour * HourMs), (ulong)hour + 1, version: 3);
        }

        var held = (await store.SpanAsync("demo", window, Token)).Hours;
        Assert.Equal([version > 1, version > 1, true, true], held.Select(hour => hour.IsRolled));
        Assert.Equal([(false, 0), (false, 0), (true, 3L), (true, 3L)], held.Select(hour => (hour.IsNamed, hour.Names)));
        var named = new HistorySpan("demo", held).WithNames;
        Assert.Equal(
            ["b.test", "a.test", "b.test", "a.test"],
            (await store.NamesAsync(named, new NameSearch { Kind = NameKind.Dns, Window = window }, 100, Token))
                .Select(record => record.Name));
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

    // What later versions made is taken away, and their numbers with it.
    private static async Task MakeEarlierAsync(HistoryOptions options, int version)
    {
        var tables = new HistoryTables(options);
        string[] suffixes = options.Cluster is null ? [""] : ["_all", ""];
        foreach (var node in options.Nodes)
        {
            using var wire = new HistoryServer(options, node, TimeProvider.System);
            foreach (var suffix in suffixes)
            {
                await wire.RunAsync(Sql.Of($"DROP TABLE {tables.Local("names" + suffix)}"), Token);
                foreach (var column in new[] { "named", "names", "names_total", "names_note" })
                {
                    await wire.RunAsync(Sql.Of($"ALTER TABLE {tables.Local("parts" + suffix)} DROP COLUMN {Sql.Name(column)}"), Token);
                }

                if (version > 1)
                {
                    continue;
                }

                await wire.RunAsync(Sql.Of($"DROP TABLE {tables.Local("hours" + suffix)}"), Token);
                await wire.RunAsync(Sql.Of($"ALTER TABLE {tables.Local("conn" + suffix)} DROP COLUMN sides"), Token);
                await wire.RunAsync(Sql.Of($"ALTER TABLE {tables.Local("parts" + suffix)} DROP COLUMN rolled"), Token);
            }

            await wire.RunAsync(Sql.Of($"DROP TABLE {tables.Local("migrations")}"), Token);
            await wire.RunAsync(Sql.Of($"""
                CREATE TABLE {tables.Local("migrations")} (day Date, version UInt32)
                ENGINE = MergeTree PARTITION BY tuple() ORDER BY version
                """), Token);
            await wire.RunAsync(Sql.Of($"INSERT INTO {tables.Local("migrations")} VALUES (0, {version})"), Token);
        }
    }

    private static NameRecord Name(long time, string name) =>
        new(time, NetAddress.OrNone(Ends[0]), NetAddress.OrNone(Ends[2]), name) { Answers = [NetAddress.OrNone(Ends[3])] };

    private static async Task HoldAsync(HistoryStore store, HistoryOptions options, long hourMs, ulong part, int version)
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
            IsRolled = version > 1,
        };
        if (version > 1)
        {
            await store.RollUpAsync("demo", part, Token);
        }

        if (version > 2)
        {
            var names = store.NamesOf("demo", hourMs, part, Token);
            names.Add(NameKind.Dns, [Name(hourMs + 5, "a.test"), Name(hourMs + 6, "b.test")]);
            names.Add(NameKind.Ssl, [Name(hourMs + 7, "c.test")]);
            names.Finish();
            hour = hour with { IsNamed = true, Names = names.Rows };
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
        if (version > 1)
        {
            row.U8(1);
        }

        using var wire = new HistoryServer(options, options.Nodes[0], TimeProvider.System);
        const string Columns = HistoryTables.PartsColumns;
        var columns = Columns[..Columns.IndexOf(version > 1 ? ", named" : ", rolled", StringComparison.Ordinal)];
        wire.Insert(HistoryTables.Columns(new HistoryTables(options).Parts, columns), row.Rows, Token);
    }
}
