using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.History;
using DtMcp.History.Collecting;
using DtMcp.History.Wire;
using DtMcp.Simulator.Scenarios;
using DtMcp.Traffic;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.History;

/// <summary>What is collected is there once and whole, whatever breaks off.</summary>
[Collection(nameof(ClickHouse))]
public sealed class CollectTests(ClickHouse server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_collection_broken_off_anywhere_leaves_neither_doubles_nor_holes(int shards)
    {
        await using var appliance = await StartAsync();
        var options = server.Options(shards) with { NamesBatch = 1 };
        using var whole = await ClickHouse.OpenAsync(options);
        var from = appliance.Now.AddHours(-6).ToUnixTimeMilliseconds();
        var truth = await TruthAsync(appliance, from);
        var random = new Random(shards);
        var rounds = 0;
        for (; rounds < 60 && (await HeldAsync(whole, appliance, from)).Count < truth.Count; rounds++)
        {
            using var breaking = new BreaksOff(random.Next(1, 18), random.Next(2) == 0);
            using var store = new HistoryStore(options with { Pause = TimeSpan.Zero }, TimeProvider.System, breaking);
            await Assert.ThrowsAnyAsync<HistoryException>(() => CollectAsync(store, appliance, from));

            // What is there so far is right to the row.
            var held = await HeldAsync(whole, appliance, from);
            Assert.All(held, hour => Assert.Equal(truth[hour.Key], hour.Value));
        }

        Assert.InRange(rounds, 3, 59);
        await CollectAsync(whole, appliance, from);
        Assert.Equal(truth, await HeldAsync(whole, appliance, from));
    }

    [Fact]
    public async Task An_hour_with_late_entries_is_replaced_whole_and_one_without_is_left()
    {
        await using var appliance = await StartAsync();
        using var store = await ClickHouse.OpenAsync(server.Options());
        var from = appliance.Now.AddHours(-7).ToUnixTimeMilliseconds();
        await CollectAsync(store, appliance, from, appliance.Now.AddHours(-5));
        var early = (await SpanAsync(store, appliance, from)).Hours;

        // As if the second had been collected before half of its entries came.
        store.Note("demo", early[1] with { CollectedMs = early[1].CollectedMs + 1, Total = early[1].Total / 2 }, Token);
        var outcomes = (await CollectAsync(store, appliance, from)).ToDictionary(hour => hour.StartMs, hour => hour.Outcome);

        Assert.Equal(CollectOutcome.Unchanged, outcomes[early[0].StartMs]);
        Assert.Equal(CollectOutcome.Replaced, outcomes[early[1].StartMs]);
        Assert.Equal(5, outcomes.Values.Count(outcome => outcome == CollectOutcome.Added));
        Assert.NotEqual(early[1].Part, (await SpanAsync(store, appliance, from)).Hours[1].Part);
        Assert.Equal(await TruthAsync(appliance, from), await HeldAsync(store, appliance, from));
        Assert.Empty(await CollectAsync(store, appliance, from));
    }

    [Fact]
    public async Task Old_days_and_rows_that_no_part_counts_are_removed()
    {
        await using var appliance = await StartAsync();
        var options = server.Options() with { Days = 2 };
        using var store = await ClickHouse.OpenAsync(options);
        var from = appliance.Now.AddHours(-4).ToUnixTimeMilliseconds();
        using (var breaking = new BreaksOff(6, getsThrough: true))
        using (var broken = new HistoryStore(options, TimeProvider.System, breaking))
        {
            await Assert.ThrowsAnyAsync<HistoryException>(() => CollectAsync(broken, appliance, from, appliance.Now.AddHours(-1)));
        }

        await CollectAsync(store, appliance, from);
        var held = (await SpanAsync(store, appliance, from)).Hours;
        Assert.NotEqual(held.Select(hour => hour.Part).Order(), await PartsAsync(options));

        // Seven hours later nobody is at work on what was broken off; three days later nothing is kept.
        var later = appliance.Now.AddHours(7);
        await CollectAsync(store, appliance, later.AddHours(-2).ToUnixTimeMilliseconds(), later);
        while ((await PartsAsync(options)).Count > held.Count)
        {
            Token.ThrowIfCancellationRequested();
        }

        Assert.Equal(held.Select(hour => hour.Part).Order(), await PartsAsync(options));
        later += TimeSpan.FromDays(4);
        await CollectAsync(store, appliance, later.AddHours(-2).ToUnixTimeMilliseconds(), later);
        Assert.Empty(await PartsAsync(options));
        Assert.Empty((await SpanAsync(store, appliance, from)).Hours);
    }

    [Fact]
    public async Task Who_may_only_read_collects_nothing_and_is_told_so()
    {
        await using var appliance = await StartAsync();
        var options = server.Options();
        using var owner = await ClickHouse.OpenAsync(options);
        using var reader = new HistoryStore(server.As(options, "reader"), TimeProvider.System);
        var from = appliance.Now.AddHours(-3).ToUnixTimeMilliseconds();

        Assert.Contains("may not write", (await Assert.ThrowsAsync<HistoryException>(() => CollectAsync(reader, appliance, from))).Happened,
            StringComparison.Ordinal);
        Assert.Contains("may not write", (await Assert.ThrowsAsync<HistoryException>(() => reader.MigrateAsync(Token))).Happened,
            StringComparison.Ordinal);
        Assert.Empty(await HeldAsync(reader, appliance, from));
    }

    private static Task<InvestigatorFixture> StartAsync() => InvestigatorFixture.StartAsync(
        options => options with { ClockRuns = false, Now = new DateTimeOffset(2026, 1, 15, 11, 30, 0, TimeSpan.Zero) });

    private static async Task<List<CollectedHour>> CollectAsync(
        HistoryStore store, InvestigatorFixture appliance, long from, DateTimeOffset? at = null)
    {
        List<CollectedHour> collected = [];
        var clock = new FakeTimeProvider(at ?? appliance.Now);
        var names = new WindowNameEntries(new InvestigatorOptions { Appliance = "demo" }, appliance.Client, clock);
        await new Collector(store, appliance.Client, "demo", clock, names: names).RunAsync(from, collected.Add, Token);
        return collected;
    }

    // Every part that has rows, whether it counts or not.
    private static async Task<IReadOnlyList<ulong>> PartsAsync(HistoryOptions options)
    {
        using var wire = new HistoryServer(options, options.Nodes[0], TimeProvider.System);
        SortedSet<ulong> parts = [];
        foreach (var name in new[] { "conn", "names" })
        {
            var table = Sql.Of($"{Sql.Name(options.Database)}.{Sql.Name(name)}");
            parts.UnionWith(await wire.ReadAsync(
                Sql.Of($"SELECT 1, part FROM {table} GROUP BY part ORDER BY part FORMAT RowBinary"), row => row.U64(), Token));
        }

        return [.. parts];
    }

    private static Task<HistorySpan> SpanAsync(HistoryStore store, InvestigatorFixture appliance, long from) =>
        store.SpanAsync("demo", new TimeWindow(from, appliance.Now.ToUnixTimeMilliseconds()), Token);

    // Rows, bytes and names by hour, as the history gives them.
    private static async Task<Dictionary<long, (long Rows, long Bytes, long Names)>> HeldAsync(
        HistoryStore store, InvestigatorFixture appliance, long from)
    {
        Dictionary<long, (long Rows, long Bytes, long Names)> held = [];
        var span = await SpanAsync(store, appliance, from);
        foreach (var hour in span.Hours)
        {
            var flows = new FlowSet();
            await store.ReadAsync(span, new ConnSearch { Window = new TimeWindow(hour.StartMs, hour.EndMs) }, flows, null, Token);
            flows.Settle();
            var names = 0L;
            foreach (var kind in Enum.GetValues<NameKind>())
            {
                var search = new NameSearch { Kind = kind, Window = new TimeWindow(hour.StartMs, hour.EndMs) };
                names += await store.CountNamesAsync(span.WithNames, search, Token);
            }

            held[hour.StartMs] = (flows.Count, flows.Bytes, names);
        }

        return held;
    }

    private static async Task<Dictionary<long, (long Rows, long Bytes, long Names)>> TruthAsync(InvestigatorFixture appliance, long from)
    {
        Dictionary<long, (long Rows, long Bytes, long Names)> truth = [];
        foreach (var due in CollectPlan.Due([], from, appliance.Now.ToUnixTimeMilliseconds()))
        {
            var flows = new FlowSet();
            await appliance.Client.SearchConnectionsAsync(
                new ConnSearch { Window = new TimeWindow(due.StartMs, due.StartMs + HistoryHour.LengthMs - 1) }, flows, null, Token);
            var names = OfficeNames.Of(appliance.Appliance.Records).Count(
                entry => entry.StartMs >= due.StartMs && entry.StartMs < due.StartMs + HistoryHour.LengthMs);
            Assert.InRange(names, 1, 10_000);
            truth[due.StartMs] = (flows.Count, flows.Bytes, names);
        }

        return truth;
    }

    /// <summary>From one request on nothing gets through any more; that one itself may have.</summary>
    private sealed class BreaksOff(int after, bool getsThrough) : DelegatingHandler
    {
        private int _sent;

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var sent = Interlocked.Increment(ref _sent);
            if (sent < after)
            {
                return base.Send(request, cancellationToken);
            }

            if (sent == after && getsThrough)
            {
                base.Send(request, cancellationToken).Dispose();
            }

            throw new HttpRequestException("Broken off by the test.");
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var sent = Interlocked.Increment(ref _sent);
            if (sent < after)
            {
                return await base.SendAsync(request, cancellationToken);
            }

            if (sent == after && getsThrough)
            {
                (await base.SendAsync(request, cancellationToken)).Dispose();
            }

            throw new HttpRequestException("Broken off by the test.");
        }
    }
}
