namespace DtMcp.Simulator.Scenarios;

// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for a seed on every runtime, unlike System.Random, whose algorithm is not
// promised.
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// A stream of its own for one part, so that a change in one part leaves the others as they were.
    public SplitMix Fork(ulong part) => new(Next() ^ (part * 0xD1342543DE82EF95));

    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    public int Between(int low, int high) => low + Below(high - low + 1);

    public double Between(double low, double high) => low + ((high - low) * Unit());

    public bool Chance(double probability) => Unit() < probability;

    public double LogNormal(double median, double sigma)
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - Unit()));
        return median * Math.Exp(sigma * radius * Math.Cos(2 * Math.PI * Unit()));
    }

    public long Bytes(double median, double sigma, long cap) => Math.Min((long)LogNormal(median, sigma), cap);

    // Low numbers come far more often than high ones: the popularity of sites, the activity of people.
    public int Skewed(int limit, double power) => Math.Min((int)(limit * Math.Pow(Unit(), power)), limit - 1);

    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = Below(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
