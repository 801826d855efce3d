using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>
/// Reads all rows of a search. The first page says how many there are; more than fit two pages are divided by time, so that each part is
/// about one page, and parts are asked side by side: no part sees entries that come in while another is read, and none is paged deep. Rows
/// enter the set a whole part at a time, in order of time, whatever order the parts arrive in; nothing of a part counts before it is whole.
/// </summary>
/// <param name="ask">Asks for a page.</param>
/// <param name="into">Takes the rows.</param>
/// <param name="atOnce">Parts that are asked at once.</param>
/// <param name="progress">Hears of rows and parts.</param>
internal sealed class RecordsPager(AskRecords ask, FlowSet into, int atOnce, IProgress<ReadProgress>? progress)
{
    /// <summary>Probes that did not answer which are named.</summary>
    private const int MaxProbes = 8;

    private readonly LinkedList<RecordsPart> _parts = [];
    private readonly RecordsSpaces _spaces = new();
    private readonly RecordsLimits _limits = new();
    private readonly List<string> _silentProbes = [];
    private long _total;
    private long _read;
    private long _bytes;
    private int _partsDone;
    private bool _complete = true;
    private bool _timedOut;
    private long _failedShards;
    private long _outside;
    private long _byInsertion;
    private (long Bytes, long Rows) _missed;

    /// <summary>
    /// Parts under way or waiting for those before them, some more than are asked at once, so that a slow one holds up few.
    /// </summary>
    private int MostWaiting => atOnce + (atOnce / 2);

    internal async Task<RecordsResult> ReadAsync(TimeWindow window, CancellationToken cancellationToken)
    {
        _parts.AddFirst(new RecordsPart(window, _limits, _spaces, CountedAsync));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (_parts.First is { } first)
            {
                StartMore(stop.Token);
                var done = first.Value.Reading!;
                if (!done.IsCompletedSuccessfully)
                {
                    // It may have ended by now: then it is the one.
                    await (await Task.WhenAny([done, .. UnderWay()]).ConfigureAwait(false)).ConfigureAwait(false);
                }
                else if (done.Result.Pages is { } pages)
                {
                    Take(done.Result, pages);
                    _parts.RemoveFirst();
                }

                DivideMore();
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(_parts.Select(static part => part.Reading ?? Task.CompletedTask))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Whoever goes on behind this one is called by it, so that it stays until all is told.
        _spaces.Forget();
        into.Settle();
        return new RecordsResult(Math.Max(_total, _read), _read, _complete && _read + _outside >= _total)
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

    private IEnumerable<Task<PartOutcome>> UnderWay() =>
        _parts.Select(static part => part.Reading).OfType<Task<PartOutcome>>().Where(static reading => !reading.IsCompletedSuccessfully);

    private void StartMore(CancellationToken cancellationToken)
    {
        var (running, waiting) = (UnderWay().Count(), 0);
        for (var node = _parts.First; node is not null && running < atOnce && waiting < MostWaiting; node = node.Next, waiting++)
        {
            if (node.Value.Reading is null)
            {
                node.Value.Start(cancellationToken);
                running++;
            }
        }
    }

    // A part that has to be divided leaves its place to its parts.
    private void DivideMore()
    {
        for (var node = _parts.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Reading is { IsCompletedSuccessfully: true, Result: { Division: { } windows } outcome })
            {
                if (!node.Value.IsDivided)
                {
                    // The whole window: what is known of it before any row is taken.
                    into.Expect(outcome.Total);
                }

                foreach (var window in windows)
                {
                    _parts.AddBefore(node, new RecordsPart(window, _limits, _spaces, CountedAsync)
                    {
                        IsDivided = true,
                        Timeouts = outcome.IsTooSlow ? node.Value.Timeouts + 1 : 0,
                    });
                }

                _parts.Remove(node);
            }

            node = next;
        }
    }

    private async Task<RecordsPage> CountedAsync(TimeWindow window, long offset, int size, RecordsSpace space,
        CancellationToken cancellationToken)
    {
        var page = await ask(window, offset, size, space, cancellationToken).ConfigureAwait(false);
        Interlocked.Add(ref _bytes, page.BytesRead);
        return page;
    }

    private void Take(PartOutcome outcome, IReadOnlyList<ReadPage> pages)
    {
        _total += outcome.Total;
        _complete &= outcome.IsWhole;
        foreach (var (page, space) in pages)
        {
            Note(page);
            _read += space.Rows.Count;
            into.Copy(space.Rows);
            _spaces.Return(space);
        }

        _partsDone++;
        progress?.Report(new ReadProgress(_read, Interlocked.Read(ref _bytes))
        {
            Parts = _partsDone + _parts.Count - 1,
            PartsDone = _partsDone,
        });
    }

    // A part of the appliance that did not answer makes the whole less than it could be.
    private void Note(RecordsPage page)
    {
        _outside += page.Outside;
        _byInsertion += page.ByInsertion;
        _missed = (_missed.Bytes + page.MissedBytes, _missed.Rows + page.MissedRows);
        _timedOut |= page.TimedOut;
        _failedShards = Math.Max(_failedShards, page.FailedShards);
        if (page.SilentProbe is { } probe && !_silentProbes.Contains(probe) && _silentProbes.Count < MaxProbes)
        {
            _silentProbes.Add(probe);
        }

        _complete &= !page.TimedOut && page.SilentProbe is null && page.FailedShards == 0;
    }
}
