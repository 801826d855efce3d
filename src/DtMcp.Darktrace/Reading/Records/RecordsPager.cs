using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>
/// Reads all pages of a search by offset. An appliance may end its pages before the total (an index gives 10,000 rows of one search by
/// default): what was read of that window is dropped then and each half of it asked on its own, so that no row counts twice, whatever the
/// order of the rows. A window that holds very many rows is halved before it is paged: deep pages are dear.
/// </summary>
internal sealed class RecordsPager(
    Func<TimeWindow, long, int, FlowSet, CancellationToken, Task<RecordsPage>> ask, FlowSet into, long maxRows,
    IProgress<ReadProgress>? progress)
{
    /// <summary>Rows that one window is paged for; more are reached by halves.</summary>
    internal const long MaxPaged = 10L * AdvancedSearchRequest.PageSize;

    /// <summary>Probes that did not answer which are named.</summary>
    private const int MaxProbes = 8;

    private long _read;
    private long _bytes;

    // A window that is dropped for its halves does not turn the progress back.
    private long _told;
    private long _deepest = MaxPaged;
    private bool _complete = true;
    private bool _timedOut;
    private long _failedShards;
    private long _outside;
    private long _byInsertion;
    private (long Bytes, long Rows) _missed;
    private readonly List<string> _silentProbes = [];

    internal async Task<RecordsResult> ReadAsync(TimeWindow window, CancellationToken cancellationToken)
    {
        var total = await ReadWindowAsync(window, cancellationToken).ConfigureAwait(false);
        return new RecordsResult(Math.Max(total, _read), _read, _complete && _read + _outside >= total)
        {
            Outside = _outside,
            ByInsertion = _byInsertion,
            MissedBytes = _missed.Bytes,
            MissedRows = _missed.Rows,
            TimedOut = _timedOut,
            SilentProbes = _silentProbes.Count == 0 ? null : string.Join(", ", _silentProbes),
            FailedShards = _failedShards,
        };
    }

    /// <summary>Reads one window into the set, whole or up to the limit, and gives its total.</summary>
    private async Task<long> ReadWindowAsync(TimeWindow window, CancellationToken cancellationToken)
    {
        var rows = new FlowSet();
        var pages = new List<RecordsPage>();
        long offset = 0;
        while (true)
        {
            var size = (int)Math.Clamp(maxRows - _read - offset, 1, AdvancedSearchRequest.PageSize);
            var page = await ask(window, offset, size, rows, cancellationToken).ConfigureAwait(false);
            _bytes += page.BytesRead;
            Note(page);
            pages.Add(page);
            offset += page.Hits;
            _told = Math.Max(_told, _read + offset);
            progress?.Report(new ReadProgress(_told, _bytes));
            var wanted = Math.Min(page.Total, maxRows - _read);
            if (offset >= wanted)
            {
                Keep(rows, pages);
                return page.Total;
            }

            if (page.Hits == 0 && offset > 0)
            {
                _deepest = Math.Min(_deepest, offset);
            }

            // Where many rows lie outside, the appliance takes no notice of the window: its halves would give the same again.
            var isHeeded = pages.Sum(static read => read.Outside) <= offset / 4;
            if (offset > 0 && wanted > _deepest && window.StartMs < window.EndMs && isHeeded)
            {
                await ReadHalvesAsync(window, page.Total, cancellationToken).ConfigureAwait(false);
                return page.Total;
            }

            // Rows that no page shows: a window without an instant to divide, or an appliance that counts more than it gives.
            if (page.Hits == 0 || (wanted > _deepest && !isHeeded))
            {
                _complete = false;
                Keep(rows, pages);
                return page.Total;
            }
        }
    }

    private async Task ReadHalvesAsync(TimeWindow window, long total, CancellationToken cancellationToken)
    {
        var before = _read;
        var middle = window.StartMs + ((window.EndMs - window.StartMs) / 2);
        foreach (var half in new[] { new TimeWindow(window.StartMs, middle), new TimeWindow(middle + 1, window.EndMs) })
        {
            // An appliance that takes no notice of the window has given its total before the second half.
            if (_read >= maxRows || _read - before >= total)
            {
                return;
            }

            await ReadWindowAsync(half, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Keep(FlowSet rows, List<RecordsPage> pages)
    {
        _read += rows.Count;
        foreach (var page in pages)
        {
            _outside += page.Outside;
            _byInsertion += page.ByInsertion;
            _missed = (_missed.Bytes + page.MissedBytes, _missed.Rows + page.MissedRows);
        }

        into.Absorb(rows);
    }

    // A part of the appliance that did not answer makes the whole less than it could be, whatever is asked again.
    private void Note(RecordsPage page)
    {
        _timedOut |= page.TimedOut;
        _failedShards = Math.Max(_failedShards, page.FailedShards);
        if (page.SilentProbe is { } probe && !_silentProbes.Contains(probe) && _silentProbes.Count < MaxProbes)
        {
            _silentProbes.Add(probe);
        }

        _complete &= !page.TimedOut && page.SilentProbe is null && page.FailedShards == 0;
    }
}
