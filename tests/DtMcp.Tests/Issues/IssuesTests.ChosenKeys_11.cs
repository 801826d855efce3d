using System.Text;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Queries.Channels;

namespace DtMcp.Tests.Issues;

/// <summary>
/// Addresses, names and pairs that somebody chose so that they collide: looking one up stays a few steps, whatever was chosen. Counted, not
/// timed.
/// </summary>
public sealed class ChosenKeys_11
{
    /// <summary>Half full with a good hash a table of a million slots has runs of 20 to 40.</summary>
    private const int Few = 100;

    private const ulong Prefix = 0x2001_0DB8_0000_0001;

    [Fact]
    public async Task Addresses_of_one_network_chosen_against_the_hash_of_before_are_found_in_a_few_steps()
    {
        // The old hash was one multiplication by a known odd number, of which the upper bits led to the slot: turned back, all of these
        // wanted the same slots.
        const ulong inverse = 0xF1DE_83E1_9937_733D;
        Assert.Equal(1UL, unchecked(inverse * 0x9E37_79B9_7F4A_7C15));
        var body = new StringBuilder("{\"traffic\":[");
        for (var i = 0UL; i < 20_000; i++)
        {
            var low = unchecked((((0x5EEDUL << 48) | i) * inverse) ^ (Prefix * 0xC2B2_AE3D_27D4_EB4F));
            body.Append(i == 0
                ? ""
                : ",").Append("{\"sourcedevice\":{\"ip\":\"").Append(Address(Prefix,
                    low)).Append("\"},\"destinationdevice\":{\"ip\":\"10.0.0.1\"}}");
        }

        var flows = new FlowSet();
        await NetworkReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(body.Append("]}").ToString())), flows, null,
            TestContext.Current.CancellationToken);
        Assert.Equal(20_001, flows.Hosts.Count);
        Assert.InRange(flows.Hosts.LongestProbe(), 0, Few);
    }

    [Fact]
    public void Who_knows_the_hash_but_not_its_key_chooses_in_vain()
    {
        // 4,000 addresses of one network that share their slots under a key that is known.
        var random = new Random(11);
        var known = Key(random);
        List<ulong> chosen = [];
        for (var low = 0UL; chosen.Count < 4_000; low++)
        {
            if (known.Of(Prefix, low) >> 54 == 0)
            {
                chosen.Add(low);
            }
        }

        Assert.InRange(Filled(known, chosen.Select(low => Address(Prefix, low))).LongestProbe(), 1_000, 4_000);
        Assert.InRange(Filled(KeyedHash.OfProcess, chosen.Select(low => Address(Prefix, low))).LongestProbe(), 0, Few);
        for (var i = 0; i < 20; i++)
        {
            Assert.InRange(Filled(Key(random), chosen.Select(low => Address(Prefix, low))).LongestProbe(), 0, Few);
        }
    }

    // A difference that goes through an unkeyed multiplication as it is known to gives runs of slots, whatever is added before or after.
    [Theory]
    [InlineData(1UL)]
    [InlineData(0xF1DE_83E1_9937_733DUL)]
    [InlineData(0x1_0000_0001UL)]
    [InlineData(1UL << 20)]
    [InlineData(1UL << 48)]
    public void Steps_of_one_difference_in_either_half_of_an_address_stay_apart(ulong step)
    {
        var random = new Random(12);
        for (var i = 0; i < 10; i++)
        {
            var key = Key(random);
            Assert.InRange(Filled(key, Enumerable.Range(0, 20_000).Select(n => Address(Prefix, unchecked((ulong)n * step)))).LongestProbe(),
                0, Few);
            Assert.InRange(Filled(key, Enumerable.Range(0, 20_000).Select(n => Address(unchecked((ulong)n * step), 1))).LongestProbe(), 0,
                Few);
            Assert.InRange(
                Filled(key, Enumerable.Range(0,
                    20_000).Select(n => Address(unchecked((ulong)n * step), unchecked((ulong)n * step)))).LongestProbe(), 0, Few);
        }
    }

    [Fact]
    public void Pairs_chosen_against_the_hash_of_before_are_all_kept()
    {
        // (key ^ key >> 32) * an odd number, turned back: 700 keys that shared the upper 22 bits.
        const ulong inverse = 0xF1DE_83E1_9937_733D;
        var pages = new PairPages<Slot>();
        for (var i = 0UL; i < 700; i++)
        {
            var mixed = unchecked(((0x2AUL << 42) + i) * inverse);
            Assert.True(pages.TryAdd(new Slot(mixed ^ (mixed >> 32))));
        }

        Assert.False(pages.HasLost);
        Assert.Equal(700, pages.Count);
    }

    [Fact]
    public void Channels_chosen_against_a_known_combination_of_their_parts_have_hashes_of_their_own()
    {
        // What a compiler makes of a record's parts: each times a known number and added.
        const uint factor = unchecked((uint)-1521134295);
        HashSet<int> hashes = [];
        var chosen = 0;
        for (var source = 0U; source < 3_000; source++)
        {
            for (var destination = 0U; destination < 3_000; destination++)
            {
                var port = unchecked(0U - (((source * factor) + destination) * factor));
                if (port <= ushort.MaxValue)
                {
                    chosen++;
                    hashes.Add(new ChannelKey((int)source, (int)destination, (ushort)port, 6).GetHashCode());
                }
            }
        }

        Assert.InRange(chosen, 100, 1_000);
        Assert.InRange(hashes.Count, chosen - 2, chosen);
    }

    [Fact]
    public void Device_ids_that_share_a_bucket_are_no_longer_their_own_hash()
    {
        // 97 is a size of .NET's dictionaries: these ids were all in one bucket.
        var hashes = Enumerable.Range(0, 1_000).Select(i => (uint)KeyedLongs.OfProcess.GetHashCode(i * 97L) % 97).GroupBy(bucket => bucket);
        Assert.InRange(hashes.Max(bucket => bucket.Count()), 1, 40);
    }

    private static KeyedHash Key(Random random) =>
        new((ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.NextInt64() | 1);

    private static HostTable Filled(KeyedHash key, IEnumerable<NetAddress> addresses)
    {
        var hosts = new HostTable(key);
        foreach (var address in addresses)
        {
            hosts.GetOrAdd(address, HostTable.NoDid);
        }

        return hosts;
    }

    private static NetAddress Address(ulong high, ulong low) => NetAddress.FromBits(new UInt128(high, low));

    private readonly record struct Slot(ulong Key) : IPairSlot
    {
        public bool IsFree => Key == 0;
    }
}
