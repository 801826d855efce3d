using System.Collections.Concurrent;
using DtMcp.Darktrace.Sending;
using DtMcp.Traffic.Evidence.Sharing;

namespace DtMcp.Tests.Sending;

public sealed class FairPlacesTests
{
    private readonly ConcurrentQueue<(string Name, IDisposable Place)> _entered = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IEnumerable<string> Names => _entered.Select(entry => entry.Name);

    [Fact]
    public async Task Lanes_take_turns_and_within_one_the_first_come_is_the_first_served()
    {
        var places = new FairPlaces(1);
        var first = await places.EnterAsync(null, Token);
        Task[] all =
        [
            EnterAsync(places, Lane.Of("a"), "a1"), EnterAsync(places, Lane.Of("a"), "a2"), EnterAsync(places, Lane.Of("a"), "a3"),
            EnterAsync(places, Lane.Of("b"), "b1"), EnterAsync(places, null, "c1"), EnterAsync(places, Lane.Of("b"), "b2"),
        ];
        Assert.Equal(6, places.Waiting);
        await PassOnAsync(first, all);
        // The lane of all others had the place before.
        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3"], Names);
    }

    [Fact]
    public async Task One_lane_alone_has_all_places_in_the_order_of_asking()
    {
        var places = new FairPlaces(3);
        var held = await AllAsync(places, 3);
        Task[] all = [.. Enumerable.Range(0, 5).Select(i => EnterAsync(places, null, $"{i}"))];
        await PassOnAsync(held[0], all);
        Assert.Equal(["0", "1", "2", "3", "4"], Names);

        held.Skip(1).ToList().ForEach(place => place.Dispose());
        // What was given back can be taken again, once, and no more.
        held.ForEach(place => place.Dispose());
        await AllAsync(places, 3);
        Assert.False(places.EnterAsync(null, Token).IsCompleted);
    }

    [Fact]
    public async Task A_lane_that_has_all_that_one_may_have_waits_and_others_pass_it()
    {
        var places = new FairPlaces(3, mostOfLane: 2);
        var (one, two) = (await places.EnterAsync(Lane.Of("a"), Token), await places.EnterAsync(Lane.Of("a"), Token));
        var third = EnterAsync(places, Lane.Of("a"), "a3");
        Assert.False(third.IsCompleted);
        var other = await places.EnterAsync(Lane.Of("b"), Token);
        other.Dispose();
        Assert.False(third.IsCompleted);
        one.Dispose();
        await third;
        two.Dispose();
        Assert.Equal(0, places.Waiting);
    }

    [Fact]
    public async Task Who_gives_up_while_waiting_takes_no_place()
    {
        var places = new FairPlaces(1);
        using var gaveUp = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var first = await places.EnterAsync(null, Token);
        var impatient = places.EnterAsync(Lane.Of("a"), gaveUp.Token);
        var patient = places.EnterAsync(Lane.Of("a"), Token);
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        first.Dispose();
        (await patient).Dispose();
        await AllAsync(places, 1);
    }

    [Fact]
    public async Task Work_that_another_lane_waits_for_as_well_takes_turns_of_its_own()
    {
        var places = new FairPlaces(1);
        var first = await places.EnterAsync(Lane.Of("heavy"), Token);
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
        await PassOnAsync(first, [.. all, heavy, light], entries: 3);
        Assert.Equal(["shared", "heavy1", "heavy2"], Names);
    }

    [Fact]
    public async Task Places_at_random_are_never_too_many_nor_lost()
    {
        var random = new Random(17);
        var places = new FairPlaces(3, mostOfLane: 2);
        var lanes = new int[5];
        var (inside, wrong) = (0, 0);
        for (var round = 0; round < 50; round++)
        {
            using var some = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var asked = Enumerable.Range(0, 40).Select(i => AskAsync(i % 5, random.Next(3) == 0 ? some.Token : Token)).ToList();
            await some.CancelAsync();
            await Task.WhenAll(asked);
        }

        Assert.Equal(0, wrong);
        Assert.Equal(0, places.Waiting);
        using var a = await places.EnterAsync(Lane.Of("a"), Token);
        await Task.WhenAll(places.EnterAsync(Lane.Of("b"), Token), places.EnterAsync(Lane.Of("b"), Token));
        return;

        async Task AskAsync(int lane, CancellationToken token)
        {
            try
            {
                using var place = await places.EnterAsync(lane == 0 ? null : Lane.Of($"{lane}"), token);
                if (Interlocked.Increment(ref inside) > 3 | Interlocked.Increment(ref lanes[lane]) > 2)
                {
                    Interlocked.Increment(ref wrong);
                }

                await Task.Yield();
                Interlocked.Decrement(ref inside);
                Interlocked.Decrement(ref lanes[lane]);
            }
            catch (OperationCanceledException)
            {
                // It gave up while it waited.
            }
        }
    }

    private static async Task<List<IDisposable>> AllAsync(FairPlaces places, int count)
    {
        List<IDisposable> held = [];
        for (var i = 0; i < count; i++)
        {
            var entering = places.EnterAsync(null, Token);
            Assert.True(entering.IsCompletedSuccessfully);
            held.Add(await entering);
        }

        return held;
    }

    private async Task<int> ShareAsync(UnderWay<string, int> underWay, FairPlaces places) => await underWay.ShareAsync(
        "same", null, async (_, _) =>
        {
            await EnterAsync(places, Lane.Current, "shared");
            return 0;
        }, null, Token);

    private async Task EnterAsync(FairPlaces places, Lane? lane, string name)
    {
        var place = await places.EnterAsync(lane, Token);
        _entered.Enqueue((name, place));
    }

    // Gives the place on, each time when whoever got it has said so.
    private async Task PassOnAsync(IDisposable place, Task[] all, int entries = 0)
    {
        for (var i = 1; i <= (entries == 0 ? all.Length : entries); i++)
        {
            place.Dispose();
            while (_entered.Count < i)
            {
                await Task.Yield();
            }

            place = _entered.Last().Place;
        }

        place.Dispose();
        await Task.WhenAll(all);
    }
}
