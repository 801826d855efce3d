using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Counting;

/// <summary>What is held of a pair in <see cref="PairPages{TSlot}"/>; the default is a free slot.</summary>
internal interface IPairSlot
{
    /// <summary>The pair itself: no two pairs have the same.</summary>
    ulong Key { get; }

    bool IsFree { get; }
}

/// <summary>
/// Slots found by a pair, in pages of 512 (extendible hashing): a directory leads to a page by the upper bits of the pair's hash; a page
/// that is four fifths full is split in two by one more bit. So memory follows what is held a page at a time, and nothing large is ever
/// copied or left behind, as a table that doubles does.
/// </summary>
internal sealed class PairPages<TSlot>(KeyedHash hashing)
    where TSlot : struct, IPairSlot
{
    private const int PageBits = 9;
    private const int PageSlots = 1 << PageBits;
    private const int Full = PageSlots * 4 / 5;
    private const int SlabBits = 5;

    /// <summary>
    /// Bits of the directory. Some hundred pairs would have to share them for a page to overflow, and nobody can choose such pairs.
    /// </summary>
    private const int MaxDepth = 22;

    private readonly KeyedHash _hash = hashing;
    private readonly List<Page> _pages = [new Page()];
    private TSlot[][] _slabs = [new TSlot[PageSlots]];
    private TSlot[] _scratch = [];
    private int[] _directory = [0];
    private int _depth;

    public PairPages()
        : this(KeyedHash.OfProcess)
    {
    }

    /// <summary>Pairs held.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a pair found no room.</summary>
    public bool HasLost { get; private set; }

    /// <summary>Empty ones that remember whether these have lost a pair.</summary>
    public PairPages<TSlot> Anew() => new(_hash) { HasLost = HasLost };

    /// <summary>Takes a pair that may be there already; false when it is, and nothing changes.</summary>
    public bool TryAdd(TSlot pair)
    {
        ref var slot = ref Find(pair.Key);
        if (!slot.IsFree)
        {
            return false;
        }

        slot = pair;
        Added(ref slot);
        return true;
    }

    /// <summary>Visits the pairs, in no order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>
    /// The slot that holds a pair, or the free one where it belongs. To be filled before anything else is asked, and then told to
    /// <see cref="Added"/>.
    /// </summary>
    public ref TSlot Find(ulong key)
    {
        var hash = Hash(key);
        var page = _directory[Prefix(hash, _depth)];
        var slab = _slabs[page >> SlabBits];
        var first = (page & ((1 << SlabBits) - 1)) << PageBits;
        var at = (int)(hash >> 32) & (PageSlots - 1);
        while (true)
        {
            ref var slot = ref slab[first + at];
            if (slot.IsFree || slot.Key == key)
            {
                return ref slot;
            }

            at = (at + 1) & (PageSlots - 1);
        }
    }

    /// <summary>Counts a slot that was free and is filled.</summary>
    public void Added(ref TSlot slot)
    {
        var hash = Hash(slot.Key);
        var page = _directory[Prefix(hash, _depth)];
        Count++;
        var now = _pages[page] = _pages[page] with { Count = _pages[page].Count + 1 };
        if (now.Count < Full)
        {
            return;
        }

        if (now.Depth < MaxDepth)
        {
            Split(page, hash);
        }
        else if (now.Count == PageSlots - 1)
        {
            slot = default;
            Count--;
            _pages[page] = now with { Count = now.Count - 1 };
            HasLost = true;
        }
    }

    private void Split(int page, ulong hash)
    {
        var depth = _pages[page].Depth;
        var other = Add(depth + 1);
        _pages[page] = new Page(0, depth + 1);
        if (depth == _depth)
        {
            var wider = new int[_directory.Length * 2];
            for (var i = 0; i < wider.Length; i++)
            {
                wider[i] = _directory[i / 2];
            }

            (_directory, _depth) = (wider, _depth + 1);
        }

        // Every place of the directory that begins as the page does and goes on with a one.
        var below = _depth - depth - 1;
        Array.Fill(_directory, other, ((Prefix(hash, depth) << 1) | 1) << below, 1 << below);

        var slots = _slabs[page >> SlabBits].AsSpan((page & ((1 << SlabBits) - 1)) << PageBits, PageSlots);
        _scratch = _scratch.Length == 0 ? new TSlot[PageSlots] : _scratch;
        slots.CopyTo(_scratch);
        slots.Clear();
        foreach (ref readonly var slot in _scratch.AsSpan())
        {
            if (!slot.IsFree)
            {
                Find(slot.Key) = slot;
                var owner = _directory[Prefix(Hash(slot.Key), _depth)];
                _pages[owner] = _pages[owner] with { Count = _pages[owner].Count + 1 };
            }
        }
    }

    private int Add(int depth)
    {
        var page = _pages.Count;
        var (slab, inSlab) = (page >> SlabBits, page & ((1 << SlabBits) - 1));
        if (slab == _slabs.Length)
        {
            Array.Resize(ref _slabs, slab + 1);
        }

        // Most tables stay small: the first slab begins with one page.
        if (inSlab == 0 || page == 1)
        {
            Array.Resize(ref _slabs[slab], PageSlots << SlabBits);
        }

        _pages.Add(new Page(0, depth));
        return page;
    }

    // The upper bits of a hash.
    private static int Prefix(ulong hash, int bits) => (int)(hash >> 1 >> (63 - bits));

    private ulong Hash(ulong key) => _hash.Place(key >> 32, (uint)key);

    public ref struct Enumerator(PairPages<TSlot> pages)
    {
        private int _slab = -1;
        private int _at;
        private Span<TSlot> _slots;

        public readonly ref readonly TSlot Current => ref _slots[_at];

        public bool MoveNext()
        {
            while (true)
            {
                while (++_at < _slots.Length)
                {
                    if (!_slots[_at].IsFree)
                    {
                        return true;
                    }
                }

                if (++_slab == pages._slabs.Length)
                {
                    return false;
                }

                _slots = pages._slabs[_slab];
                _at = -1;
            }
        }
    }

    private readonly record struct Page(int Count, int Depth);
}
