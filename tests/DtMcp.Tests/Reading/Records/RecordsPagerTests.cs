using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Reading.Records;
using DtMcp.Darktrace.Values;

namespace DtMcp.Tests.Reading.Records;

/// <summary>An appliance with 45,000 records in a hundred seconds, read by several pages at once.</summary>
public class RecordsPagerTests
{
    private const int Rows = 45_000;

    private static readonly TimeWindow Window = new(0, 99_999);

    private readonly FlowSet _into = new();
    private readonly Steps _steps = new();

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(20_000)]
    [InlineData(10_000)]
    public async Task Every_row_is_read_once_however_soon_pages_run_dry(int deepest)
    {
        var appliance = new Appliance(Times()) { Deepest = deepest };

        var result = await ReadAsync(appliance);

        Assert.Equal(new RecordsResult(Rows, Rows, true), result);
        Assert.Equal(Times().Order(), Starts().Order());
        Assert.Equal((Rows, _steps.Last.Parts), (_steps.Last.Rows, _steps.Last.PartsDone));
        Assert.InRange(appliance.Asked, 6, 12);
    }

    [Theory]
    [InlineData(Rows - 1, true)]
    [InlineData(Rows / 2, false)]
    public async Task Where_clearly_more_rows_are_told_than_are_kept_none_is_kept_at_any_time(int kept, bool isAtFirst)
    {
        var counter = new Counter();
        var into = new FlowSet(kept, counter);

        var result = await new RecordsPager(new Appliance(Times()).AskAsync, into, 4, null)
            .ReadAsync(Window, TestContext.Current.CancellationToken);

        Assert.Equal((Rows, Rows, 0), (result.Read, into.Count, into.Kept));
        Assert.Equal(Times().Sum(), counter.Starts);
        Assert.Equal(isAtFirst, counter.MostKept > 0);
    }

    [Theory]
    [InlineData(ApplianceError.RequestRejected)]
    [InlineData(ApplianceError.ApplianceBusy)]
    public async Task Rows_beyond_what_an_index_pages_are_read_in_shorter_parts(ApplianceError error)
    {
        // Most of them in one second, which no division in equal parts foresees.
        var times = Times().Select(static (time, i) => i % 3 == 0 ? time : 50_000 + (time % 1000)).ToArray();
        var appliance = new Appliance(times) { Refuses = (_, offset) => offset > 0 ? error : null };

        Assert.Equal(new RecordsResult(Rows, Rows, true), await ReadAsync(appliance));

        Assert.Equal(times.Order(), Starts().Order());
    }

    [Fact]
    public async Task The_order_of_rows_does_not_depend_on_the_order_in_which_parts_arrive()
    {
        await ReadAsync(new Appliance(Times()));
        var orderly = Starts().ToArray();
        var shuffled = new FlowSet();

        await new RecordsPager(new Appliance(Times()) { Random = new Random(7) }.AskAsync, shuffled, 4, null)
            .ReadAsync(Window, TestContext.Current.CancellationToken);

        Assert.Equal(orderly, Starts(shuffled));
        Assert.True(orderly[0] < 20_000 && orderly[^1] > 80_000);
    }

    [Fact]
    public async Task No_more_than_so_many_pages_are_asked_at_once()
    {
        var appliance = new Appliance(Times()) { Random = new Random(3), Meet = 3 };

        await ReadAsync(appliance, atOnce: 3);

        Assert.Equal(3, appliance.MostAtOnce);
    }

    [Fact]
    public async Task A_page_that_breaks_is_asked_again_and_nothing_of_it_counts_twice()
    {
        HashSet<(TimeWindow, long)> broken = [];
        var appliance = new Appliance(Times())
        {
            Refuses = (window, offset) => broken.Add((window, offset)) ? ApplianceError.BadAnswer : null,
            BreaksHalfWay = true,
        };

        Assert.Equal(new RecordsResult(Rows, Rows, true), await ReadAsync(appliance));

        Assert.Equal(Times().Order(), Starts().Order());
    }

    [Fact]
    public async Task A_page_that_breaks_three_times_fails_the_whole_and_the_rest_is_stopped()
    {
        var appliance = new Appliance(Times())
        {
            Refuses = static (window, _) => window.StartMs > 20_000 ? ApplianceError.BadAnswer : null,
        };

        var error = await Assert.ThrowsAsync<ApplianceException>(() => ReadAsync(appliance));

        Assert.Equal(ApplianceError.BadAnswer, error.Error);
        Assert.InRange(appliance.Asked, 4, 20);
    }

    [Fact]
    public async Task A_refusal_is_not_asked_again()
    {
        var appliance = new Appliance(Times()) { Refuses = static (_, _) => ApplianceError.PermissionDenied };

        Assert.Equal(ApplianceError.PermissionDenied, (await Assert.ThrowsAsync<ApplianceException>(() => ReadAsync(appliance))).Error);
        Assert.Equal(1, appliance.Asked);
    }

    [Fact]
    public async Task A_part_that_takes_too_long_is_halved_twice_and_no_further()
    {
        var slow = new Appliance(Times()) { Refuses = static (window, _) => window.LengthMs > 6_000 ? ApplianceError.Timeout : null };
        Assert.Equal(ApplianceError.Timeout, (await Assert.ThrowsAsync<ApplianceException>(() => ReadAsync(slow))).Error);
        var quicker = new Appliance(Times()) { Refuses = static (window, _) => window.LengthMs > 25_000 ? ApplianceError.Timeout : null };

        Assert.Equal(new RecordsResult(Rows, Rows, true), await ReadAsync(quicker));
        Assert.Equal(Times().Order(), Starts().Order());
    }

    [Fact]
    public async Task Entries_that_come_in_between_two_pages_are_read_once_and_none_is_missed()
    {
        // The new ones are first on the pages, and push the others back.
        var appliance = new Appliance([.. Times().Take(15_000)]) { Late = [.. Enumerable.Range(0, 500).Select(static i => 90_000L + i)] };

        var result = await ReadAsync(appliance);

        Assert.Equal(new RecordsResult(15_500, 15_500, true), result);
        Assert.Equal(Times().Take(15_000).Concat(appliance.Late).Order(), Starts().Order());
    }

    [Fact]
    public async Task A_long_sparse_window_costs_one_request()
    {
        var appliance = new Appliance([.. Enumerable.Range(0, 500).Select(static i => i * 100_000_000L)]);
        var window = new TimeWindow(0, 687L * 86_400_000);

        var result = await new RecordsPager(appliance.AskAsync, _into, 4, null).ReadAsync(window, TestContext.Current.CancellationToken);

        Assert.Equal((true, 500, 1), (result.Complete, _into.Count, appliance.Asked));
    }

    [Fact]
    public async Task Rows_beyond_the_bound_go_to_the_consumer_and_are_dropped()
    {
        var counted = new Counter();
        var into = new FlowSet(20_000, counted);

        var result = await new RecordsPager(new Appliance(Times()).AskAsync, into, 4, null)
            .ReadAsync(Window, TestContext.Current.CancellationToken);

        Assert.Equal(new RecordsResult(Rows, Rows, true), result);
        Assert.Equal((false, Rows, 0), (into.IsWhole, into.Count, into.Kept));
        Assert.Equal(Times().Sum(), counted.Starts);
    }

    [Fact]
    public async Task More_rows_in_one_instant_than_pages_show_are_an_incomplete_result()
    {
        var appliance = new Appliance(Enumerable.Repeat(5L, 15_000).ToArray()) { Deepest = 10_000 };

        Assert.Equal(new RecordsResult(15_000, 10_000, false), await ReadAsync(appliance));
    }

    [Fact]
    public async Task An_appliance_that_counts_and_gives_nothing_is_asked_once()
    {
        var appliance = new Appliance(Times()) { Deepest = 0 };

        Assert.Equal(new RecordsResult(Rows, 0, false), await ReadAsync(appliance));
        Assert.Equal(1, appliance.Asked);
    }

    [Fact]
    public async Task A_search_that_ran_out_of_time_is_incomplete()
    {
        var result = await new RecordsPager(
            static (_, _, _, _, _) => Task.FromResult(new RecordsPage(0, 0, TimedOut: true, 10)), _into, 4, null)
            .ReadAsync(new TimeWindow(0, 1), TestContext.Current.CancellationToken);

        Assert.False(result.Complete);
    }

    [Fact]
    public async Task Who_gives_up_stops_every_page_at_once()
    {
        using var stop = new CancellationTokenSource();
        var asked = 0;
        Task<RecordsResult>? reading = null;
        reading = new RecordsPager(
            async (_, _, _, _, token) =>
            {
                if (Interlocked.Increment(ref asked) == 1)
                {
                    return new RecordsPage(Rows, 10_000, false, 1);
                }

                if (Volatile.Read(ref asked) == 4)
                {
                    await stop.CancelAsync();
                }

                await Task.Delay(Timeout.Infinite, token);
                throw new InvalidOperationException();
            }, _into, 3, null).ReadAsync(Window, stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        Assert.Equal((4, 0), (asked, _into.Count));
    }

    private Task<RecordsResult> ReadAsync(Appliance appliance, int atOnce = 4) =>
        new RecordsPager(appliance.AskAsync, _into, atOnce, _steps).ReadAsync(Window, TestContext.Current.CancellationToken);

    private static long[] Times() => [.. Enumerable.Range(0, Rows).Select(static i => i * 7919L % 100_000)];

    private IEnumerable<long> Starts(FlowSet? of = null) =>
        (of ?? _into).Chunks.SelectMany(static chunk => Enumerable.Range(0, chunk.Count).Select(chunk.Start));

    private sealed class Steps : IProgress<ReadProgress>
    {
        public ReadProgress Last { get; private set; }

        public void Report(ReadProgress value)
        {
            Assert.True(value.Rows >= Last.Rows && value.Bytes >= Last.Bytes && value.PartsDone > Last.PartsDone);
            Last = value;
        }
    }

    private sealed class Counter : IFlowConsumer
    {
        public long Starts { get; private set; }

        public long MostKept { get; private set; }

        public void Consume(FlowSet flows, FlowChunk chunk)
        {
            Starts += Enumerable.Range(0, chunk.Count).Sum(chunk.Start);
            MostKept = Math.Max(MostKept, flows.Kept);
        }

        public void Weigh(EndpointWeights weights)
        {
        }

        public void Remap(EndpointRemap remap)
        {
        }
    }

    private sealed class Appliance(long[] times)
    {
        private readonly Lock _lock = new();
        private readonly TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long[] _times = times;
        private int _now;

        public int Asked { get; private set; }

        public int MostAtOnce { get; private set; }

        public int Deepest { get; init; } = int.MaxValue;

        /// <summary>Answers after a number of turns of the thread pool that it draws.</summary>
        public Random? Random { get; init; }

        /// <summary>Nothing but the first page is answered before so many are asked at once.</summary>
        public int Meet { get; init; }

        public Func<TimeWindow, long, ApplianceError?>? Refuses { get; init; }

        /// <summary>Whether a refusal comes behind some rows.</summary>
        public bool BreaksHalfWay { get; init; }

        /// <summary>Entries that come in behind the first page.</summary>
        public long[] Late { get; init; } = [];

        public async Task<RecordsPage> AskAsync(
            TimeWindow window, long offset, int size, RecordsSpace space, CancellationToken cancellationToken)
        {
            int turns;
            Task waits;
            lock (_lock)
            {
                Asked++;
                MostAtOnce = Math.Max(MostAtOnce, ++_now);
                turns = Random?.Next(200) ?? 0;
                if (Asked == 1 ? Meet == 0 : _now >= Meet)
                {
                    _met.TrySetResult();
                }

                waits = Asked > 1 ? _met.Task : Task.CompletedTask;
            }

            await waits;
            for (; turns > 0; turns--)
            {
                await Task.Yield();
            }

            lock (_lock)
            {
                _now--;
                var matches = _times.Where(time => time >= window.StartMs && time <= window.EndMs)
                    .OrderByDescending(static time => time).ToArray();
                var rows = matches.Take(Deepest).Skip((int)offset).Take(size).ToArray();
                var refused = Refuses?.Invoke(window, offset);
                if (refused is null || BreaksHalfWay)
                {
                    Put(refused is null ? rows : rows[..(rows.Length / 2)], space.Rows);
                }

                _times = Asked == 1 ? [.. _times, .. Late] : _times;
                return refused is { } error
                    ? throw new ApplianceException(error, "It broke.", "Ask again.")
                    : new RecordsPage(matches.Length, rows.Length, false, 100);
            }
        }

        private static void Put(long[] rows, FlowSet into)
        {
            var source = into.Hosts.GetOrAdd(NetAddress.FromIPv4(0xC0_00_02_01), HostTable.NoDid);
            foreach (var part in rows.Chunk(FlowChunk.Capacity))
            {
                var chunk = into.Rent();
                foreach (var time in part)
                {
                    chunk.SetStart(chunk.Count, time);
                    chunk.Source[chunk.Count] = source;
                    chunk.Destination[chunk.Count] = source;
                    (chunk.Bytes[chunk.Count], chunk.Packets[chunk.Count]) = (1, 1);
                    (chunk.Protocol[chunk.Count], chunk.ApplicationProtocol[chunk.Count]) = (0, 0);
                    chunk.Count++;
                }

                into.Accept(chunk);
            }
        }
    }
}
