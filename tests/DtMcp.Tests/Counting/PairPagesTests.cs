using DtMcp.Traffic.Counting;

namespace DtMcp.Tests.Counting;

/// <summary>The pages hold what a dictionary holds, whatever the pairs.</summary>
public class PairPagesTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 1_000)]
    [InlineData(3, 60_000)]
    [InlineData(4, int.MaxValue)]
    public void They_count_what_a_dictionary_counts(int seed, int differentHosts)
    {
        var random = new Random(seed);
        var (pages, expected) = (new PairPages<Slot>(), new Dictionary<ulong, int>());
        for (var i = 0; i < 200_000; i++)
        {
            var key = ((ulong)(uint)random.Next(differentHosts) << 32) | (uint)(random.Next(4) == 0 ? random.Next() : random.Next(1_024));
            Assert.Equal(!expected.ContainsKey(key), Count(pages, key));
            expected[key] = expected.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(expected.Count, pages.Count);
        var held = new Dictionary<ulong, int>();
        foreach (ref readonly var slot in pages)
        {
            held.Add(slot.Key, slot.Times);
        }

        Assert.Equal(expected, held);
        Assert.False(pages.HasLost);
    }

    // No traffic has them: under this key, which no process draws, a hash is the product of the pair's halves.
    [Fact]
    public void Pairs_made_to_collide_are_lost_and_said_to_be()
    {
        const ulong Elsewhere = 0x4000_0000_FFFF_FFFF;
        var pages = new PairPages<Slot>(default);
        var keys = Enumerable.Range(0, 700).Select(i => (1UL << 32) | (uint)i).ToList();
        foreach (var key in keys)
        {
            Count(pages, key);
        }

        Assert.True(pages.HasLost && pages.Anew() is { HasLost: true, Count: 0 });
        Assert.InRange(pages.Count, 400, 511);
        Count(pages, Elsewhere);
        var held = 0;
        foreach (ref readonly var slot in pages)
        {
            held += slot.Times;
            Assert.True(slot.Key == Elsewhere || keys.Contains(slot.Key));
        }

        Assert.Equal(pages.Count, held);
    }

    private static bool Count(PairPages<Slot> pages, ulong key)
    {
        if (pages.TryAdd(new Slot(key, 1)))
        {
            return true;
        }

        ref var slot = ref pages.Find(key);
        slot = slot with { Times = slot.Times + 1 };
        return false;
    }

    private readonly record struct Slot(ulong Key, int Times) : IPairSlot
    {
        public bool IsFree => Times == 0;
    }
}
