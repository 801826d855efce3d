using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence.Counts;

/// <summary>
/// Counts of the last questions, kept as long as captures are: another question about the same records asks for what it lacks.
/// </summary>
internal sealed class CountStore(InvestigatorOptions options, TimeProvider time)
{
    /// <summary>A book holds some hundred small answers.</summary>
    private const int Most = 64;

    private readonly Lock _gate = new();
    private readonly LinkedList<Kept> _kept = [];

    /// <summary>The counts of a window and its filters, or of a window that was a moment earlier; null when there are none.</summary>
    public Kept? Find(TimeWindow window, ConnSearch search, bool isRelative)
    {
        var (now, slack) = (time.GetUtcNow(), isRelative ? (long)options.KeepRunning.TotalMilliseconds : 0);
        lock (_gate)
        {
            for (var node = _kept.First; node is not null;)
            {
                var (next, kept) = (node.Next, node.Value);
                var hadEnded = kept.Search.Window.EndMs < kept.ReadAt.ToUnixTimeMilliseconds();
                if (now - kept.ReadAt > (hadEnded ? options.KeepEnded : options.KeepRunning))
                {
                    _kept.Remove(node);
                }
                else if (kept.IsOf(search) && Math.Abs(kept.Search.Window.StartMs - window.StartMs) <= slack
                    && Math.Abs(kept.Search.Window.EndMs - window.EndMs) <= slack)
                {
                    return kept;
                }

                node = next;
            }

            return null;
        }
    }

    public void Keep(Kept counts)
    {
        lock (_gate)
        {
            if (!_kept.Contains(counts))
            {
                _kept.AddFirst(counts);
            }

            while (_kept.Count > Most)
            {
                _kept.RemoveLast();
            }
        }
    }

    /// <summary>The counts of one search.</summary>
    internal sealed record Kept(ConnSearch Search, CountBook Book, DateTimeOffset ReadAt)
    {
        // The words say all that the search is, but for its window.
        private string Words { get; } = Search.WordsWithoutWindow();

        public bool IsOf(ConnSearch other) => Words == other.WordsWithoutWindow();
    }
}
