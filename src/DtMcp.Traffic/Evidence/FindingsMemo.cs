using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence.Sharing;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence;

/// <summary>
/// What was found in one capture, so that the same question asked again is not analysed again. The last <see cref="Most"/> are kept, and
/// no more than <see cref="MaxBytes"/>.
/// </summary>
internal sealed class FindingsMemo
{
    private const int Most = 32;

    internal const long MaxBytes = 8 << 20;

    /// <summary>The text that was made of findings last.</summary>
    private const long OfAnswer = 16 << 10;

    private readonly Lock _gate = new();
    private readonly UnderWay<Key, Findings> _underWay = new();
    private readonly Dictionary<Key, Findings> _found = [];
    private readonly Queue<Key> _order = [];
    private long _size;

    /// <summary>Bytes of memory.</summary>
    public long Size
    {
        get
        {
            lock (_gate)
            {
                return _size;
            }
        }
    }

    private Findings? Find(Key key)
    {
        lock (_gate)
        {
            return _found.GetValueOrDefault(key);
        }
    }

    /// <summary>What was found, or what is found now: once for all who ask the same at the same time.</summary>
    /// <param name="key">All that the findings depend on.</param>
    /// <param name="find">Finds it; its token ends when nobody waits any more.</param>
    /// <param name="cancellationToken">Stops the waiting, and the work when nobody else waits.</param>
    public async Task<Findings> GetAsync(Key key, Func<CancellationToken, Task<Findings>> find, CancellationToken cancellationToken) =>
        Find(key) ?? await _underWay.ShareAsync(
            key,
            null,
            async (_, token) =>
            {
                if (Find(key) is { } known)
                {
                    return known;
                }

                var found = await find(token).ConfigureAwait(false);
                Keep(key, found);
                return found;
            },
            null,
            cancellationToken).ConfigureAwait(false);

    private void Keep(Key key, Findings findings)
    {
        // A whole table of a hundred thousand rows is not worth the memory.
        var size = SizeOf(findings);
        if (size > MaxBytes || findings.IsPassing)
        {
            return;
        }

        lock (_gate)
        {
            if (_found.TryAdd(key, findings))
            {
                _size += size;
                _order.Enqueue(key);
                while (_order.Count > Most || _size > MaxBytes)
                {
                    _found.Remove(_order.Dequeue(), out var oldest);
                    _size -= SizeOf(oldest!);
                }
            }
        }
    }

    private static long SizeOf(Findings findings) =>
        OfAnswer + findings.Notes.Concat(findings.Next).Sum(SizeOf)
            + findings.Tables.Sum(table => table.Rows.Sum(row => 32 + row.Sum(cell => cell.Size)));

    private static long SizeOf(string text) => 24 + (2L * text.Length);

    /// <summary>
    /// All that findings over one capture depend on, and of a question that looks back the time before: its window and the capture of it.
    /// </summary>
    internal sealed record Key(Investigation Investigation, AnalysisSettings Settings, TimeWindow Window)
    {
        /// <summary>Which names they depend on: the names themselves are not kept.</summary>
        public string? Names { get; init; }

        public TimeWindow? Before { get; init; }

        public long BeforeCapture { get; init; }
    }
}
