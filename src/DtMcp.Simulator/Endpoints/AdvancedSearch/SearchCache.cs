using System.Runtime.CompilerServices;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// The rows that the last few searches selected, so that the next page costs only its own rows. Keyed by the rows that the window spans: a
/// window that ends with a clock that runs on stays the same search.
/// </summary>
internal sealed class SearchCache
{
    private const int Most = 4;

    private static readonly ConditionalWeakTable<RecordSet, SearchCache> Caches = [];

    private readonly Lock _lock = new();
    private readonly List<(string Search, int First, int End, int[] Rows)> _kept = [];

    /// <summary>Rows in order of their insertion.</summary>
    public static int[] Rows(RecordSet records, SearchRequest request)
    {
        var cache = Caches.GetValue(records, static _ => new SearchCache());
        var insertion = Insertion.Of(records);
        var (first, end) = (insertion.FirstAtOrAfter(request.FromMs), insertion.FirstAtOrAfter(request.ToMs + 1));
        lock (cache._lock)
        {
            var place = cache._kept.FindIndex(kept => kept.Search == request.Search && kept.First == first && kept.End == end);
            var entry = place >= 0
                ? cache._kept[place]
                : (request.Search, first, end, Select(records, insertion, request.Search, first, end));
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

    private static int[] Select(RecordSet records, Insertion insertion, string search, int first, int end)
    {
        var condition = RecordQuery.Parse(records, search);
        var rows = new List<int>();
        var (starts, ends) = (records.FirstAtOrAfter(Ms(condition.From, -1)), records.FirstAtOrAfter(Ms(condition.To, 1)));
        if (ends - starts < end - first)
        {
            // Fewer start in the range that the search names than were inserted in the window.
            var inserted = insertion.Rows(first, end);
            var (from, to) = inserted.IsEmpty ? (1L, 0L) : (Insertion.Of(records, inserted[0]), Insertion.Of(records, inserted[^1]));
            for (var row = starts; row < ends; row++)
            {
                if (Insertion.Of(records, row) is var at && at >= from && at <= to && condition.Matches(row))
                {
                    rows.Add(row);
                }
            }

            var order = rows.ToArray();
            Array.Sort(Array.ConvertAll(order, row => (Insertion.Of(records, row), row)), order);
            return order;
        }

        foreach (var row in insertion.Rows(first, end))
        {
            if (condition.Matches(row))
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }

    private static long Ms(double seconds, int slack) =>
        double.IsNegativeInfinity(seconds)
            ? long.MinValue
            : double.IsPositiveInfinity(seconds)
            ? long.MaxValue
            : (long)Math.Clamp((seconds * 1000) + slack, -1e15, 1e15);
}
