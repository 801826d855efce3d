using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Sending;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Evidence.Sharing;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence;

/// <summary>
/// Gets the best evidence that an appliance gives for a question: rows where <c>/network</c> has them; else records where the token may;
/// else the guide's tables. A refusal is remembered and noted.
/// </summary>
internal sealed class Gatherer(DarktraceClient client, InvestigatorOptions options, TimeProvider time, CaptureStore store,
    ApplianceMemory memory, HistoryPresence? history = null)
{
    private const string Records = "/advancedsearch/api/search";

    /// <summary>An hour is asked for as a whole at once.</summary>
    private const long LongestUnprobedMs = 3_600_000 + 1;

    // What is read in many requests waits for its turn with rows in its hands, while one request holds rows only in its turn. So much at
    // once keeps four requests under way; half of it is left to others than the one who asks most.
    private const int LongReadings = 4;

    // What is read in parts holds them besides: two under way, and a piece of each that waits.
    private const int RowsOfParts = 3;

    private readonly FairPlaces _longReadings = new(LongReadings, LongReadings / 2);
    private readonly DialectProbe _dialect = new(client, options, memory);
    private readonly SliceReader _slices = new(client, options);
    private readonly NetworkTables _tables = new(client, options, time, store, memory);
    private readonly RecordReader _records = new(client, options, time);
    private readonly HistoryReader? _history = history is null ? null : new HistoryReader(history, client, options, time);

    /// <summary>What <c>/network</c> tells beside the rows.</summary>
    public NetworkTables Tables => _tables;

    /// <summary>
    /// Whether the appliance may be asked to count for a question: because that was asked for, or because records of a long window would
    /// have to be read. Of a window of one slice they are read whatever it holds, and kept ones serve at once.
    /// </summary>
    public async Task<bool> MayCountAsync(Ask ask, CancellationToken cancellationToken)
    {
        if (RecordReader.WhyNot(ask, options) is not null || !memory.MayTry(Records)
            || await IsInHistoryAsync(ask, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        if (ask.Evidence != EvidenceWish.Auto)
        {
            return ask.Evidence == EvidenceWish.Counts;
        }

        // The last slice takes a rest of up to a tenth along.
        var key = new CaptureKey(ask.Window, RecordReader.Pushable(ask), Records: true);
        if (ask.Window.LengthMs <= options.Slice.TotalMilliseconds * 1.1
            || (!ask.Refresh && store.Find(key, ask.IsRelative) is not null))
        {
            return false;
        }

        if (options.Evidence != EvidencePolicy.Records)
        {
            await _dialect.LearnAsync(ask.Window, cancellationToken).ConfigureAwait(false);
        }

        return memory.NetworkDialect == NetworkDialect.Tables || options.Evidence == EvidencePolicy.Records;
    }

    /// <summary>Whether rows are likely to answer: the appliance gives them, or its records may be read.</summary>
    public async Task<bool> GivesRowsAsync(Ask ask, CancellationToken cancellationToken)
    {
        if (options.Evidence != EvidencePolicy.Records && ask.Evidence is not (EvidenceWish.Records or EvidenceWish.Counts))
        {
            await _dialect.LearnAsync(ask.Window, cancellationToken).ConfigureAwait(false);
        }

        return memory.NetworkDialect == NetworkDialect.Rows || (RecordReader.WhyNot(ask, options) is null && memory.MayTry(Records));
    }

    private async Task<bool> IsInHistoryAsync(Ask ask, CancellationToken cancellationToken) => _history is not null
        && ask.Evidence is EvidenceWish.Auto or EvidenceWish.History
        && (Kept(ask, HistoryKey(ask)) is not null
            || await _history.FindAsync(ask, [], cancellationToken).ConfigureAwait(false) is not null);

    public async Task<Gathered> GatherAsync(Ask ask, OverflowFeed overflow, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        var whyNoRecords = RecordReader.WhyNot(ask, options);
        var mayUseRecords = whyNoRecords is null;
        List<string> aside = [];
        if (ask.Evidence == EvidenceWish.History && whyNoRecords is not null)
        {
            aside.Add("No history: it holds records, and what is asked is not told by them.");
        }
        else if (mayUseRecords && ask.Evidence is EvidenceWish.Auto or EvidenceWish.History
            && await TryHistoryAsync(ask, overflow, aside, progress, cancellationToken).ConfigureAwait(false) is { } collected)
        {
            return collected;
        }

        var gathered = await FromApplianceAsync(ask, whyNoRecords, overflow, progress, cancellationToken).ConfigureAwait(false);
        return aside.Count == 0 ? gathered : gathered with { Notes = [.. aside, .. gathered.Notes] };
    }

    private async Task<Gathered> FromApplianceAsync(Ask ask, string? whyNoRecords, OverflowFeed overflow, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        var mayUseRecords = whyNoRecords is null;
        var wantsRecords = ask.WantsDirections && options.Evidence == EvidencePolicy.Auto && ask.Evidence == EvidenceWish.Auto;
        if (wantsRecords && mayUseRecords && memory.MayTry(Records)
            && await TryRecordsAsync(ask, overflow, progress, cancellationToken).ConfigureAwait(false) is { } directed)
        {
            return directed;
        }

        if (mayUseRecords && memory.MayTry(Records) && options.Evidence == EvidencePolicy.Auto && ask.Window.LengthMs > LongestUnprobedMs)
        {
            await _dialect.LearnAsync(ask.Window, cancellationToken).ConfigureAwait(false);
        }

        if (!(mayUseRecords && (memory.NetworkDialect == NetworkDialect.Tables || options.Evidence == EvidencePolicy.Records
                || ask.Evidence is EvidenceWish.Records or EvidenceWish.Counts))
            && memory.NetworkDialect != NetworkDialect.Tables)
        {
            // A range that is no subnet of the appliance's cannot be asked for: only rows can be selected by it.
            var rows = ask.WantsSeries && (ask.Subnet is null || ask.SubnetId is not null)
                ? await TrySeriesAsync(ask, progress, cancellationToken).ConfigureAwait(false)
                : null;
            rows ??= memory.NetworkDialect == NetworkDialect.Tables
                ? null
                : await TryNetworkAsync(ask, overflow, progress, cancellationToken).ConfigureAwait(false);
            if (rows is not null)
            {
                return wantsRecords && (whyNoRecords ?? memory.WhyRefused(Records)) is { } why
                    ? rows with { Notes = [.. rows.Notes, why] }
                    : rows;
            }
        }

        List<string> notes = [];
        if (mayUseRecords)
        {
            if (memory.MayTry(Records))
            {
                var found = await TryRecordsAsync(ask, overflow, progress, cancellationToken).ConfigureAwait(false);
                if (found is not null)
                {
                    return found;
                }
            }

            whyNoRecords = memory.WhyRefused(Records);
        }

        if (whyNoRecords is not null)
        {
            notes.Add(whyNoRecords);
        }

        return await _tables.AnswerAsync(ask, notes, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The series of <c>/network</c>; null when this appliance does not know it.</summary>
    private async Task<Gathered?> TrySeriesAsync(Ask ask, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        var filters = ask.Filters with { Metric = ask.Filters.Metric ?? "bandwidth", ViewSubnet = ask.SubnetId };
        var key = new CaptureKey(ask.Window, filters, Records: false);
        try
        {
            var capture = await NetworkCaptureAsync(ask, key, null, progress, cancellationToken).ConfigureAwait(false);
            return capture is { Series: { } series }
                ? new Gathered
                {
                    Evidence = EvidenceKind.Series,
                    Series = series,
                    ReadAt = capture.ReadAt,
                    Window = ask.Window,
                    Notes = [.. Caveats.OfOddValues(series.Invalid)],
                }
                : null;
        }
        catch (ApplianceException error) when (error.Error == ApplianceError.RequestRejected && ask.Filters.Metric is null)
        {
            // The guide's appliances know no metric of that name.
            return null;
        }
    }

    /// <summary>Rows of <c>/network</c>; null when the appliance answers in the guide's tables.</summary>
    private async Task<Gathered?> TryNetworkAsync(Ask ask, OverflowFeed overflow, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        var key = new CaptureKey(ask.Window, ask.Filters, Records: false);
        var capture = await NetworkCaptureAsync(ask, key, overflow, progress, cancellationToken).ConfigureAwait(false);
        return capture is { Flows: not null } ? Gathered.FromRows(ask, capture) : null;
    }

    private async Task<Capture> NetworkCaptureAsync(Ask ask, CaptureKey key, OverflowFeed? overflow, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (!ask.Refresh && store.Find(key, ask.IsRelative) is { } known)
        {
            return known;
        }

        var mine = false;
        var capture = await store.ReadAsync(
            ask,
            key,
            memory.NetworkDialect == NetworkDialect.Rows && key.Filters.Metric is null,
            async (shared, token) =>
            {
                mine = true;
                return await ReadNetworkAsync(key, overflow, shared, token).ConfigureAwait(false);
            },
            progress,
            cancellationToken).ConfigureAwait(false);

        // Another caller's reading that could not keep its rows is of no use here.
        return mine || capture.IsWhole ? capture : await ReadNetworkAsync(key, overflow, progress, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Capture> ReadNetworkAsync(CaptureKey key, OverflowFeed? overflow, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var meter = new ReadMeter(progress, time, "reading /network");
        var flows = new FlowSet(options.MaxFlows, overflow, options.MaxHosts) { Window = key.Window };
        var parts = Slicing.Split(key.Window, options.Slice);
        if (parts.Count > 1 && memory.NetworkDialect != NetworkDialect.Tables && key.Filters.Metric is null)
        {
            using var place = await _longReadings.EnterAsync(Lane.Current, cancellationToken).ConfigureAwait(false);
            using var held = await options.Room.EnterAsync(RowsOfParts * options.MaxFlows, cancellationToken).ConfigureAwait(false);
            if (await _slices.ReadAsync(parts, key.Filters, flows, meter, cancellationToken).ConfigureAwait(false))
            {
                memory.NetworkDialect = NetworkDialect.Rows;
                return new Capture { Key = key, Evidence = EvidenceKind.Flows, ReadAt = time.GetUtcNow(), Flows = flows };
            }
        }

        meter.Parts = 1;
        using var whole = await options.Room.EnterAsync(options.MaxFlows, cancellationToken).ConfigureAwait(false);
        using var attempt = meter.Attempt();
        var answer = await client.GetNetworkAsync(key.Filters with { Window = key.Window }, flows, attempt,
            cancellationToken).ConfigureAwait(false);
        attempt.Keep();
        meter.PartDone();
        memory.NetworkDialect = answer.Kind switch
        {
            NetworkAnswerKind.Flows or NetworkAnswerKind.Series => NetworkDialect.Rows,
            NetworkAnswerKind.Connectivity => NetworkDialect.Tables,
            _ => memory.NetworkDialect,
        };
        return Capture.OfNetwork(key, answer, flows, time.GetUtcNow());
    }

    private async Task<Gathered?> TryRecordsAsync(Ask ask, OverflowFeed overflow, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        var key = new CaptureKey(ask.Window, RecordReader.Pushable(ask), Records: true);
        try
        {
            var capture = Kept(ask, key) ?? await ReadRecordsAsync(ask, key, overflow, progress, cancellationToken).ConfigureAwait(false);
            return Gathered.FromRows(ask, capture);
        }
        catch (ApplianceException error) when (error.Error is ApplianceError.PermissionDenied or ApplianceError.NotAvailable)
        {
            memory.Refused(Records, $"No records: {error.Happened} {error.Remedy}");
            return null;
        }
    }

    private static CaptureKey HistoryKey(Ask ask) =>
        new(ask.Window, RecordReader.Pushable(ask), Records: true) { IsHistory = true };

    /// <summary>
    /// What a history holds of a window with many rows, to be counted there: its span. Null where rows are read instead, because there is
    /// none, it is away, or rows that are kept serve.
    /// </summary>
    public async Task<HistorySpan?> CountableAsync(Ask ask, CancellationToken cancellationToken) =>
        _history is not null && ask.Evidence is EvidenceWish.Auto or EvidenceWish.History && RecordReader.WhyNot(ask, options) is null
            && Kept(ask, HistoryKey(ask)) is null
            && await _history.FindAsync(ask, [], cancellationToken).ConfigureAwait(false) is { } span
            && span.Within(ask.Window).Hours.Sum(static hour => hour.Rows) >= options.CountedRows ? span : null;

    /// <summary>Counts what is held, reads what came since, and names endpoints.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="span">What is held.</param>
    /// <param name="names">What other answers say of endpoints.</param>
    /// <param name="overflow">Takes the rows that are not kept.</param>
    /// <param name="take">Counts.</param>
    /// <param name="progress">Hears of it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Gathered> CountAsync(Ask ask, HistorySpan span, Names names, OverflowFeed overflow, HistoryReader.TakeHeld take,
        IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        var capture = await _history!.JoinAsync(HistoryKey(ask), ask.Focus, span, overflow, progress, take, true, cancellationToken)
            .ConfigureAwait(false);
        var told = Naming.Apply(capture.Flows!, names, ask.Focus, ask.Window.StartMs);
        return Gathered.FromRows(ask, capture with { Notes = [.. capture.Notes, .. told, .. names.Failures] });
    }

    // Records that were read before, where they have the names that are asked about.
    private Capture? Kept(Ask ask, CaptureKey key) => !ask.Refresh && store.Find(key, ask.IsRelative) is { } kept
        && (kept.Key.Filters == key.Filters || Naming.Knows(kept.Flows!, ask.Focus)) ? kept : null;

    private async Task<Gathered?> TryHistoryAsync(Ask ask, OverflowFeed overflow, List<string> notes, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (_history is null)
        {
            if (ask.Evidence == EvidenceWish.History)
            {
                notes.Add(HistoryReader.None);
            }

            return null;
        }

        var key = HistoryKey(ask);
        if (Kept(ask, key) is { } kept)
        {
            return Gathered.FromRows(ask, kept);
        }

        if (await _history.FindAsync(ask, notes, cancellationToken).ConfigureAwait(false) is not { } span)
        {
            return null;
        }

        try
        {
            var capture = await ReadRecordsAsync(ask, key, overflow, progress, cancellationToken, span).ConfigureAwait(false);
            return Gathered.FromRows(ask, capture);
        }
        catch (HistoryAwayException away) when (!overflow.Happened)
        {
            notes.Add(HistoryReader.Away(away));
            return null;
        }
        catch (HistoryAwayException away)
        {
            // The analysis has seen a part of the rows: nobody else can begin anew.
            throw new ApplianceException(ApplianceError.BadAnswer, away.Happened, away.Remedy, away);
        }
    }

    private async Task<Capture> ReadRecordsAsync(Ask ask, CaptureKey key, OverflowFeed overflow, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken, HistorySpan? span = null)
    {
        var capture = await SharedAsync(givesRows: true).ConfigureAwait(false);
        return Naming.Knows(capture.Flows!, ask.Focus) || capture.Key == key
            ? capture
            : await SharedAsync(givesRows: false).ConfigureAwait(false);

        async Task<Capture> SharedAsync(bool givesRows)
        {
            var mine = false;
            var shared = await store.ReadAsync(
                ask,
                key,
                givesRows,
                (all, token) =>
                {
                    mine = true;
                    return NamedAsync(all, token);
                },
                progress,
                cancellationToken).ConfigureAwait(false);

            // Another caller's reading that could not keep its rows is of no use here.
            return mine || shared.Flows!.IsWhole ? shared : await NamedAsync(progress, cancellationToken).ConfigureAwait(false);
        }

        async Task<Capture> NamedAsync(IProgress<AskProgress>? to, CancellationToken token)
        {
            using var place = key.Window.LengthMs > LongestUnprobedMs
                ? await _longReadings.EnterAsync(Lane.Current, token).ConfigureAwait(false)
                : null;
            using var held = await options.Room.EnterAsync(place is null ? options.MaxFlows : RowsOfParts * options.MaxFlows, token)
                .ConfigureAwait(false);
            var (read, names) = await Siblings.BothAsync(
                stop => span is null
                    ? _records.ReadAsync(key, ask.Focus, overflow, to, stop)
                    : _history!.ReadAsync(key, ask.Focus, span, overflow, to, stop),
                stop => _tables.NamesAsync(ask, stop),
                token).ConfigureAwait(false);
            var told = Naming.Apply(read.Flows!, names, ask.Focus, key.Window.StartMs);
            return read with { Notes = [.. read.Notes, .. told, .. names.Failures], LacksNames = names.Failures.Count > 0 };
        }
    }
}
