using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Counting;

/// <summary>
/// What came by, remembered in 16 MiB whatever its number (Bloom, 1970): never denies what it has seen, and claims what it has not in 1 %
/// of cases at ten million things.
/// </summary>
internal sealed class BloomFilter
{
    private const int Bits = 27;

    private readonly ulong[] _words = new ulong[1 << (Bits - 6)];

    public void Add(string name) => Add(KeyedHash.OfProcess.Of(name));

    /// <summary>Remembers what 64 well-mixed bits stand for.</summary>
    public void Add(ulong hash)
    {
        for (var i = 0; i < 4; i++)
        {
            var bit = Bit(hash, i);
            _words[bit >> 6] |= 1UL << bit;
        }
    }

    public bool MayHave(string name) => MayHave(KeyedHash.OfProcess.Of(name));

    public bool MayHave(ulong hash)
    {
        for (var i = 0; i < 4; i++)
        {
            var bit = Bit(hash, i);
            if ((_words[bit >> 6] & (1UL << bit)) == 0)
            {
                return false;
            }
        }

        return true;
    }

    // Two halves of the hash make all the places (Kirsch and Mitzenmacher, 2006).
    private static int Bit(ulong hash, int i) => (int)(((hash >> 32) + ((ulong)i * ((uint)hash | 1))) & ((1 << Bits) - 1));
}
