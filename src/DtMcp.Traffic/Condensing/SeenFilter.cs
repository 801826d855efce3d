namespace DtMcp.Traffic.Condensing;

/// <summary>
/// What came by, remembered in 16 MiB whatever its number (Bloom, 1970): never denies what it has seen, and claims what it has not in 1 % of cases at ten million things.
/// </summary>
internal sealed class SeenFilter
{
    private const int Bits = 27;

    private readonly ulong[] _words = new ulong[1 << (Bits - 6)];

    public void Add(string name) => Add(Hash(name));

    /// <summary>Remembers what 64 well-mixed bits stand for.</summary>
    public void Add(ulong hash)
    {
        for (var i = 0; i < 4; i++)
        {
            var bit = Bit(hash, i);
            _words[bit >> 6] |= 1UL << bit;
        }
    }

    public bool MayHave(string name) => MayHave(Hash(name));

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

    private static ulong Hash(string name)
    {
        var hash = 0xCBF2_9CE4_8422_2325;
        foreach (var letter in name)
        {
            hash = (hash ^ letter) * 0x0000_0100_0000_01B3;
        }

        hash = (hash ^ (hash >> 30)) * 0xBF58_476D_1CE4_E5B9;
        return hash ^ (hash >> 31);
    }

    // Two halves of the hash make all the places (Kirsch and Mitzenmacher, 2006).
    private static int Bit(ulong hash, int i) => (int)(((hash >> 32) + ((ulong)i * ((uint)hash | 1))) & ((1 << Bits) - 1));
}
