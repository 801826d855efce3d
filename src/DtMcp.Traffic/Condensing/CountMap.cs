using System.Buffers;
using DtMcp.Darktrace.Reading;

namespace DtMcp.Traffic.Condensing;

/// <summary>
/// How often each pair (an endpoint; a port, a name or another endpoint) came: open addressing with linear probing in two flat arrays (16 bytes a slot), at most
/// <see cref="MaxKeys"/> pairs. When there are more, the rarest half goes; a pair that went, or whose other endpoint was let go, is only counted:
/// <see cref="Distinct"/> is an estimate then.
/// </summary>
internal sealed class CountMap(bool ofEndpoints = false)
{
    /// <summary>16 MB of slots at most.</summary>
    public const int MaxKeys = 500_000;

    /// <summary>Endpoints whose lost pairs are told apart, 4 KiB each.</summary>
    private const int MaxSketches = 4_096;

    /// <summary>Pairs that an endpoint must have for that: most have one or two.</summary>
    private const int FewestForSketch = 8;

    private readonly Dictionary<int, HyperLogLog> _lost = [];

    // Pooled when large: making room takes as much again for a moment.
    private long[] _counts = new long[1024];
    private ulong[] _keys = new ulong[1024];

    public int Count { get; private set; }

    /// <summary>Whether pairs were lost: lists may miss some, and their number is an estimate.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Whether even the number of lost pairs is too low for some endpoint.</summary>
    public bool Undercounts { get; private set; }

    public static ulong Key(int high, int low) => (ulong)(uint)high << 32 | (uint)low;

    /// <summary>Adds to a pair. The table of endpoints tells who the other end is when its pair cannot be kept.</summary>
    public void Add(int high, int low, HostTable hosts)
    {
        var key = Key(high, low);
        var slot = Find(_keys, _counts, key);
        if (_counts[slot] > 0)
        {
            _counts[slot]++;
        }
        else
        {
            if (Count >= MaxKeys)
            {
                DropRarest(hosts);
                slot = Find(_keys, _counts, key);
            }

            Insert(slot, key, 1);
        }
    }

    /// <summary>How many different partners an endpoint has, given how many of its pairs are kept (<paramref name="kept"/>).</summary>
    public long Distinct(int high, IEnumerable<int> kept, long count, HostTable hosts)
    {
        if (!_lost.TryGetValue(high, out var lost))
        {
            return count;
        }

        var all = lost.Copy();
        foreach (var low in kept)
        {
            all.Add(ofEndpoints ? hosts.Fingerprint(low) : Mixed(low));
        }

        return Math.Max(count, all.Estimate());
    }

    /// <summary>Goes over to new ids; a pair goes with its endpoint, and one whose other end goes is lost.</summary>
    public void Move(EndpointMoves moves)
    {
        var lost = _lost.ToArray();
        var (keys, counts) = Empty(_keys.Length);
        _lost.Clear();
        foreach (var (high, sketch) in lost)
        {
            if (moves.NewId(high) is >= 0 and var to)
            {
                _lost[to] = sketch;
            }
        }

        var partners = Partners(keys, counts);
        for (var i = 0; i < keys.Length; i++)
        {
            if (counts[i] == 0 || moves.NewId((int)(keys[i] >> 32)) is not (>= 0 and var high))
            {
                continue;
            }

            var low = (int)(uint)keys[i];
            if (ofEndpoints && moves.NewId(low) < 0)
            {
                Lose(high, moves.Fingerprint(low), partners[keys[i] >> 32]);
            }
            else
            {
                var key = Key(high, ofEndpoints ? moves.NewId(low) : low);
                Insert(Find(_keys, _counts, key), key, counts[i]);
            }
        }

        Return(keys, counts);
        ArrayPool<int>.Shared.Return(partners);
    }

    /// <summary>Visits every pair with its count, in no order.</summary>
    public void ForEach<TState>(TState state, Action<TState, ulong, long> visit)
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            if (_counts[i] > 0)
            {
                visit(state, _keys[i], _counts[i]);
            }
        }
    }

    private void DropRarest(HostTable hosts)
    {
        var (keys, counts) = Empty(_keys.Length);
        var (cut, partners) = (Cut(counts), Partners(keys, counts));
        for (var i = 0; i < keys.Length; i++)
        {
            if (counts[i] > cut)
            {
                Insert(Find(_keys, _counts, keys[i]), keys[i], counts[i]);
            }
            else if (counts[i] > 0)
            {
                var low = (int)(uint)keys[i];
                Lose((int)(keys[i] >> 32), ofEndpoints ? hosts.Fingerprint(low) : Mixed(low), partners[keys[i] >> 32]);
            }
        }

        Return(keys, counts);
        ArrayPool<int>.Shared.Return(partners);
    }

    // How many pairs each endpoint has.
    private static int[] Partners(ulong[] keys, long[] counts)
    {
        var last = 0UL;
        for (var i = 0; i < keys.Length; i++)
        {
            last = counts[i] > 0 ? Math.Max(last, keys[i] >> 32) : last;
        }

        var partners = ArrayPool<int>.Shared.Rent((int)last + 1);
        Array.Clear(partners);
        for (var i = 0; i < keys.Length; i++)
        {
            partners[counts[i] > 0 ? keys[i] >> 32 : 0] += counts[i] > 0 ? 1 : 0;
        }

        return partners;
    }

    // The least count that at most half of the pairs are above.
    private static long Cut(long[] counts)
    {
        var often = new int[1024];
        foreach (var count in counts)
        {
            often[Math.Min(count, often.Length - 1)]++;
        }

        var above = 0;
        for (var count = often.Length - 1; count > 1; count--)
        {
            above += often[count];
            if (above > MaxKeys / 2)
            {
                return count;
            }
        }

        return 1;
    }

    // Begins anew with so many slots; the old ones are the caller's.
    private (ulong[] Keys, long[] Counts) Empty(int slots)
    {
        var old = (_keys, _counts);
        (_keys, _counts, Count) = (ArrayPool<ulong>.Shared.Rent(slots), ArrayPool<long>.Shared.Rent(slots), 0);
        Array.Clear(_counts);
        return old;
    }

    private static void Return(ulong[] keys, long[] counts)
    {
        ArrayPool<ulong>.Shared.Return(keys);
        ArrayPool<long>.Shared.Return(counts);
    }

    private void Lose(int high, ulong hash, int partners)
    {
        Overflowed = true;
        if (!_lost.TryGetValue(high, out var sketch))
        {
            if (partners < FewestForSketch || _lost.Count >= MaxSketches)
            {
                Undercounts = true;
                return;
            }

            _lost[high] = sketch = new HyperLogLog(12);
        }

        sketch.Add(hash);
    }

    private static ulong Mixed(int low)
    {
        var mixed = ((ulong)(uint)low + 0x9E37_79B9_7F4A_7C15) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    private void Insert(int slot, ulong key, long count)
    {
        _keys[slot] = key;
        _counts[slot] = count;
        if (++Count * 10L > _keys.Length * 6L)
        {
            Grow();
        }
    }

    private static int Find(ulong[] keys, long[] counts, ulong key)
    {
        var mask = keys.Length - 1;
        var slot = (int)(key * 0x9E37_79B9_7F4A_7C15 >> 32) & mask;
        while (counts[slot] > 0 && keys[slot] != key)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        var count = Count;
        var (keys, counts) = Empty(_keys.Length * 2);
        for (var i = 0; i < keys.Length; i++)
        {
            if (counts[i] > 0)
            {
                var slot = Find(_keys, _counts, keys[i]);
                (_keys[slot], _counts[slot]) = (keys[i], counts[i]);
            }
        }

        Count = count;
        Return(keys, counts);
    }
}
