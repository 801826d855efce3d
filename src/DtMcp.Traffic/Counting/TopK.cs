using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Counting;

/// <summary>The first keys of a table and how many the whole table has.</summary>
internal readonly record struct Ranked(IReadOnlyList<int> Keys, long Of);

/// <summary>
/// Picks the rows of a table with a heap of as many as are wanted, so that a million keys are not sorted for ten rows. Rows go by their
/// measure, largest first; ties by key: addresses and ports in numeric order (IPv4 first), names in ordinal order.
/// </summary>
internal static class TopK
{
    /// <summary>What a key is worth that does not count.</summary>
    public const long Nothing = long.MinValue;

    /// <summary>
    /// The first <paramref name="limit"/> of the keys from 0 up: the largest first by <paramref name="value"/>, those of one value as
    /// <paramref name="ties"/> has it. A key of value <see cref="Nothing"/> does not count.
    /// </summary>
    public static Ranked Top(int keys, int limit, Func<int, long> value, Comparison<int> ties)
    {
        long of = 0;
        var least = Nothing;
        var heap = new PriorityQueue<int, (long Value, int Key)>(Comparer<(long Value, int Key)>.Create((a, b) =>
            a.Value != b.Value ? a.Value.CompareTo(b.Value) : ties(b.Key, a.Key)));
        for (var key = 0; key < keys; key++)
        {
            var worth = value(key);
            if (worth == Nothing)
            {
                continue;
            }

            of++;
            if (heap.Count < limit)
            {
                heap.Enqueue(key, (worth, key));
            }
            else if (limit > 0 && worth >= least)
            {
                heap.EnqueueDequeue(key, (worth, key));
            }
            else
            {
                continue;
            }

            // Once there are as many as are wanted, most keys are below the last of these and need no more than a look.
            least = heap.Count == limit && heap.TryPeek(out _, out var last) ? last.Value : Nothing;
        }

        var first = new int[heap.Count];
        for (var i = first.Length - 1; i >= 0; i--)
        {
            first[i] = heap.Dequeue();
        }

        return new Ranked(first, of);
    }

    public static Comparison<int> Names(NameTable names) => (a, b) => string.CompareOrdinal(names[(ushort)a], names[(ushort)b]);

    public static Comparison<int> Ports { get; } = (a, b) => a.CompareTo(b);

    public static Comparison<int> Hosts(HostTable hosts) => (a, b) =>
    {
        var byAddress = hosts.Address(a).CompareTo(hosts.Address(b));
        return byAddress != 0 ? byAddress : string.CompareOrdinal(hosts.Name(a), hosts.Name(b));
    };
}
