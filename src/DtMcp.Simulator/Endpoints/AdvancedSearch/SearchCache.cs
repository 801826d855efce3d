using System.Runtime.CompilerServices;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// The rows that the last few searches selected, so that the next page costs only its own rows. Keyed by the rows that the window spans: a window that ends with a
/// clock that runs on stays the same search.
/// </summary>
internal sealed class SearchCache
{
    private const int Most = 4;

    private static readonly ConditionalWeakTable<RecordSet, SearchCache> Caches = [];

    private readonly Lock _lock = new();
    private readonly List<(string Search, int First, int End, int[] Rows)> _kept = [];

    /// <summary>Rows in order of time.</summary>
    public static int[] Rows(RecordSet records, SearchRequest request)
    {
        var cache = Caches.GetValue(records, static _ => new SearchCache());
        var (first, end) = (records.FirstAtOrAfter(request.FromMs), records.FirstAtOrAfter(request.ToMs + 1));
        lock (cache._lock)
        {
            var place = cache._kept.FindIndex(kept => kept.Search == request.Search && kept.First == first && kept.End == end);
            var entry = place >= 0 ? cache._kept[place] : (request.Search, first, end, Select(records, request.Search, first, end));
            if (place >= 0)
            {
                cache._kept.RemoveAt(place);
            }
            else if (cache._kept.Count == Most)
            {
                cache._kept.RemoveAt(Most - 1);
            }

            cache._kept.Insert(0, entry);
            return entry.Item4;
        }
    }

    private static int[] Select(RecordSet records, string search, int first, int end)
    {
        var matches = RecordQuery.Parse(records, search);
        var rows = new List<int>();
        for (var row = first; row < end; row++)
        {
            if (matches(row))
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }
}
