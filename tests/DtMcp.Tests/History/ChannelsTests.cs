using System.Reflection;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Queries.Channels;
using DtMcp.Traffic.Queries.Collected;
using DtMcp.Traffic.Questions;
using static DtMcp.Tests.History.HistoryAnswer;

namespace DtMcp.Tests.History;

/// <summary>Channels that the history groups are those of its rows, and hunts find the same in them.</summary>
[Collection(nameof(SecondClickHouse))]
public sealed class ChannelsTests(ClickHouse server)
{
    private const long HourMs = 3_600_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_hunt_by_grouped_channels_is_the_hunt_by_rows_to_the_byte(int shards)
    {
        await using var appliance = await StartAsync();
        using var store = await CollectedAsync(appliance, server.Options(shards), hours: 60);
        var random = new Random(shards);
        for (var i = 0; i < 12; i++)
        {
            var question = Question(random, appliance, i);
            var records = await AskAsync(appliance, store, question with { Evidence = EvidenceWish.Records });
            var history = await AskAsync(appliance, store, question);
            Assert.Contains("counted there", history["notes"]!.ToJsonString(), StringComparison.Ordinal);
            Assert.Equal(Bare(records), Bare(history));
        }
    }

    // The last hour is read, the day before is grouped.
    [Fact]
    public async Task Each_window_of_a_hunt_is_grouped_by_itself()
    {
        await using var appliance = await StartAsync();
        using var store = await CollectedAsync(appliance, server.Options(), hours: 30);
        var end = appliance.Now.ToUnixTimeMilliseconds();
        var question = Question(new Random(1), appliance, 0) with { Window = new TimeWindow(end - HourMs, end) };
        var records = await AskAsync(appliance, store, question with { Evidence = EvidenceWish.Records });
        var history = await AskAsync(appliance, store, question, countedRows: 2_000);
        var notes = history["notes"]!.AsArray().Select(note => (string)note!).ToList();
        Assert.Contains(notes, note => note.Contains("The other window: From the history", StringComparison.Ordinal)
            && note.Contains("counted there", StringComparison.Ordinal));
        Assert.DoesNotContain(notes, note => note.StartsWith("From the history", StringComparison.Ordinal)
            && note.Contains("counted there", StringComparison.Ordinal));
        Assert.Equal(Bare(records), Bare(history));
    }

    [Theory]
    [InlineData(1, 20_000_000)]
    [InlineData(2, 20_000_000)]
    [InlineData(1, 200)]
    [InlineData(2, 300)]
    public async Task Channels_of_odd_rows_are_those_of_the_rows(int shards, long atOnce)
    {
        using var store = await ClickHouse.OpenAsync(server.Options(shards) with { ChannelsAtOnce = atOnce });
        var (random, first) = (new Random(31), 491_243 * HourMs);
        for (var hour = 0; hour < 10; hour++)
        {
            await OddHours.AddAsync(store, random, first + (hour * HourMs), (ulong)hour + 1);
        }

        for (var i = 0; i < 8; i++)
        {
            var window = new TimeWindow(first + random.NextInt64(4 * HourMs), first + (5 * HourMs) + random.NextInt64(5 * HourMs));
            var search = new ConnSearch { Window = window, DestinationPort = i % 3 == 2 ? 443 : null };
            var span = (await store.SpanAsync("demo", window, Token)).Within(window);
            var (rows, grouped) = (new FlowSet(), new FlowSet());
            var (ofRows, ofGroups) = (Book(), Book());
            await store.ReadAsync(span, search, rows, null, Token);
            foreach (var chunk in rows.Chunks)
            {
                ofRows.Consume(rows, chunk);
            }

            await store.SumChannelsAsync(
                new HistorySelection
                {
                    Span = span,
                    Search = search,
                    Internal = InternalRanges.Default,
                    Seen = rows.Seen,
                },
                1, grouped, (in channel, starts, sizes) => ofGroups.Add(grouped, channel, starts, sizes), Token);
            Assert.True(ofRows.All.Count > 50);
            Assert.Equal(Told(ofRows, rows), Told(ofGroups, grouped));
            Assert.Equal((ofRows.Connections, ofRows.FirstMs, ofRows.LastMs), (ofGroups.Connections, ofGroups.FirstMs, ofGroups.LastMs));
        }

        static ChannelBook Book() => new(new Sides(InternalRanges.Default), new ChannelQuery(WantsStarts: true));
    }

    // Sizes that a sensor made up are told, as the rows tell them.
    [Fact]
    public async Task A_hunt_in_odd_rows_is_the_same_by_channels()
    {
        await using var appliance = await StartAsync();
        using var store = await ClickHouse.OpenAsync(server.Options());
        var (random, first) = (new Random(7), (appliance.Now.ToUnixTimeMilliseconds() / HourMs * HourMs) - (50 * HourMs));
        for (var hour = 0; hour < 50; hour++)
        {
            await OddHours.AddAsync(store, random, first + (hour * HourMs), (ulong)hour + 1);
        }

        for (var i = 0; i < 8; i++)
        {
            var question = Question(random, appliance, 0) with
            {
                Window = new TimeWindow(first + (26 * HourMs) + random.NextInt64(HourMs), first + (48 * HourMs) + random.NextInt64(HourMs)),
                Evidence = EvidenceWish.History,
            };
            var read = await AskAsync(appliance, store, question, countedRows: long.MaxValue);
            var grouped = await AskAsync(appliance, store, question);
            Assert.Contains("counted there", grouped["notes"]!.ToJsonString(), StringComparison.Ordinal);
            Assert.Contains("that a sensor made up", grouped["notes"]!.ToJsonString(), StringComparison.Ordinal);
            Assert.Equal(Bare(read), Bare(grouped));
        }
    }

    [Fact]
    public async Task Channels_come_with_starts_where_they_have_enough_of_them()
    {
        using var store = await ClickHouse.OpenAsync(server.Options());
        var first = 491_243 * HourMs;
        await OddHours.AddAsync(store, new Random(5), first, 1);
        var window = new TimeWindow(first, first + HourMs - 1);
        var selection = new HistorySelection
        {
            Span = await store.SpanAsync("demo", window, Token),
            Search = new ConnSearch { Window = window },
            Internal = InternalRanges.Default,
        };
        foreach (var fewest in new int?[] { 1, 2, null })
        {
            List<int> counts = [];
            await store.SumChannelsAsync(selection, fewest, new FlowSet(), (in _, starts, sizes) =>
            {
                Assert.Equal(starts.Length, sizes.Length);
                counts.Add(starts.Length);
            }, Token);
            Assert.All(counts, count => Assert.True(count == 0 || count >= fewest));
            Assert.Equal(fewest is not null, counts.Exists(count => count > 0));
        }
    }

    // Lists of starts are as long as a channel is: longer than what is read at once.
    [Fact]
    public async Task A_channel_of_many_connections_comes_with_all_of_its_starts()
    {
        using var store = await ClickHouse.OpenAsync(server.Options());
        var first = 491_243 * HourMs;
        var rows = store.Part("demo", first, 1, Token);
        var flows = new FlowSet(maxKept: 0, rows) { Seen = (FlowFields)0x1FFF };
        var (protocol, service) = (flows.Protocols.GetOrAdd("tcp"), flows.ApplicationProtocols.GetOrAdd(""));
        var (source, destination) = (
            flows.Hosts.GetOrAdd(NetAddress.OrNone("10.0.0.1"), HostTable.NoDid),
            flows.Hosts.GetOrAdd(NetAddress.OrNone("192.0.2.1"), HostTable.NoDid));
        for (var done = 0; done < 300_000;)
        {
            var chunk = flows.Rent();
            for (var i = 0; i < FlowChunk.Capacity && done < 300_000; i++, done++)
            {
                chunk.SetStart(i, first + (done * 12));
                (chunk.Source[i], chunk.Destination[i], chunk.Protocol[i]) = (source, destination, protocol);
                (chunk.ApplicationProtocol[i], chunk.DestinationPort[i]) = (service, (ushort)(443 + (done % 2)));
                (chunk.Bytes[i], chunk.Packets[i], chunk.Duration[i], chunk.Traits[i]) = (done, 4, 0, FlowTraits.Established);
                chunk.SetBytesOut(i, 0);
                chunk.Count = i + 1;
            }

            flows.Accept(chunk);
        }

        flows.Settle();
        rows.Finish(flows);
        store.Note("demo", new HistoryHour(first, 1, rows.Rows) { Total = rows.Rows, Seen = flows.Seen, CollectedMs = first }, Token);
        var window = new TimeWindow(first, first + HourMs - 1);
        var selection = new HistorySelection
        {
            Span = await store.SpanAsync("demo", window, Token),
            Search = new ConnSearch { Window = window },
            Internal = InternalRanges.Default,
        };
        HashSet<long> seen = [];
        await store.SumChannelsAsync(selection, 6, new FlowSet(), (in channel, starts, sizes) =>
        {
            Assert.Equal((150_000, 150_000L), (starts.Length, channel.Sums.Connections));
            for (var i = 0; i < starts.Length; i++)
            {
                Assert.Equal((starts[i] - first) / 12, sizes[i]);
                Assert.True(seen.Add(starts[i]));
            }
        }, Token);
        Assert.Equal(300_000, seen.Count);
    }

    [Fact]
    public void A_channel_whose_starts_do_not_all_fit_has_none()
    {
        var (flows, book) = (new FlowSet(), new ChannelBook(new Sides(InternalRanges.Default), new ChannelQuery(WantsStarts: true)));
        var (starts, sizes) = (new long[(ChannelBook.MaxStarts / 2) + 1], new int[(ChannelBook.MaxStarts / 2) + 1]);
        var source = flows.Hosts.GetOrAdd(NetAddress.OrNone("10.0.0.1"), HostTable.NoDid);
        var destination = flows.Hosts.GetOrAdd(NetAddress.OrNone("192.0.2.1"), HostTable.NoDid);
        foreach (ushort port in new[] { 80, 443 })
        {
            var channel = new Channel { Key = new ChannelKey(source, destination, port, 0), Connections = starts.Length };
            book.Add(flows, new SummedChannel(channel, FlowTraits.None, 0, HasArtefacts: false), starts, sizes);
        }

        Assert.True(book.Overflowed);
        Assert.Equal((2, 1, starts.Length), (book.All.Count, book.StartsOf(1).Count, book.Starts.Count));
    }

    [Theory]
    [InlineData(0, 3_000_000, 10, false)]
    [InlineData(60_000, 1_000, 1, false)]
    [InlineData(60_000, 3_000_000, 10, true)]
    public async Task Starts_of_all_channels_are_asked_for_where_later_rows_come_and_they_fit(
        long laterMs, long connections, int fewest, bool isToldOfMore)
    {
        var (flows, window) = (new FlowSet(), new TimeWindow(0, HourMs - 1));
        flows.AddCounted(connections, 0, 0);
        var book = new ChannelBook(new Sides(InternalRanges.Default), new ChannelQuery(WantsStarts: true));
        var history = DispatchProxy.Create<IHistory, Asked>();
        var settings = new AnalysisSettings
        {
            Window = new TimeWindow(0, window.EndMs + laterMs),
            Filters = new NetworkQuery(),
        };
        await new ChannelFill(history, book, settings, 10).SumAsync(
            new HistorySelection
            {
                Span = new HistorySpan("demo", []),
                Search = new ConnSearch { Window = window },
                Internal = InternalRanges.Default,
            },
            flows, Token);
        Assert.Equal((fewest, isToldOfMore), (((Asked)(object)history).Fewest, book.Overflowed));
    }

    public class Asked : DispatchProxy
    {
        public int? Fewest { get; private set; }

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Fewest = (int?)args![1];
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task More_endpoints_than_are_kept_apart_are_read_as_rows()
    {
        await using var appliance = await StartAsync();
        using var store = await CollectedAsync(appliance, server.Options(), hours: 30);
        var end = appliance.Now.ToUnixTimeMilliseconds();
        var question = Question(new Random(1), appliance, 0) with { Window = new TimeWindow(end - (3 * HourMs), end) };
        var history = await AskAsync(appliance, store, question, maxHosts: 100);
        Assert.Equal("history", (string?)history["scope"]!["evidence"]);
        Assert.DoesNotContain("counted there", history["notes"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static List<string> Told(ChannelBook book, FlowSet flows)
    {
        var starts = book.StartsOf(1);
        Dictionary<int, string> of = [];
        for (var i = 0; i < starts.Count; i++)
        {
            var channel = starts.Of(i, out var times, out var sizes);
            of[channel] = $"{string.Join(' ', times.ToArray())} of {string.Join(' ', sizes.ToArray())}";
        }

        return
        [
            .. Enumerable.Range(0, book.All.Count).Select(id =>
            {
                var channel = book.All[id];
                var key = channel.Key;
                return $"{flows.Hosts.Name(key.Source)} {flows.Hosts.Name(key.Destination)} {key.Port} {flows.Protocols[key.Protocol]}: "
                    + $"{channel.Way} {channel.Hours} {channel.Connections} {channel.Failed} {channel.Refused} {channel.Answered} "
                    + $"{channel.TwoWay} {channel.Uploads} {channel.LongestMs} {channel.Bytes} {channel.BytesOut} {channel.UploadOut} "
                    + $"{channel.UploadIn} {channel.LongestBytes} {channel.First} {channel.Last}; {of.GetValueOrDefault(id)}";
            }).Order(StringComparer.Ordinal),
        ];
    }

    private static Question Question(Random random, InvestigatorFixture appliance, int i)
    {
        var now = appliance.Now.ToUnixTimeMilliseconds();
        var end = random.Next(2) == 0 ? now : now - 1_800_000 - random.NextInt64(4 * HourMs);
        return new Question
        {
            Investigation = new Hunt(i % 4 == 3 ? (HuntKind)(1 + random.Next(10)) : HuntKind.All),
            Window = new TimeWindow(end - random.NextInt64(2 * HourMs, 26 * HourMs), end),
            Format = AnswerFormat.Json,
            NoBudget = true,
            Limit = 1_000,
            Filters = (i % 6) switch
            {
                2 => new NetworkQuery { Did = random.Next(10, 16) },
                4 => new NetworkQuery { Port = 443 },
                5 => new NetworkQuery { IntExt = TrafficSide.External },
                _ => new NetworkQuery(),
            },
        };
    }
}
