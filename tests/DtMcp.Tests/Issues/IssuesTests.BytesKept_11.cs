using System.Buffers;
using System.Text;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Investigations;
using DtMcp.Tests.Reading;
using DtMcp.Tests.Support;
using DtMcp.Traffic;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Issues;

/// <summary>What is kept is counted in bytes, names with it, and what one reading or hunt may hold is bounded and told.</summary>
public sealed class BytesKept_11
{
    private static readonly Ask Any =
        new() { Window = new TimeWindow(0, 0), Filters = new NetworkQuery(), RowFilters = new NetworkQuery() };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Seven_windows_of_long_names_do_not_stay_in_sixteen_mebibytes()
    {
        var options = new InvestigatorOptions { Appliance = "test", CacheBytes = 16L << 20 };
        var store = new CaptureStore(options, TimeProvider.System);
        var body = Rows(10_000,
            i => $"\"sourcedevice\":{{\"ip\":\"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}\",\"hostname\":\"{Long(i)}\","
                + $"\"devicelabel\":\"{Long(i)}\"}},"
                + $"\"destinationdevice\":{{\"ip\":\"10.9.0.1\"}}");
        for (var window = 0; window < 7; window++)
        {
            var key = new CaptureKey(new TimeWindow(window, window + 1), new NetworkQuery(), Records: false);
            var (_, flows) = await Bodies.ReadAsync(body);
            var capture = new Capture { Key = key, Evidence = EvidenceKind.Flows, ReadAt = TimeProvider.System.GetUtcNow(), Flows = flows };
            Assert.InRange(capture.Size, 2 * 10_000 * 1_000, 40 << 20);
            await store.ReadAsync(Any, key, true, (_, _) => Task.FromResult(capture), null, Cancelled);
            Assert.Null(store.Find(key, false));
        }

        Assert.Equal(0, store.Size);
    }

    [Fact]
    public async Task Small_captures_stay_and_what_is_found_in_them_counts_too()
    {
        var store = new CaptureStore(new InvestigatorOptions { Appliance = "test", CacheBytes = 4L << 20 }, TimeProvider.System);
        var (_, flows) = await Bodies.ReadAsync(Rows(10, i => $"\"sourcedevice\":{{\"ip\":\"10.0.0.{i}\"}}"));
        var key = new CaptureKey(new TimeWindow(0, 1), new NetworkQuery(), Records: false);
        var capture = new Capture { Key = key, Evidence = EvidenceKind.Flows, ReadAt = TimeProvider.System.GetUtcNow(), Flows = flows };
        await store.ReadAsync(Any, key, true, (_, _) => Task.FromResult(capture), null, Cancelled);
        Assert.Same(capture, store.Find(key, false));
        var before = capture.Size;
        for (var i = 0; i < 20; i++)
        {
            await capture.Found.GetAsync(
                new FindingsMemo.Key(Investigating.Of("get_network_traffic"),
                    new AnalysisSettings { Window = new TimeWindow(0, i), Filters = new NetworkQuery() },
                    new TimeWindow(0, i)),
                _ => Task.FromResult(new Findings { Totals = [], Tables = [TableOf(500, new string('x', 500))] }),
                Cancelled);
        }

        Assert.InRange(capture.Size - before, 4L << 20, FindingsMemo.MaxBytes);
        Assert.Null(store.Find(key, false));
        Assert.Equal(0, store.Size);
    }

    [Fact]
    public async Task Guide_tables_count_their_texts_and_are_bounded_by_bytes()
    {
        var body = "{\"devices\":["
            + string.Join(',', Enumerable.Range(0,
                2_000).Select(i => $"{{\"did\":{i},\"ip\":\"10.0.0.1\",\"hostname\":\"{Long(i)}\",\"os\":\"{Long(i)}\"}}")) + "]}";
        var (answer, _) = await Bodies.ReadAsync(body);
        var capture = new Capture
        {
            Key = new CaptureKey(new TimeWindow(0, 1), new NetworkQuery(), Records: false),
            Evidence = EvidenceKind.Connectivity,
            ReadAt = default,
            Connectivity = answer.Connectivity,
        };
        Assert.InRange(capture.Size, 2_000 * 2 * 2_000, 20 << 20);
        Assert.Equal(0, answer.EntriesNotKept);

        var bounded = await NetworkReader.ReadAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(body)), new NetworkShape(new FlowSet()) { MaxBytes = 1 << 20 }, null,
            JsonWindow.UsualBytes, Cancelled);
        Assert.InRange(bounded.Connectivity!.Size, 900_000, 1 << 20);
        Assert.Equal(2_000, bounded.Connectivity.Devices!.Count + bounded.EntriesNotKept);
        Assert.Contains("more entries than are kept", Assert.Single(Caveats.OfEntries(bounded)), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_protocols_are_bounded_in_length_and_in_all()
    {
        var names = new NameTable();
        for (var i = 0; i < 40_000; i++)
        {
            names.GetOrAdd(Encoding.UTF8.GetBytes($"{i:D8}{new string('p', 900)}"));
        }

        Assert.True(names.Overflowed && names.HasCut);
        Assert.InRange(names.Size, KeptNames.MaxProtocolBytes / 2, KeptNames.MaxProtocolBytes + 1_000);
        Assert.Equal(KeptNames.Longest, names[1].Length);
        Assert.Equal(KeptNames.Other, names[names.GetOrAdd("a further one".AsSpan())]);
        Assert.Equal(1, names.GetOrAdd(Encoding.UTF8.GetBytes($"{0:D8}{new string('p', 900)}")));
    }

    [Fact]
    public void Endpoints_known_by_their_names_alone_are_bounded_by_the_bytes_of_them()
    {
        var hosts = new HostTable();
        for (var i = 0; i < 150_000; i++)
        {
            hosts.GetOrAdd(NetAddress.None, HostTable.NoDid, $"{i:D8}{new string('h', 600)}");
        }

        Assert.InRange(hosts.Size, 32L << 20, 90L << 20);
        Assert.True(hosts.HasCut);
        Assert.Equal(150_000, hosts.Count + hosts.NamesLeftOut - 1);
        Assert.Equal(KeptNames.Other, hosts.Name(hosts.Count - 1));
    }

    [Fact]
    public void Details_beyond_the_bound_are_left_out_and_counted()
    {
        var hosts = new HostTable();
        for (var i = 0U; i < 40_000; i++)
        {
            hosts.Describe(hosts.GetOrAdd(NetAddress.FromIPv4(i), HostTable.NoDid),
                new HostDetails { Hostname = $"{i:D8}{new string('h', 900)}", Os = "x" });
        }

        Assert.Equal(40_000, hosts.Count);
        Assert.InRange(hosts.DetailsLeftOut, 1, 39_000);
        Assert.NotNull(hosts.Details(0));
        Assert.Null(hosts.Details(39_999));
        Assert.InRange(hosts.Size, KeptNames.MaxHostBytes, KeptNames.MaxHostBytes + (8 << 20));
    }

    [Fact]
    public async Task Cut_names_are_told_in_the_answer()
    {
        var body = Rows(3, i => $"\"sourcedevice\":{{\"ip\":\"10.0.0.{i}\"}},\"applicationprotocol\":\"{Long(7)}{i}\",\"bytes\":1");
        await using var server = new TinyServer(TinyServer.Json(body));
        using var client = DarktraceClient.Create(
            new DarktraceOptions { Host = new Uri(server.Http), PublicToken = "p-0001", PrivateToken = new Secret("q-0002") },
            TimeProvider.System, null);
        var investigator = new Investigator(new InvestigatorOptions { Appliance = "test" }, client, TimeProvider.System);
        var answer = await investigator.AskAsync(new Question
        {
            Investigation = Investigating.Of("summarize_network_traffic"),
            Window = new TimeWindow(0, 1_000),
        },
            null,
            Cancelled);
        Assert.Contains("Names of more than 255 characters are cut; those that begin alike count as one.", answer.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_of_twenty_megabytes_is_refused_with_its_bound()
    {
        var body = "{\"traffic\":[{\"bytes\":1},{" + string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"\"key{i}\":{i}"))
            + "}]}";
        var refused = await Assert.ThrowsAsync<ApplianceException>(() => Bodies.ReadAsync(body));
        Assert.Equal((ApplianceError.BadAnswer, 1), (refused.Error, refused.RowsRead));
        Assert.Contains("a row of more than 4 MiB", refused.Happened, StringComparison.Ordinal);
    }

    [Fact]
    public void Buffers_that_one_huge_value_grew_are_given_back_to_the_collector_and_not_to_the_pool()
    {
        var grown = Buffers.Rent(3 << 20);
        Buffers.Return(grown);
        Assert.NotSame(grown, ArrayPool<byte>.Shared.Rent(3 << 20));
        Assert.Equal(3 << 20, grown.Length);
        Assert.Equal(1 << 18, Buffers.Rent(200_000).Length);
    }

    [Fact]
    public void A_hunt_holds_the_starts_of_two_million_connections_and_says_when_there_were_more()
    {
        var rows = new RowMaker();
        for (var i = 0; i < FlowChunk.Capacity; i++)
        {
            rows.Add(i * 1_000L, "10.0.0.1", "203.0.113.9", 443, 10, 20);
        }

        var flows = rows.Build();
        var hunt = new TrafficHunt(WholeTables.Settings);
        for (var i = 0; i < (ChannelBook.MaxStarts / FlowChunk.Capacity) + 1; i++)
        {
            hunt.Now.Consume(flows, flows.Chunks[0]);
            hunt.Before.Consume(flows, flows.Chunks[0]);
        }

        Assert.Contains(hunt.Finish(flows, flows).Notes,
            note => note.StartsWith("There are more than 2000000 connections", StringComparison.Ordinal));
        Assert.True(ChannelBook.BytesOf(long.MaxValue) < 256 << 20);
    }

    [Fact]
    public void The_time_before_keeps_no_starts()
    {
        var rows = new RowMaker();
        for (var i = 0; i < 100; i++)
        {
            rows.Add(i * 60_000L, "10.0.0.1", "203.0.113.9", 443, 10, 20);
        }

        var flows = rows.Build();
        var book = new ChannelBook(new Sides(InternalRanges.Default), new ChannelQuery(WantsStarts: false));
        book.Consume(flows, flows.Chunks[0]);
        Assert.Equal(0, book.StartsOf(1).Count);
        Assert.Contains(TrafficHunt.Over(flows, null, WholeTables.Settings, HuntKind.Beacon).Tables[0].Rows,
            row => row[0].Text == "beacon");
    }

    private static string Long(int i) => $"{i:D8}{new string('n', 992)}";

    private static string Rows(int count, Func<int, string> row) =>
        $"{{\"traffic\":[{string.Join(',', Enumerable.Range(0, count).Select(i => $"{{{row(i)}}}"))}]}}";

    private static Table TableOf(int rows, string text) => new()
    {
        Name = "t",
        Of = rows,
        Columns = ["a"],
        Rows = [.. Enumerable.Range(0, rows).Select(_ => new[] { Cell.Of(text) })],
    };
}
