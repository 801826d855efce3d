using System.Buffers;
using DtMcp.Darktrace.Reading;

namespace DtMcp.Traffic.Condensing;

/// <summary>
/// How often each pair of an endpoint and a small number (a port, a name) came: open addressing with linear probing, 16 bytes a slot, at most <see cref="MaxKeys"/>
/// pairs. When there are more, the rarest half goes, and <see cref="Sketches"/> tells about how many there were.
/// </summary>
internal sealed class CountMap
{
    /// <summary>32 MB of slots at most.</summary>
    public const int MaxKeys = 1_000_000;

    /// <summary>Pairs that an endpoint must have for a sketch of its own: most have one or two.</summary>
    private const int FewestForSketch = 8;

    // Pooled when it has grown: making room takes as much again for a moment.
    private Slot[] _slots = new Slot[1024];

    public int Count { get; private set; }

    /// <summary>Whether pairs were lost: lists may miss some, and their number is an estimate.</summary>
    public bool Overflowed { get; private set; }

    public PairSketches Sketches { get; } = new();

    public void Add(int host, int value)
    {
        var key = (ulong)(uint)host << 32 | (uint)value;
        ref var slot = ref Find(key);
        if (slot.Count > 0)
        {
            slot.Count++;
            return;
        }

        if (Count >= MaxKeys)
        {
            DropRarest();
            slot = ref Find(key);
        }

        Insert(ref slot, key, 1);
    }

    /// <summary>Goes over to new ids; a pair goes with its endpoint.</summary>
    public void Move(EndpointMoves moves)
    {
        Sketches.Move(moves);
        var old = Empty(_slots.Length);
        foreach (ref readonly var slot in old.AsSpan())
        {
            if (slot.Count > 0 && moves.NewId(slot.Host) is >= 0 and var to)
            {
                var key = (ulong)(uint)to << 32 | (uint)slot.Value;
                Insert(ref Find(key), key, slot.Count);
            }
        }

        ArrayPool<Slot>.Shared.Return(old);
    }

    /// <summary>Visits every pair with its count, in no order.</summary>
    public void ForEach<TState>(TState state, Action<TState, int, int, long> visit)
    {
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            if (slot.Count > 0)
            {
                visit(state, slot.Host, slot.Value, slot.Count);
            }
        }
    }

    private void DropRarest()
    {
        Overflowed = true;
        Dictionary<int, int> pairsOf = [];
        var often = new int[1024];
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            often[Math.Min(slot.Count, often.Length - 1)]++;
            if (slot.Count > 0)
            {
                pairsOf[slot.Host] = pairsOf.GetValueOrDefault(slot.Host) + 1;
            }
        }

        // The least count that at most half of the pairs are above.
        var (cut, above) = (often.Length - 1, 0);
        while (cut > 1 && (above += often[cut]) <= MaxKeys / 2)
        {
            cut--;
        }

        var old = Empty(_slots.Length);
        foreach (ref readonly var slot in old.AsSpan())
        {
            if (slot.Count > cut)
            {
                Insert(ref Find(slot.Key), slot.Key, slot.Count);
            }
            else if (slot.Count > 0 && pairsOf[slot.Host] >= FewestForSketch)
            {
                Sketches.Add(slot.Host, PairSketches.Hash(slot.Value));
            }
            else
            {
                Sketches.Undercounts |= slot.Count > 0;
            }
        }

        ArrayPool<Slot>.Shared.Return(old);
    }

    // Begins anew with so many slots; the old ones are the caller's.
    private Slot[] Empty(int slots)
    {
        var old = _slots;
        _slots = ArrayPool<Slot>.Shared.Rent(slots);
        Array.Clear(_slots);
        Count = 0;
        return old;
    }

    private void Insert(ref Slot slot, ulong key, long count)
    {
        slot = new Slot { Key = key, Count = count };
        if (++Count * 5L > _slots.Length * 4L)
        {
            var old = Empty(_slots.Length * 2);
            foreach (ref readonly var known in old.AsSpan())
            {
                if (known.Count > 0)
                {
                    Find(known.Key) = known;
                    Count++;
                }
            }

            ArrayPool<Slot>.Shared.Return(old);
        }
    }

    private ref Slot Find(ulong key)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        var at = (int)(key * 0x9E37_79B9_7F4A_7C15 >> 32) & mask;
        while (slots[at].Count > 0 && slots[at].Key != key)
        {
            at = (at + 1) & mask;
        }

        return ref slots[at];
    }

    private struct Slot
    {
        public ulong Key;
        public long Count;

        public readonly int Host => (int)(Key >> 32);

        public readonly int Value => (int)(uint)Key;
    }
}
