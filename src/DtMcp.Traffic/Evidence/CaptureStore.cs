using DtMcp.Traffic.Evidence.Sharing;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence;

/// <summary>
/// Captures within a bound of memory, the one unused longest out first. A question that another caller is asking already waits for that
/// answer instead of asking again; when the last one waiting gives up, so does the reading. What other replicas have read, or are reading,
/// is taken from them where there are any.
/// </summary>
internal sealed class CaptureStore(InvestigatorOptions options, TimeProvider time, ISharedCaptures? others = null)
{
    /// <summary>How many times as long a reading may be that somebody else began: an hour does not wait for their month.</summary>
    private const int MostBroader = 4;

    private readonly Lock _gate = new();
    private readonly LinkedList<Capture> _captures = [];
    private readonly UnderWay<CaptureKey, Capture> _underWay = new();

    /// <summary>Bytes that all captures keep.</summary>
    public long Size => Kept.Bytes;

    /// <summary>How many captures are kept, and their bytes.</summary>
    public (int Count, long Bytes) Kept
    {
        get
        {
            lock (_gate)
            {
                return (_captures.Count, _captures.Sum(kept => kept.Size));
            }
        }
    }

    /// <summary>A capture that holds all that is asked, fresh enough; null when there is none.</summary>
    /// <param name="key">What is asked.</param>
    /// <param name="isRelative">Whether the window was asked as "the last ...": then one that ends a moment earlier will do.</param>
    public Capture? Find(CaptureKey key, bool isRelative)
    {
        lock (_gate)
        {
            Trim();
            var now = time.GetUtcNow();
            for (var node = _captures.First; node is not null;)
            {
                var next = node.Next;
                if (!IsFresh(node.Value.Head, now))
                {
                    _captures.Remove(node);
                }
                else if (Serves(node.Value.Head, key, isRelative))
                {
                    _captures.Remove(node);
                    _captures.AddFirst(node);
                    return node.Value;
                }

                node = next;
            }

            return null;
        }
    }

    /// <summary>Reads once for all who ask the same at the same time, and keeps what was read when it is whole.</summary>
    /// <param name="ask">Whether it must be read anew, and whether a window that ends a moment earlier will do.</param>
    /// <param name="key">What is asked.</param>
    /// <param name="givesRows">Whether the answer is known to be rows, so that a broader reading under way will do.</param>
    /// <param name="read">Reads; its token ends when nobody waits any more.</param>
    /// <param name="progress">Where this caller hears of the reading.</param>
    /// <param name="cancellationToken">Stops the waiting, and the reading when nobody else waits.</param>
    public Task<Capture> ReadAsync(
        Ask ask,
        CaptureKey key,
        bool givesRows,
        Func<IProgress<AskProgress>, CancellationToken, Task<Capture>> read,
        IProgress<AskProgress>? progress,
        CancellationToken cancellationToken) =>
        _underWay.ShareAsync(
            key,
            givesRows
                ? (broader, isOwn) => broader.Covers(key) && (isOwn || !IsMuchBroader(broader, key))
                : null,
            async (shared, token) =>
            {
                var capture = others is null || key.IsHistory
                    ? await read(shared, token).ConfigureAwait(false)
                    : await others.ReadAsync(WishOf(ask, key, givesRows), stop => read(shared, stop), shared, token).ConfigureAwait(false);
                if (capture.IsWhole)
                {
                    Keep(capture);
                }

                return capture;
            },
            progress,
            cancellationToken);

    // Between replicas "the last hour" is never the same to the millisecond.
    private SharedWish WishOf(Ask ask, CaptureKey key, bool givesRows)
    {
        var slack = ask.IsRelative ? (long)options.KeepRunning.TotalMilliseconds : 0;
        return new SharedWish(
            key,
            head => IsFresh(head, time.GetUtcNow()) && Serves(head, key, ask.IsRelative) && (givesRows || head.Key.Filters == key.Filters),
            other => IsAlike(other, key, slack) || (givesRows && other.Covers(key, slack) && !IsMuchBroader(other, key)),
            ask.Refresh);
    }

    private static bool IsMuchBroader(CaptureKey broader, CaptureKey key) =>
        broader.Window.LengthMs / MostBroader > key.Window.LengthMs;

    private void Keep(Capture capture)
    {
        if (capture.Size > options.CacheBytes)
        {
            return;
        }

        lock (_gate)
        {
            for (var node = _captures.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Key == capture.Key)
                {
                    _captures.Remove(node);
                }

                node = next;
            }

            _captures.AddFirst(capture);
            Trim();
        }
    }

    // Captures grow by what is found in them.
    private void Trim()
    {
        var size = _captures.Sum(kept => kept.Size);
        while (size > options.CacheBytes && _captures.Last is { } oldest)
        {
            size -= oldest.Value.Size;
            _captures.RemoveLast();
        }
    }

    private bool Serves(CaptureHead kept, CaptureKey key, bool isRelative)
    {
        var slack = isRelative ? (long)options.KeepRunning.TotalMilliseconds : 0;
        return kept.HasRows && key.Records == kept.Key.Records ? kept.Key.Covers(key, slack) : IsAlike(kept.Key, key, slack);
    }

    private static bool IsAlike(CaptureKey kept, CaptureKey key, long slack) =>
        kept with { Window = key.Window } == key && kept.Window.StartMs <= key.Window.StartMs
            && Math.Abs(kept.Window.StartMs - key.Window.StartMs) <= slack
            && Math.Abs(kept.Window.EndMs - key.Window.EndMs) <= slack;

    private bool IsFresh(CaptureHead kept, DateTimeOffset now) => now - kept.ReadAt <= kept.LastsFor(options);
}
