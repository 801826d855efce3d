using System.Runtime.CompilerServices;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.AdvancedSearch;

/// <summary>
/// When entries were put into the index, in whole seconds: some seconds after their connection's end, as a sensor writes it then. What is
/// open when the records end is written at their end. An appliance selects and orders by this time.
/// </summary>
internal sealed class Insertion
{
    private const int LeastLagMs = 1_000;
    private const int LagSpreadMs = 5_000;

    private static readonly ConditionalWeakTable<RecordSet, Insertion> Known = [];

    private readonly long[] _times;
    private readonly int[] _rows;

    private Insertion(RecordSet records)
    {
        _times = new long[records.Rows.Length];
        _rows = new int[_times.Length];
        for (var row = 0; row < _rows.Length; row++)
        {
            (_rows[row], _times[row]) = (row, Of(records, row));
        }

        Array.Sort(_times, _rows);
    }

    public static Insertion Of(RecordSet records) => Known.GetValue(records, static known => new Insertion(known));

    /// <summary>Milliseconds since 1970, a whole second.</summary>
    public static long Of(RecordSet records, int row)
    {
        ref readonly var record = ref records.Rows[row];
        var end = Math.Min(record.EndMs, Math.Max(records.LastMs, record.StartMs));
        var inserted = end + LeastLagMs + (row * 7_919L % LagSpreadMs);
        return inserted - (inserted % 1000);
    }

    /// <summary>Places in the order of insertion: the first at or after a time.</summary>
    public int FirstAtOrAfter(long ms)
    {
        var (low, high) = (0, _times.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = _times[middle] < ms ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    public ReadOnlySpan<int> Rows(int first, int end) => _rows.AsSpan(first, Math.Max(0, end - first));
}
