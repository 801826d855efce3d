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
    /// <summary>
    /// The first <paramref name="limit"/> of the keys from 0 up that <paramref name="counts"/>, as <paramref name="order"/> has it.
    /// </summary>
    public static Ranked Top(int keys, int limit, Func<int, bool> counts, Comparison<int> order)
    {
        long of = 0;
        var heap = new PriorityQueue<int, int>(Comparer<int>.Create((a, b) => order(b, a)));
        for (var key = 0; key < keys; key++)
        {
            if (!counts(key))
            {
                continue;
            }

            of++;
            if (heap.Count < limit)
            {
                heap.Enqueue(key, key);
            }
            else if (limit > 0)
            {
                heap.EnqueueDequeue(key, key);
            }
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
