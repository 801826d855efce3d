using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Tests.Flows;

/// <summary>Rows that are not kept are shown beside the reading.</summary>
public class FlowHandoverTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public void Reading_goes_on_while_a_chunk_is_looked_at()
    {
        Assert.SkipWhen(Environment.ProcessorCount == 1, "With one processor rows are shown by the reading thread.");
        using var looking = new ManualResetEventSlim();
        using var read = new ManualResetEventSlim();
        var seen = new List<long>();
        var flows = new FlowSet(0, new Consumer(chunk =>
        {
            if (chunk.Packets[0] == 1)
            {
                looking.Set();
                Assert.True(read.Wait(Long, TestContext.Current.CancellationToken), "The reading waits for the consumer.");
            }

            seen.Add(chunk.Packets[0]);
        }));

        Give(flows, 0);
        Give(flows, 1);
        Assert.True(looking.Wait(Long, TestContext.Current.CancellationToken), "Nobody looks at the chunk until the reading ends.");
        Give(flows, 2);
        Give(flows, 3);
        read.Set();
        flows.Settle();

        Assert.Equal([0, 1, 2, 3], seen);
        Assert.Equal((4, 0, false), (flows.Count, flows.Kept, flows.KeepsRows));
    }

    [Fact]
    public void Every_chunk_is_shown_once_and_in_order_however_slow_the_consumer()
    {
        var (seen, inside) = (new List<long>(), 0);
        var flows = new FlowSet(0, new Consumer(chunk =>
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            Thread.SpinWait(20_000);
            seen.Add(chunk.Packets[0]);
            Interlocked.Decrement(ref inside);
        }));

        for (var number = 0; number < 200; number++)
        {
            Give(flows, number);
        }

        flows.Settle();
        Assert.Equal(Enumerable.Range(0, 200).Select(number => (long)number), seen);
    }

    [Fact]
    public void What_the_consumer_throws_reaches_the_reader_and_nothing_is_shown_behind_it()
    {
        var seen = new List<long>();
        var flows = new FlowSet(0,
            new Consumer(chunk => seen.Add(chunk.Packets[0] < 2 ? chunk.Packets[0] : throw new FormatException("The third chunk."))));
        Give(flows, 0);
        Give(flows, 1);

        var thrown = Assert.Throws<FormatException>(() =>
        {
            Give(flows, 2);
            flows.Settle();
        });

        Assert.Equal("The third chunk.", thrown.Message);
        Assert.ThrowsAny<Exception>(() =>
        {
            Give(flows, 0);
            flows.Settle();
        });
        Assert.Equal([0, 1], seen);
    }

    [Fact]
    public void Endpoints_weigh_in_only_when_every_row_was_seen()
    {
        var seen = 0;
        var weighedAfter = new List<int>();
        var flows = new FlowSet(
            0,
            new Consumer(
                _ =>
                {
                    Thread.SpinWait(20_000);
                    Interlocked.Increment(ref seen);
                },
                () => weighedAfter.Add(seen)),
            maxHosts: 10);
        for (var number = 0; number < 30; number++)
        {
            flows.Hosts.GetOrAdd(NetAddress.None, number);
            Give(flows, number);
        }

        flows.Settle();

        // Eleven endpoints are one too many. None weighs anything here, so all go.
        Assert.Equal([11, 22], weighedAfter);
    }

    private static void Give(FlowSet flows, long number)
    {
        var chunk = flows.Rent();
        chunk.Packets[0] = number;
        chunk.Count = 1;
        flows.Accept(chunk);
    }

    private sealed class Consumer(Action<FlowChunk> consume, Action? weigh = null) : IFlowConsumer
    {
        public void Consume(FlowSet flows, FlowChunk chunk) => consume(chunk);

        public void Weigh(EndpointWeights weights) => weigh?.Invoke();

        public void Remap(EndpointRemap remap)
        {
        }
    }
}
