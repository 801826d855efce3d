using DtMcp.Darktrace.Sending;
using DtMcp.Traffic.Evidence;

namespace DtMcp.Tests.Sending;

public sealed class FairPlacesTests
{
    private readonly List<string> _entered = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lanes_take_turns_and_within_one_the_first_come_is_the_first_served()
    {
        var places = new FairPlaces(1);
        await places.EnterAsync(null, Token);
        Task[] all =
        [
            EnterAsync(places, Lane.Of("a"), "a1"), EnterAsync(places, Lane.Of("a"), "a2"), EnterAsync(places, Lane.Of("a"), "a3"),
            EnterAsync(places, Lane.Of("b"), "b1"), EnterAsync(places, null, "c1"), EnterAsync(places, Lane.Of("b"), "b2"),
        ];
        Assert.Equal(6, places.Waiting);
        await DrainAsync(places, all);
        // The lane of all others had the place before.
        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3"], _entered);
    }

    [Fact]
    public async Task One_lane_alone_has_all_places_in_the_order_of_asking()
    {
        var places = new FairPlaces(3);
        for (var i = 0; i < 3; i++)
        {
            await places.EnterAsync(null, Token);
        }

        Task[] all = [.. Enumerable.Range(0, 5).Select(i => EnterAsync(places, null, $"{i}"))];
        await DrainAsync(places, all);
        Assert.Equal(["0", "1", "2", "3", "4"], _entered);
        for (var i = 0; i < 3; i++)
        {
            places.Leave();
        }

        // What was given back can be taken again, and no more.
        for (var i = 0; i < 3; i++)
        {
            Assert.True(places.EnterAsync(null, Token).IsCompletedSuccessfully);
        }

        Assert.False(places.EnterAsync(null, Token).IsCompleted);
    }

    [Fact]
    public async Task Who_gives_up_while_waiting_takes_no_place()
    {
        var places = new FairPlaces(1);
        using var gaveUp = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await places.EnterAsync(null, Token);
        var impatient = places.EnterAsync(Lane.Of("a"), gaveUp.Token);
        var patient = places.EnterAsync(Lane.Of("a"), Token);
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        places.Leave();
        await patient;
        places.Leave();
        Assert.True(places.EnterAsync(null, Token).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Work_that_another_lane_waits_for_as_well_takes_turns_of_its_own()
    {
        var places = new FairPlaces(1);
        await places.EnterAsync(Lane.Of("heavy"), Token);
        Lane.Enter(Lane.Of("heavy"));
        List<Task> all = [EnterAsync(places, Lane.Current, "heavy1"), EnterAsync(places, Lane.Current, "heavy2")];
        var underWay = new UnderWay<string, int>();
        var heavy = ShareAsync(underWay, places);
        while (places.Waiting < 3)
        {
            await Task.Yield();
        }

        // The same question of somebody else: it waits in the heavy one's lane already.
        Lane.Enter(Lane.Of("light"));
        var light = ShareAsync(underWay, places);
        all.AddRange([heavy, light]);
        await DrainAsync(places, [.. all], entries: 3);
        Assert.Equal(["shared", "heavy1", "heavy2"], _entered);
    }

    [Fact]
    public async Task Places_at_random_are_never_too_many_nor_lost()
    {
        var random = new Random(17);
        var places = new FairPlaces(3);
        var (inside, most) = (0, 0);
        async Task AskAsync(int i, CancellationToken token)
        {
            try
            {
                await places.EnterAsync(i % 5 == 0 ? null : Lane.Of($"{i % 5}"), token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            places.Leave();
        }

        for (var round = 0; round < 50; round++)
        {
            using var some = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var asked = Enumerable.Range(0, 40).Select(i => (Task: AskAsync(i, random.Next(3) == 0 ? some.Token : Token), i)).ToList();
            await some.CancelAsync();
            await Task.WhenAll(asked.Select(pair => pair.Task));
        }

        Assert.InRange(most, 1, 3);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(places.EnterAsync(null, Token).IsCompletedSuccessfully);
        }
    }

    private async Task<int> ShareAsync(UnderWay<string, int> underWay, FairPlaces places) => await underWay.ShareAsync(
        "same", null, async (_, _) =>
        {
            await EnterAsync(places, Lane.Current, "shared");
            return 0;
        }, null, Token);

    private async Task EnterAsync(FairPlaces places, Lane? lane, string name)
    {
        await places.EnterAsync(lane, Token);
        lock (_entered)
        {
            _entered.Add(name);
        }
    }

    // Gives the place on, each time when whoever got it has said so.
    private async Task DrainAsync(FairPlaces places, Task[] all, int entries = 0)
    {
        for (var i = 1; i <= (entries == 0 ? all.Length : entries); i++)
        {
            places.Leave();
            while (Count() < i)
            {
                await Task.Yield();
            }
        }

        await Task.WhenAll(all);

        int Count()
        {
            lock (_entered)
            {
                return _entered.Count;
            }
        }
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = Volatile.Read(ref most); now > seen;)
        {
            var before = Interlocked.CompareExchange(ref most, now, seen);
            (seen, now) = before == seen ? (now, now) : (before, now);
        }
    }
}
