using DtMcp.Darktrace;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.History.Collecting;
using DtMcp.Traffic;
using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.History;

/// <summary>What came of an hour that was due.</summary>
/// <param name="StartMs">Its start.</param>
/// <param name="Rows">Connections of it.</param>
/// <param name="Outcome">What happened.</param>
internal sealed record CollectedHour(long StartMs, long Rows, CollectOutcome Outcome)
{
    /// <summary>Entries of names; null where they are not there.</summary>
    public long? Names { get; init; }

    /// <summary>Why they could not be had; empty where they could.</summary>
    public string NamesNote { get; init; } = "";
}

internal enum CollectOutcome
{
    /// <summary>It was not there.</summary>
    Added,

    /// <summary>Late entries had come to it: it is replaced whole.</summary>
    Replaced,

    /// <summary>The appliance counts as many as before.</summary>
    Unchanged,

    /// <summary>A part of the appliance did not answer: it stays due.</summary>
    Partial,
}

/// <summary>
/// Collects the hours of one appliance. The rows of an hour are put in under a number of their own, and count once the number stands in
/// <c>parts</c>: whatever breaks off before leaves rows that nobody reads, and never a half or a double hour.
/// </summary>
/// <param name="store">Where they are kept.</param>
/// <param name="client">Asks the appliance.</param>
/// <param name="appliance">Its name.</param>
/// <param name="time">Its clock.</param>
/// <param name="number">Its place in the settings, for whoever observes.</param>
/// <param name="names">Reads its names; null where none are kept.</param>
internal sealed class Collector(
    HistoryStore store, DarktraceClient client, string appliance, TimeProvider time, int number = 1, WindowNameEntries? names = null)
{
    /// <summary>The name of its metrics (<c>Meter</c>).</summary>
    public const string ObservedAs = CollectInstruments.Name;

    /// <summary>
    /// Rows that no part counts are removed so long after they were begun or replaced: nobody is at work on them, or reads them, any more.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(6);

    private long _last = -1;

    /// <summary>Collects what is due now.</summary>
    /// <param name="fromMs">The first time that is wanted.</param>
    /// <param name="collected">Hears of each hour.</param>
    /// <param name="cancellationToken">Stops between two hours, or within one, which is due again then.</param>
    public async Task RunAsync(long fromMs, Action<CollectedHour> collected, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var window = new TimeWindow(Math.Min(fromMs, now), now);
        var span = await store.SpanAsync(appliance, window, cancellationToken).ConfigureAwait(false);
        var isIdle = true;
        Hold(span.Hours.Select(static hour => hour.StartMs).DefaultIfEmpty(-1).Max());
        foreach (var due in CollectPlan.Due(span.Hours, fromMs, now).ToList())
        {
            isIdle = false;
            var hour = await CollectAsync(due, cancellationToken).ConfigureAwait(false);
            if (hour.Outcome != CollectOutcome.Partial)
            {
                Hold(hour.StartMs);
            }

            collected(hour);
        }

        // It goes through the numbers of all rows: once an hour, not with every look for what is due.
        if (!isIdle)
        {
            await store.SweepAsync(appliance, Grace, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Notes for whoever observes that a round was broken off.</summary>
    /// <param name="byHistory">Whether the history did not answer; else the appliance.</param>
    public void NoteFailure(bool byHistory) => CollectInstruments.Failed(number, byHistory ? "history" : "appliance");

    private void Hold(long startMs)
    {
        if (startMs > _last)
        {
            _last = startMs;
            CollectInstruments.Holds(number, startMs + HistoryHour.LengthMs, time);
        }
    }

    private async Task<CollectedHour> CollectAsync(DueHour due, CancellationToken cancellationToken)
    {
        var search = new ConnSearch { Window = new TimeWindow(due.StartMs, due.StartMs + HistoryHour.LengthMs - 1) };
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (due.Known is { } known && await IsUnchangedAsync(known, search, cancellationToken).ConfigureAwait(false))
        {
            store.Note(appliance, known with { CollectedMs = now }, cancellationToken);
            return Told(Of(known, CollectOutcome.Unchanged), 0);
        }

        var (named, bytes) = await NamesAsync(search.Window, due.Known, now, cancellationToken).ConfigureAwait(false);
        var rows = store.Part(appliance, due.StartMs, named.Part, cancellationToken);
        var flows = new FlowSet(maxKept: 0, rows);
        var result = await client.SearchConnectionsAsync(search, flows, null, cancellationToken).ConfigureAwait(false);
        if (result.IsPartial || !result.Complete)
        {
            return Told(new CollectedHour(due.StartMs, rows.Rows, CollectOutcome.Partial), 0);
        }

        rows.Finish(flows);
        await store.RollUpAsync(appliance, named.Part, cancellationToken).ConfigureAwait(false);
        var hour = named with
        {
            Rows = rows.Rows,
            Total = result.Total,
            Seen = flows.Seen,
            ByInsertion = result.ByInsertion,
            MissedBytes = result.MissedBytes,
            MissedRows = result.MissedRows,
            IsRolled = true,
            CollectedMs = now,
        };
        await store.CheckAsync(appliance, hour, cancellationToken).ConfigureAwait(false);
        store.Note(appliance, hour, cancellationToken);
        return Told(Of(hour, due.Known is null ? CollectOutcome.Added : CollectOutcome.Replaced), rows.Bytes + bytes);
    }

    // An hour whose names could not be had is collected anew once they can.
    private async Task<bool> IsUnchangedAsync(HistoryHour known, ConnSearch search, CancellationToken cancellationToken) =>
        await client.CountConnectionsAsync(search, cancellationToken).ConfigureAwait(false) == known.Total
        && (names is null || await names.CountAsync(search.Window, cancellationToken).ConfigureAwait(false) is not { } there
            || (known.IsNamed && known.NamesTotal == there));

    // Before the connections, so that what breaks off among them leaves a number that no connection stands under.
    private async Task<(HistoryHour Hour, long Bytes)> NamesAsync(
        TimeWindow window, HistoryHour? known, long now, CancellationToken cancellationToken)
    {
        var hour = new HistoryHour(window.StartMs, PartNumber.Next(now), 0);
        if (names is null)
        {
            return (hour, 0);
        }

        var rows = store.NamesOf(appliance, window.StartMs, hour.Part, cancellationToken);
        var reading = await names.ReadAsync(window, rows.Add, cancellationToken).ConfigureAwait(false);
        if (reading.IsWhole)
        {
            rows.Finish();
            return (hour with { IsNamed = true, Names = rows.Rows, NamesTotal = reading.Total }, rows.Bytes);
        }

        hour = hour with { Part = PartNumber.Next(now), NamesNote = Why(reading) };
        if (known is not { IsNamed: true })
        {
            return (hour, rows.Bytes);
        }

        // Those that were had before stay.
        await store.TakeNamesOverAsync(appliance, known.Part, hour.Part, cancellationToken).ConfigureAwait(false);
        return (hour with { IsNamed = true, Names = known.Names, NamesTotal = known.NamesTotal }, rows.Bytes);
    }

    private static string Why(NameReading reading) => reading.Notes.Count > 0
        ? string.Join(' ', reading.Notes)
        : "No names: they come from Advanced Search, which DTMCP_EVIDENCE=network keeps from being asked.";

    private static CollectedHour Of(HistoryHour hour, CollectOutcome outcome) => new(hour.StartMs, hour.Rows, outcome)
    {
        Names = hour.IsNamed ? hour.Names : null,
        NamesNote = hour.NamesNote,
    };

    private CollectedHour Told(CollectedHour hour, long bytes)
    {
        CollectInstruments.Collected(
            number, hour.Outcome switch
            {
                CollectOutcome.Added => "added",
                CollectOutcome.Replaced => "replaced",
                CollectOutcome.Unchanged => "unchanged",
                _ => "partial",
            },
            hour.Rows, hour.Names ?? 0, bytes);
        return hour;
    }
}
