namespace DtMcp.Traffic.Counting;

/// <summary>
/// A list of values in pages: growing copies nothing and asks for no array as long as the whole, and an entry is changed in place.
/// </summary>
internal sealed class PagedList<T>
    where T : struct
{
    private const int Bits = 12;
    private const int Mask = (1 << Bits) - 1;

    private readonly List<T[]> _pages = [];

    public int Count { get; private set; }

    public ref T this[int i] => ref _pages[i >> Bits][i & Mask];

    /// <summary>A further entry, empty.</summary>
    public ref T Add()
    {
        if (Count >> Bits == _pages.Count)
        {
            _pages.Add(GC.AllocateUninitializedArray<T>(1 << Bits));
        }

        ref var added = ref this[Count++];
        added = default;
        return ref added;
    }

    /// <summary>Lets go of all entries from this one on; their pages stay for those to come.</summary>
    public void Truncate(int count) => Count = count;

    public Enumerator GetEnumerator() => new(this);

    /// <summary>The entries in order, each in its place.</summary>
    internal struct Enumerator(PagedList<T> list)
    {
        private int _at = -1;

        public readonly ref T Current => ref list[_at];

        public bool MoveNext() => ++_at < list.Count;
    }
}
