using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Counting;

/// <summary>
/// How often each pair of an endpoint and a small number (a port, a name) came: 12 bytes a slot, at most <see cref="MaxKeys"/> pairs. When
/// there are more, the rarest half goes, and <see cref="Sketches"/> tells about how many there were.
/// </summary>
internal sealed class CountMap
{
    /// <summary>30 MB of slots at most: a page that was split is two fifths full.</summary>
    public const int MaxKeys = 1_000_000;

    /// <summary>Pairs that an endpoint must have for a sketch of its own: most have one or two.</summary>
    private const int FewestForSketch = 8;

    private PairPages<Slot> _pairs = new();
    private bool _dropped;

    public int Count => _pairs.Count;

    /// <summary>Whether pairs were lost: lists may miss some, and their number is an estimate.</summary>
    public bool Overflowed => _dropped || _pairs.HasLost;

    public PairSketches Sketches { get; } = new();

    public void Add(int host, int value)
    {
        var key = Slot.KeyOf(host, value);
        ref var slot = ref _pairs.Find(key);
        if (!slot.IsFree)
        {
            slot.Count += slot.Count < uint.MaxValue ? 1U : 0;
            return;
        }

        AddNew(ref slot, new Slot(host, value, 1), key);
    }

    /// <summary>Adds a pair that was counted elsewhere.</summary>
    public void Add(int host, int value, long times)
    {
        var key = Slot.KeyOf(host, value);
        ref var slot = ref _pairs.Find(key);
        if (!slot.IsFree)
        {
            slot.Count = (uint)Math.Min(uint.MaxValue, slot.Count + times);
        }
        else if (times > 0)
        {
            AddNew(ref slot, new Slot(host, value, (uint)Math.Min(uint.MaxValue, times)), key);
        }
    }

    private void AddNew(ref Slot slot, Slot pair, ulong key)
    {
        if (Count >= MaxKeys)
        {
            DropRarest();
            slot = ref _pairs.Find(key);
        }

        slot = pair;
        _pairs.Added(ref slot);
    }

    /// <summary>Goes over to new ids; a pair goes with its endpoint.</summary>
    public void Remap(EndpointRemap remap)
    {
        Sketches.Remap(remap);
        var old = _pairs;
        _pairs = old.Anew();
        foreach (ref readonly var slot in old)
        {
            if (remap.NewId(slot.Host) is >= 0 and var to)
            {
                _pairs.TryAdd(new Slot(to, slot.Value, slot.Count));
            }
        }
    }

    /// <summary>Visits every pair with its count, in no order.</summary>
    public void ForEach<TState>(TState state, Action<TState, int, int, long> visit)
    {
        foreach (ref readonly var slot in _pairs)
        {
            visit(state, slot.Host, slot.Value, slot.Count);
        }
    }

    private void DropRarest()
    {
        _dropped = true;
        Dictionary<int, int> pairsOf = [];
        var often = new int[1024];
        ForEach((pairsOf, often), static (tables, host, _, count) =>
        {
            tables.often[Math.Min(count, tables.often.Length - 1)]++;
            tables.pairsOf[host] = tables.pairsOf.GetValueOrDefault(host) + 1;
        });

        // The least count that at most half of the pairs are above.
        var (cut, above) = (often.Length - 1, 0);
        while (cut > 1 && (above += often[cut]) <= MaxKeys / 2)
        {
            cut--;
        }

        var old = _pairs;
        _pairs = old.Anew();
        foreach (ref readonly var slot in old)
        {
            if (slot.Count > cut)
            {
                _pairs.TryAdd(slot);
            }
            else if (pairsOf[slot.Host] >= FewestForSketch)
            {
                Sketches.Add(slot.Host, PairSketches.Hash(slot.Value));
            }
            else
            {
                Sketches.Undercounts = true;
            }
        }
    }

    /// <summary>A pair and how often it came, up to four billion times.</summary>
    private record struct Slot(int Host, int Value, uint Count) : IPairSlot
    {
        public readonly ulong Key => KeyOf(Host, Value);

        public readonly bool IsFree => Count == 0;

        public static ulong KeyOf(int host, int value) => ((ulong)(uint)host << 32) | (uint)value;
    }
}
