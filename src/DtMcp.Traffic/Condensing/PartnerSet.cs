using System.Buffers;
using DtMcp.Darktrace.Reading;

namespace DtMcp.Traffic.Condensing;

/// <summary>
/// Which endpoints each endpoint spoke with, for the number of them: keys alone in open addressing, 8 bytes a slot, at most <see cref="MaxKeys"/> pairs. When there are more,
/// the endpoints with most partners are counted by sketch from then on.
/// </summary>
internal sealed class PartnerSet
{
    /// <summary>32 MB of slots at most.</summary>
    public const int MaxKeys = 3_000_000;

    private readonly PairSketches _sketches = new();

    // A pair plus one in its upper half; 0 is free. Pooled when it has grown.
    private ulong[] _keys = new ulong[1024];

    public int Count { get; private set; }

    /// <summary>Whether the number of some endpoint's partners is an estimate.</summary>
    public bool IsEstimate { get; private set; }

    /// <summary>Whether the number is too low for some, because there are more such endpoints than sketches.</summary>
    public bool Undercounts => _sketches.Undercounts;

    public void Add(int host, int partner, HostTable hosts)
    {
        if (_sketches.Any && _sketches.TryAdd(host, hosts.Fingerprint(partner)))
        {
            return;
        }

        if (TryInsert(Key(host, partner)) && Count > MaxKeys)
        {
            SketchTheBusiest(hosts);
        }
    }

    /// <summary>How many partners each of some endpoints has, in one pass.</summary>
    public Dictionary<int, long> Numbers(IEnumerable<int> wanted, HostTable hosts)
    {
        var kept = wanted.ToDictionary(host => host, _ => new List<ulong>());
        foreach (var key in _keys)
        {
            if (key != 0 && kept.TryGetValue(Host(key), out var partners))
            {
                partners.Add(hosts.Fingerprint(Partner(key)));
            }
        }

        return kept.ToDictionary(pair => pair.Key, pair => _sketches.Distinct(pair.Key, pair.Value));
    }

    /// <summary>Goes over to new ids; a pair goes with its endpoint, and one whose partner goes is in the endpoint's sketch.</summary>
    public void Move(EndpointMoves moves)
    {
        _sketches.Move(moves);
        var old = Empty(_keys.Length);
        foreach (var key in old)
        {
            if (key == 0 || moves.NewId(Host(key)) is not (>= 0 and var host))
            {
                continue;
            }

            if (moves.NewId(Partner(key)) is >= 0 and var partner)
            {
                TryInsert(Key(host, partner));
            }
            else
            {
                IsEstimate = true;
                _sketches.Add(host, moves.Fingerprint(Partner(key)));
            }
        }

        ArrayPool<ulong>.Shared.Return(old);
    }

    private static ulong Key(int host, int partner) => ((ulong)(uint)(host + 1) << 32) | (uint)partner;

    private static int Host(ulong key) => (int)(key >> 32) - 1;

    private static int Partner(ulong key) => (int)(uint)key;

    private void SketchTheBusiest(HostTable hosts)
    {
        IsEstimate = true;
        Dictionary<int, int> partners = [];
        foreach (var key in _keys)
        {
            if (key != 0)
            {
                partners[Host(key)] = partners.GetValueOrDefault(Host(key)) + 1;
            }
        }

        var fewest = 1 << 20;
        while (fewest > 1 && partners.Values.Sum(count => count >= fewest ? (long)count : 0) < MaxKeys / 2)
        {
            fewest /= 2;
        }

        var old = Empty(_keys.Length);
        foreach (var key in old)
        {
            if (key != 0 && partners[Host(key)] >= fewest)
            {
                _sketches.Add(Host(key), hosts.Fingerprint(Partner(key)));
            }
            else if (key != 0)
            {
                TryInsert(key);
            }
        }

        ArrayPool<ulong>.Shared.Return(old);
    }

    private ulong[] Empty(int slots)
    {
        var old = _keys;
        _keys = ArrayPool<ulong>.Shared.Rent(slots);
        Array.Clear(_keys);
        Count = 0;
        return old;
    }

    private bool TryInsert(ulong key)
    {
        ref var slot = ref Find(key);
        if (slot == key)
        {
            return false;
        }

        slot = key;
        if (++Count * 4L > _keys.Length * 3L)
        {
            var old = Empty(_keys.Length * 2);
            foreach (var known in old)
            {
                if (known != 0)
                {
                    Find(known) = known;
                    Count++;
                }
            }

            ArrayPool<ulong>.Shared.Return(old);
        }

        return true;
    }

    private ref ulong Find(ulong key)
    {
        var keys = _keys;
        var mask = keys.Length - 1;
        var at = (int)(key * 0x9E37_79B9_7F4A_7C15 >> 32) & mask;
        while (keys[at] != 0 && keys[at] != key)
        {
            at = (at + 1) & mask;
        }

        return ref keys[at];
    }
}
