using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Darktrace.Values;
using DtMcp.Replicas;
using DtMcp.Replicas.Sealing;
using DtMcp.Tests.Reading;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Tests.Replicas;

/// <summary>Captures between two that share, in one process, over a real Redis.</summary>
public class SharedCapturesTests
{
    private static readonly CaptureKey Key = new(new TimeWindow(0, 3_599_999), new NetworkQuery(), false);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_another_has_read_is_unpacked_in_the_room_of_readings()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = Sharing(redis);
        await using var other = Sharing(redis);
        var (_, flows) = await Bodies.ReadAsync("""{"traffic":[{"sourcedevice":1,"destinationdevice":2,"bytes":7,"starttime":1000}]}""");
        var capture = new Capture { Key = Key, Evidence = EvidenceKind.Flows, ReadAt = TimeProvider.System.GetUtcNow(), Flows = flows };
        await Captures(one, ReadingRoom.OfProcess).ReadAsync(Wish, _ => Task.FromResult(capture), null, Token);
        await ReplicaFarm.UntilAsync(async () => (await redis.KeysAsync("*:bytes:*")).Count > 0);

        var room = new ReadingRoom(1 << 20, TimeProvider.System);
        var held = await room.EnterAsync(1, Token);
        var taking = Captures(other, room).ReadAsync(Wish, _ => throw new InvalidOperationException("It is there."), null, Token);
        await ReplicaFarm.UntilAsync(() => Task.FromResult(taking.IsCompleted || room.Waiting > 0));
        Assert.Equal((1, false), (room.Waiting, taking.IsCompleted));
        held.Dispose();
        Assert.Equal(1, (await taking).Flows!.Count);
        using var again = await room.EnterAsync(1, Token);
    }

    private static SharedWish Wish => new(Key, _ => true, _ => true, IsFresh: false);

    private static ReplicaSharing Sharing(RedisServer redis)
    {
        var keys = KeyRing.Parse(new string('k', 40), out _)!;
        return new ReplicaSharing(redis.Options, () => keys, "1", TimeProvider.System, NullLoggerFactory.Instance);
    }

    private static ISharedCaptures Captures(ReplicaSharing sharing, ReadingRoom room) => sharing.Captures(
        new DarktraceOptions { Host = new Uri("https://appliance.example"), PublicToken = "p", PrivateToken = new Secret("q") },
        new InvestigatorOptions { Appliance = "appliance", Room = room });
}
