namespace DtMcp.Traffic.Condensing;

/// <summary>
/// How often each 64-bit key came: open addressing with linear probing in two flat arrays (16 bytes a slot), at most <see cref="MaxKeys"/> keys; a key
/// that is new beyond that is not kept and <see cref="Overflowed"/> says so.
/// </summary>
internal sealed class CountMap
{
    /// <summary>128 MB of slots at most.</summary>
    public const int MaxKeys = 4_000_000;

    private long[] _counts = new long[1024];
    private ulong[] _keys = new ulong[1024];

    public int Count { get; private set; }

    public bool Overflowed { get; private set; }

    public static ulong Key(int high, int low) => (ulong)(uint)high << 32 | (uint)low;

    /// <summary>Adds to a key; true when it is new.</summary>
    public bool Add(ulong key, long by = 1)
    {
        var slot = Find(_keys, _counts, key);
        if (_counts[slot] > 0)
        {
            _counts[slot] += by;
            return false;
        }

        if (Count >= MaxKeys)
        {
            Overflowed = true;
            return false;
        }

        _keys[slot] = key;
        _counts[slot] = by;
        if (++Count * 10L > _keys.Length * 6L)
        {
            Grow();
        }

        return true;
    }

    /// <summary>Visits every key with its count, in no order.</summary>
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
        var keys = new ulong[_keys.Length * 2];
        var counts = new long[keys.Length];
        for (var i = 0; i < _keys.Length; i++)
        {
            if (_counts[i] > 0)
            {
                var slot = Find(keys, counts, _keys[i]);
                keys[slot] = _keys[i];
                counts[slot] = _counts[i];
            }
        }

        _keys = keys;
        _counts = counts;
    }
}
