using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Investigations;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Evidence;

public class CaptureStoreTests
{
    private const long Hour = 3_600_000;

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Rows_serve_any_question_within_their_window_and_filters()
    {
        var store = Store();
        var kept = await KeepAsync(store, Rows(Ended(10, 2), new NetworkQuery { Protocol = "TCP" }));

        Assert.Same(kept, store.Find(kept.Key, isRelative: false));
        Assert.Same(kept, store.Find(Key(Ended(9, 3), new NetworkQuery { Protocol = "TCP", Did = 7, Port = 443 }), false));
        Assert.Null(store.Find(Key(Ended(11, 2), new NetworkQuery { Protocol = "TCP" }), false));
        Assert.Null(store.Find(Key(Ended(10, 1), new NetworkQuery { Protocol = "TCP" }), false));
        Assert.Null(store.Find(Key(Ended(10, 2), new NetworkQuery()), false));
        Assert.Null(store.Find(Key(Ended(10, 2), new NetworkQuery { Protocol = "UDP" }), false));
        Assert.Null(store.Find(kept.Key with { Records = true }, false));
    }

    [Fact]
    public async Task Tables_serve_the_same_question_only()
    {
        var store = Store();
        var kept = await KeepAsync(store, new Capture
        {
            Key = Key(Ended(10, 2), new NetworkQuery()),
            Evidence = EvidenceKind.Connectivity,
            ReadAt = _clock.GetUtcNow(),
            Connectivity = new Connectivity(),
        });

        Assert.Same(kept, store.Find(kept.Key, false));
        Assert.Null(store.Find(Key(Ended(9, 3), new NetworkQuery()), false));
        Assert.Null(store.Find(Key(Ended(10, 2), new NetworkQuery { Did = 7 }), false));
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(31, false)]
    public async Task The_last_hour_asked_again_a_moment_later_is_the_same_and_a_window_by_its_ends_is_not(int seconds, bool serves)
    {
        var store = Store();
        var kept = await KeepAsync(store, Rows(Ended(1, 0)));
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        var later = Key(Ended(1, 0), new NetworkQuery());

        Assert.Equal(serves, store.Find(later, isRelative: true) == kept);
        Assert.Null(store.Find(later, isRelative: false));
    }

    [Theory]
    [InlineData(1, false, 60, true)]
    [InlineData(1, false, 61, false)]
    [InlineData(0, false, 1, false)]
    [InlineData(1, true, 1, false)]
    public async Task What_had_ended_when_it_was_read_stays_good_for_an_hour_and_what_had_not_or_lacks_names_for_a_moment(
        int hoursAgo, bool lacksNames, int minutes, bool isGood)
    {
        var store = Store();
        var kept = await KeepAsync(store, Rows(Ended(2, hoursAgo)) with { LacksNames = lacksNames });

        _clock.Advance(TimeSpan.FromMinutes(minutes));

        Assert.Equal(isGood, store.Find(kept.Key, false) == kept);
        Assert.Equal(isGood, store.Size > 0);
    }

    [Fact]
    public async Task What_is_not_whole_is_answered_and_not_kept()
    {
        var store = Store();
        foreach (var capture in new[] { Rows(Ended(2, 1)) with { NotRead = 1 }, Rows(Ended(2, 1)) with { AtLeast = true } })
        {
            Assert.Same(capture, await KeepAsync(store, capture));
            Assert.Null(store.Find(capture.Key, false));
        }
    }

    [Fact]
    public async Task Beyond_the_bound_of_memory_the_one_unused_longest_goes_and_one_beyond_all_of_it_is_not_kept()
    {
        var size = Rows(Ended(2, 1)).Size;
        var store = Store(bytes: 2 * size);
        var first = await KeepAsync(store, Rows(Ended(2, 1)));
        var second = await KeepAsync(store, Rows(Ended(4, 3)));
        Assert.Same(first, store.Find(first.Key, false));

        var third = await KeepAsync(store, Rows(Ended(6, 5)));

        Assert.Same(first, store.Find(first.Key, false));
        Assert.Same(third, store.Find(third.Key, false));
        Assert.Null(store.Find(second.Key, false));
        Assert.InRange(store.Size, 1, 2 * size);

        var small = Store(bytes: size - 1);
        Assert.Null(small.Find((await KeepAsync(small, Rows(Ended(2, 1)))).Key, false));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_broader_reading_of_ones_own_is_waited_for_and_one_of_another_lane_only_when_it_is_not_much_broader()
    {
        foreach (var (lane, hours, waits) in new[] { ("a", 24, true), ("b", 24, false), ("b", 4, true) })
        {
            var store = Store();
            var end = new TaskCompletionSource<Capture>();
            Lane.Enter(Lane.Of("a"));
            var broad = store.ReadAsync(Any, Key(Ended(hours, 0), new NetworkQuery()), true, (_, _) => end.Task, null, Token);
            Lane.Enter(Lane.Of(lane));
            var isAsked = new TaskCompletionSource();
            var narrow = store.ReadAsync(Any, Key(Ended(1, 0), new NetworkQuery()), true, (_, _) =>
            {
                isAsked.SetResult();
                return end.Task;
            }, null, Token);
            if (!waits)
            {
                await isAsked.Task.WaitAsync(TestContext.Current.CancellationToken);
            }

            end.SetResult(Rows(Ended(hours, 0)));
            await Task.WhenAll(broad, narrow);
            Assert.NotEqual(waits, isAsked.Task.IsCompleted);
        }
    }

    [Fact]
    public async Task Read_anew_it_takes_the_place_of_what_was_read_before()
    {
        var store = Store();
        var before = await KeepAsync(store, Rows(Ended(2, 1)));

        var anew = await KeepAsync(store, Rows(Ended(2, 1)));

        Assert.NotSame(before, anew);
        Assert.Same(anew, store.Find(before.Key, false));
        Assert.Equal(anew.Size, store.Size);
    }

    [Fact]
    public async Task Who_asks_for_less_while_rows_are_read_waits_for_them_where_rows_are_sure_to_come()
    {
        var store = Store();
        var reading = new TaskCompletionSource<Capture>();
        var all = Rows(Ended(10, 2));
        var part = Key(Ended(9, 3), new NetworkQuery { Did = 7 });
        var first = store.ReadAsync(Any, all.Key, true, (_, _) => reading.Task, null, Token);

        var joined = store.ReadAsync(Any, part, true, (_, _) => throw new InvalidOperationException(), null, Token);
        var alone = store.ReadAsync(Any, part with { Records = true }, false, (_, _) => Task.FromResult(Rows(Ended(9, 3))), null, Token);

        Assert.NotSame(all, await alone);
        Assert.False(joined.IsCompleted);
        reading.SetResult(all);
        Assert.Same(all, await first);
        Assert.Same(all, await joined);
    }

    [Fact]
    public async Task A_reading_goes_on_while_one_waits_and_ends_with_the_last()
    {
        var store = Store();
        var key = Key(Ended(2, 1), new NetworkQuery());
        using var one = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        var stopped = new TaskCompletionSource();
        async Task<Capture> ReadAsync(IProgress<AskProgress> progress, CancellationToken cancellationToken)
        {
            await using var registration = cancellationToken.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException();
        }

        var first = store.ReadAsync(Any, key, true, ReadAsync, null, one.Token);
        var second = store.ReadAsync(Any, key, true, ReadAsync, null, other.Token);
        await one.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(stopped.Task.IsCompleted);

        await other.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Fact]
    public async Task A_failed_reading_fails_all_who_wait_and_the_next_reads_again()
    {
        var store = Store();
        var key = Key(Ended(2, 1), new NetworkQuery());
        var reading = new TaskCompletionSource<Capture>();
        var (first, second) = (store.ReadAsync(Any, key, true, (_, _) => reading.Task, null, Token),
            store.ReadAsync(Any, key, true, (_, _) => reading.Task, null, Token));
        reading.SetException(new InvalidDataException());

        await Assert.ThrowsAsync<InvalidDataException>(() => first);
        await Assert.ThrowsAsync<InvalidDataException>(() => second);
        Assert.NotNull(await store.ReadAsync(Any, key, true, (_, _) => Task.FromResult(Rows(Ended(2, 1))), null, Token));
    }

    private static Task<Capture> KeepAsync(CaptureStore store, Capture capture) =>
        store.ReadAsync(Any, capture.Key, true, (_, _) => Task.FromResult(capture), null, Token);

    private static readonly Ask Any =
        new() { Window = new TimeWindow(0, 0), Filters = new NetworkQuery(), RowFilters = new NetworkQuery() };

    private static CaptureKey Key(TimeWindow window, NetworkQuery filters) => new(window, filters, Records: false);

    // From some hours ago to others.
    private TimeWindow Ended(int from, int to) => new(Now - (from * Hour), Now - (to * Hour));

    private Capture Rows(TimeWindow window, NetworkQuery? filters = null)
    {
        var rows = new RowMaker();
        rows.Add(window.StartMs, "10.0.0.5", "203.0.113.9", 443, sent: 10, received: 10);
        return new Capture
        {
            Key = Key(window, filters ?? new NetworkQuery()),
            Evidence = EvidenceKind.Flows,
            ReadAt = _clock.GetUtcNow(),
            Flows = rows.Build(),
        };
    }

    private CaptureStore Store(long bytes = 256L << 20) =>
        new(new InvestigatorOptions { Appliance = "test", CacheBytes = bytes }, _clock);
}
