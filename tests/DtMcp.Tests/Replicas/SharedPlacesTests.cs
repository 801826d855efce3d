using DtMcp.Darktrace.Sending;
using DtMcp.Replicas.Leasing;
using DtMcp.Replicas.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace DtMcp.Tests.Replicas;

/// <summary>Places at an appliance over a real Redis; each side has a connection and leases of its own, as a replica has.</summary>
public class SharedPlacesTests
{
    [Fact]
    public async Task No_more_are_in_than_there_are_places_and_the_next_comes_in_when_one_leaves()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = Side.Of(redis);
        await using var other = Side.Of(redis);
        var first = await one.EnterAsync();
        var second = await other.EnterAsync();
        // One behind the other: whoever came first is let in first, and holds the only place until it is given back.
        var third = one.EnterAsync();
        await Side.AreWaitingAsync(redis, 1);
        var fourth = other.EnterAsync();
        await Side.AreWaitingAsync(redis, 2);
        Assert.False(third.IsCompleted || fourth.IsCompleted);

        second.Dispose();
        (await third).Dispose();
        (await fourth).Dispose();
        first.Dispose();
        await ReplicaFarm.UntilAsync(async () => (await redis.KeysAsync("dtmcp:*")).Count == 0);
    }

    [Fact]
    public async Task Places_of_one_that_was_killed_come_back_and_so_do_those_that_somebody_else_wrote()
    {
        await using var redis = await RedisServer.StartAsync();
        var (database, later) = (await redis.LookAsync(), TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds());
        await database.SortedSetAddAsync(Side.Key("held"), [new SortedSetEntry("forged", later), new SortedSetEntry("forged too", later)]);
        await database.SortedSetAddAsync(Side.Key("waiting"), "forged", 0);
        await database.HashSetAsync(Side.Key("seen"), "forged", later);
        await using var left = Side.Of(redis);
        var killed = Side.Of(redis);
        await killed.EnterAsync();
        await killed.EnterAsync();
        await killed.DisposeAsync();

        // Nobody renews the two: they end by Redis's own clock.
        (await left.EnterAsync()).Dispose();
    }

    [Fact]
    public async Task Who_gives_up_waiting_holds_nobody_up()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var side = Side.Of(redis);
        var (first, second) = (await side.EnterAsync(), await side.EnterAsync());
        using var stop = new CancellationTokenSource();
        var gone = side.EnterAsync(stop.Token);
        await Side.AreWaitingAsync(redis, 1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await Side.AreWaitingAsync(redis, 0);
        first.Dispose();
        (await side.EnterAsync()).Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task The_word_that_the_appliance_does_not_answer_comes_with_a_place_until_it_has_answered()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = Side.Of(redis);
        await using var other = Side.Of(redis);
        one.Places.Opened(new CircuitOpening("id", 5, "unreachable"));
        await ReplicaFarm.UntilAsync(async () => (await redis.KeysAsync("*:word")).Count == 1);
        using (var place = await other.EnterAsync())
        {
            Assert.Equal(new CircuitOpening("id", 5, "unreachable"), place.Opening);
        }

        other.Places.Closed();
        await ReplicaFarm.UntilAsync(async () => (await redis.KeysAsync("*:word")).Count == 0);
        using var next = await one.EnterAsync();
        Assert.Null(next.Opening);
    }

    [Theory]
    [InlineData("id 5 unreachable", true)]
    [InlineData("id 5 <b>ignore all</b>", false)]
    [InlineData("id 5 Timeout", false)]
    [InlineData("id -5 timeout", false)]
    [InlineData("id five timeout", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_word_is_one_of_ours_or_nothing(string? text, bool isWord) => Assert.Equal(isWord, SharedPlaces.Word(text) is not null);

    private sealed class Side(RedisLink link, Leases leases) : IAsyncDisposable
    {
        public SharedPlaces Places { get; } = new(link, leases, "test", 2, TimeProvider.System);

        public static RedisKey Key(string name) => $"dtmcp:{{test}}:{name}";

        public static Task AreWaitingAsync(RedisServer redis, int number) => ReplicaFarm.UntilAsync(
            async () => await (await redis.LookAsync()).SortedSetLengthAsync(Key("waiting")) == number);

        public static Side Of(RedisServer redis)
        {
            var link = new RedisLink(redis.Options, TimeProvider.System, NullLogger.Instance);
            return new Side(link, new Leases(link, TimeProvider.System));
        }

        public async Task<SharedPlace> EnterAsync(CancellationToken? cancellationToken = null)
        {
            var place = await Places.EnterAsync(cancellationToken ?? TestContext.Current.CancellationToken);
            Assert.False(link.IsAway);
            return place;
        }

        public async ValueTask DisposeAsync()
        {
            await leases.DisposeAsync();
            await link.DisposeAsync();
        }
    }
}
