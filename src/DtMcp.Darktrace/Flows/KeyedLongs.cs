namespace DtMcp.Darktrace.Flows;

/// <summary>Device ids as keys of a dictionary: a number's own hash is the number, so ids could be chosen that share a bucket.</summary>
public sealed class KeyedLongs(KeyedHash hash) : IEqualityComparer<long>
{
    public static KeyedLongs OfProcess { get; } = new(KeyedHash.OfProcess);

    public bool Equals(long x, long y) => x == y;

    public int GetHashCode(long obj) => (int)hash.Place((ulong)obj, 0);
}
