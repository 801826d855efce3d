using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Reading.Records;
using DtMcp.Darktrace.Values;

namespace DtMcp.Tests.Reading.Records;

public class RecordsPagerTests
{
    private const int Rows = 45_000;

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(20_000)]
    [InlineData(10_000)]
    public async Task Every_row_is_read_once_however_soon_pages_run_dry(int deepest)
    {
        var appliance = new Appliance(Times(), deepest);
        var into = new FlowSet();
        var steps = new Steps();

        var result = await new RecordsPager(appliance.AskAsync, into, long.MaxValue, steps).ReadAsync(new TimeWindow(0, 100_000),
            TestContext.Current.CancellationToken);

        Assert.Equal(new RecordsResult(Rows, Rows, true), result);
        Assert.Equal(Times().Order(), Starts(into).Order());
        Assert.Equal(Rows, steps.Last.Rows);
        Assert.True(appliance.Asked < 40);
    }

    [Fact]
    public async Task No_more_rows_are_read_than_wanted()
    {
        var into = new FlowSet();

        var result = await new RecordsPager(new Appliance(Times(), int.MaxValue).AskAsync, into, 12_345,
            null).ReadAsync(new TimeWindow(0, 100_000), TestContext.Current.CancellationToken);

        Assert.Equal(new RecordsResult(Rows, 12_345, false), result);
        Assert.Equal(12_345, into.Count);
    }

    [Fact]
    public async Task More_rows_in_one_instant_than_pages_show_are_an_incomplete_result()
    {
        var appliance = new Appliance(Enumerable.Repeat(5L, 15_000).ToArray(), 10_000);

        var result = await new RecordsPager(appliance.AskAsync, new FlowSet(), long.MaxValue, null).ReadAsync(new TimeWindow(0, 1000),
            TestContext.Current.CancellationToken);

        Assert.Equal(new RecordsResult(15_000, 10_000, false), result);
    }

    [Fact]
    public async Task An_appliance_that_counts_and_gives_nothing_is_asked_once()
    {
        var appliance = new Appliance(Times(), 0);

        var result = await new RecordsPager(appliance.AskAsync, new FlowSet(), long.MaxValue, null).ReadAsync(new TimeWindow(0, 100_000),
            TestContext.Current.CancellationToken);

        Assert.Equal(new RecordsResult(Rows, 0, false), result);
        Assert.Equal(1, appliance.Asked);
    }

    [Fact]
    public async Task A_search_that_ran_out_of_time_is_incomplete()
    {
        var result = await new RecordsPager(
            static (_, _, _, _, _) => Task.FromResult(new RecordsPage(0, 0, TimedOut: true, 10)), new FlowSet(), 100, null)
            .ReadAsync(new TimeWindow(0, 1), TestContext.Current.CancellationToken);

        Assert.False(result.Complete);
    }

    private static long[] Times() => [.. Enumerable.Range(0, Rows).Select(static i => i * 7919L % 100_000)];

    private static IEnumerable<long> Starts(FlowSet flows) =>
        flows.Chunks.SelectMany(static chunk => Enumerable.Range(0, chunk.Count).Select(chunk.Start));

    private sealed class Steps : IProgress<ReadProgress>
    {
        public ReadProgress Last { get; private set; }

        public void Report(ReadProgress value)
        {
            Assert.True(value.Rows >= Last.Rows && value.Bytes > Last.Bytes);
            Last = value;
        }
    }

    private sealed class Appliance(long[] times, int deepest)
    {
        public int Asked { get; private set; }

        public Task<RecordsPage> AskAsync(TimeWindow window, long offset, int size, FlowSet into, CancellationToken cancellationToken)
        {
            Asked++;
            var matches = times.Where(time => time >= window.StartMs && time <= window.EndMs).OrderByDescending(static time =>
                time).ToArray();
            var rows = matches.Take(deepest).Skip((int)offset).Take(size).ToArray();
            var source = into.Hosts.GetOrAdd(Address(), HostTable.NoDid);
            foreach (var part in rows.Chunk(FlowChunk.Capacity))
            {
                var chunk = into.Rent();
                foreach (var time in part)
                {
                    chunk.SetStart(chunk.Count, time);
                    chunk.Source[chunk.Count] = source;
                    chunk.Destination[chunk.Count] = source;
                    chunk.Count++;
                }

                into.Accept(chunk);
            }

            return Task.FromResult(new RecordsPage(matches.Length, rows.Length, false, 100));
        }

        private static NetAddress Address() => NetAddress.TryParse("192.0.2.1", out var address) ? address : default;
    }
}
