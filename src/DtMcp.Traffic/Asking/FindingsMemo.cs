using DtMcp.Darktrace.Querying;
using DtMcp.Traffic.Condensing;

namespace DtMcp.Traffic.Asking;

/// <summary>What was found in one capture, so that the same question asked again is not condensed again. The last <see cref="Most"/> are kept, a few kilobytes each.</summary>
internal sealed class FindingsMemo
{
    private const int Most = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<Key, Findings> _found = [];
    private readonly Queue<Key> _order = [];

    public Findings? Find(Key key)
    {
        lock (_gate)
        {
            return _found.GetValueOrDefault(key);
        }
    }

    public void Keep(Key key, Findings findings)
    {
        // A whole table of a hundred thousand rows is not worth the memory.
        if (findings.Tables.Sum(table => (long)table.Rows.Count) > 1_000)
        {
            return;
        }

        lock (_gate)
        {
            if (_found.TryAdd(key, findings))
            {
                _order.Enqueue(key);
                if (_order.Count > Most)
                {
                    _found.Remove(_order.Dequeue());
                }
            }
        }
    }

    /// <summary>All that findings over one capture depend on.</summary>
    internal sealed record Key(string Tool, AnalysisSettings Settings, TimeWindow Window);
}
