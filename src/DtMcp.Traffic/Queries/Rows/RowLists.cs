using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>
/// The lists inside rows (ports, application protocols) of the few keys that are shown: the busiest values first, at most
/// <see cref="Table.MaxListed"/> of them.
/// </summary>
internal sealed class RowLists
{
    private readonly Dictionary<int, List<(int Value, long Count)>> _lists = [];
    private readonly Dictionary<int, long> _distinct = [];
    private readonly bool _all;

    /// <summary>Gathers from a map of (key, value) pairs in one pass.</summary>
    public RowLists(CountMap pairs, IReadOnlyList<int> keys, bool all)
    {
        _all = all;
        foreach (var key in keys)
        {
            _lists[key] = [];
        }

        pairs.ForEach(_lists, static (lists, host, value, count) =>
        {
            if (lists.TryGetValue(host, out var list))
            {
                list.Add((value, count));
            }
        });
        foreach (var (key, list) in _lists)
        {
            list.Sort(static (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.Value.CompareTo(b.Value));
            _distinct[key] = pairs.Sketches.Distinct(key, [.. list.Select(entry => PairSketches.Hash(entry.Value))]);
        }
    }

    public Cell Numbers(int key)
    {
        var list = _lists[key];
        return Cell.List([.. list.Take(Shown(list.Count)).Select(entry => (long)entry.Value)], _distinct[key]);
    }

    public Cell Names(int key, NameTable names)
    {
        // Ids are in order of coming, which is another for each reading of the same rows.
        var list = _lists[key].Select(entry => (Name: names[(ushort)entry.Value], entry.Count))
            .OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Name, StringComparer.Ordinal);
        return Cell.List([.. list.Take(Shown(_lists[key].Count)).Select(entry => entry.Name)], _distinct[key]);
    }

    /// <summary>How many different values there are.</summary>
    public long Distinct(int key) => _distinct[key];

    private int Shown(int count) => _all ? count : Math.Min(count, Table.MaxListed);
}
