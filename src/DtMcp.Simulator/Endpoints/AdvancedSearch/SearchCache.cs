using System.Runtime.CompilerServices;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// What the last searches found, so that the next page, or the next count of the same, costs only itself. Keyed by the entries that the
/// window spans: a window that ends with a clock that runs on stays the same search.
/// </summary>
internal sealed class SearchCache
{
    /// <summary>Several callers page through some windows each, side by side.</summary>
    private const int Most = 64;

    /// <summary>Entries in order that all kept searches hold together, 4 bytes each.</summary>
    private const long MostInOrder = 40_000_000;

    private static readonly ConditionalWeakTable<RecordSet, SearchCache> Caches = [];

    private readonly Lock _lock = new();
    private readonly LinkedList<Found> _kept = [];

    public static Found Find(RecordSet records, SearchRequest request)
    {
        var entries = SearchTypes.Of(records, request.Search);
        var (first, end) = entries.Inserted(request.FromMs, request.ToMs);
        return Caches.GetValue(records, static _ => new SearchCache()).Find(entries, request.Search, first, end);
    }

    private Found Find(IEntries entries, string search, int first, int end)
    {
        lock (_lock)
        {
            var node = _kept.First;
            while (node is not null && !node.Value.Is(entries, search, first, end))
            {
                node = node.Next;
            }

            if (node is not null)
            {
                _kept.Remove(node);
            }

            node ??= new LinkedListNode<Found>(new Found(entries, search, first, end));
            _kept.AddFirst(node);
            while (_kept.Count > Most || (_kept.Count > 1 && _kept.Sum(static kept => (long)kept.Ordered) > MostInOrder))
            {
                _kept.RemoveLast();
            }

            return node.Value;
        }
    }

    /// <summary>What one search found.</summary>
    internal sealed class Found(IEntries entries, string search, int first, int end)
    {
        private readonly Lazy<RowBits> _selected = new(() => RecordQuery.Find(entries, search).And(entries.Inserted(first, end)));
        private int[]? _inOrder;

        public IEntries Entries => entries;

        public RowBits Selected => _selected.Value;

        /// <summary>In order of their insertion.</summary>
        public int[] InOrder => _inOrder ?? Order();

        public int Ordered => _inOrder?.Length ?? 0;

        public bool Is(IEntries ofEntries, string ofSearch, int ofFirst, int ofEnd) =>
            entries == ofEntries && search == ofSearch && (first, end) == (ofFirst, ofEnd);

        private int[] Order()
        {
            lock (_selected)
            {
                return _inOrder ??= entries.InOrder(Selected);
            }
        }
    }
}
