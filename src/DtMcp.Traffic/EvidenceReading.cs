using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Evidence.Counts;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Investigations.Comparing;
using DtMcp.Traffic.Queries.Collected;
using DtMcp.Traffic.Queries.Rows;
using DtMcp.Traffic.Queries.Rows.Selecting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic;

/// <summary>
/// Gets the evidence for an investigation and has it analysed, once for all who ask the same of the same capture. Rows that do not fit are
/// analysed while they are read.
/// </summary>
internal sealed partial class EvidenceReading(
    Gatherer gatherer, CountGatherer counts, HistoryCounting inHistory, PastReader past, InvestigatorOptions options, WorkGate gate)
{
    /// <summary>Windows that share less than a tenth of the shorter are read apart, since either alone is kept longer.</summary>
    private const int LeastShared = 10;

    public Task<(Findings Findings, Gathered Gathered)> AnswerAsync(
        Investigation investigation, Ask ask, AnalysisSettings settings, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken) => investigation switch
        {
            WindowInvestigation one => OneWindowAsync(one, ask, settings, progress, cancellationToken),
            LookBackInvestigation two => TwoWindowsAsync(two, ask, settings, progress, cancellationToken),
            _ => throw new ArgumentException($"{investigation.Name} is not about traffic.", nameof(investigation)),
        };

    private async Task<(Findings Findings, Gathered Gathered)> OneWindowAsync(
        WindowInvestigation investigation, Ask ask, AnalysisSettings settings, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        List<string> notes = [];
        if (await CountedAsync(investigation, ask, settings, notes, progress, cancellationToken).ConfigureAwait(false) is { } answered)
        {
            return answered;
        }

        var analysis = investigation.Begin(settings);
        if (analysis.CountsWanted is null && ask.Evidence == EvidenceWish.Counts)
        {
            notes.Add("No counts: what is asked is grouped or filtered as no count of the appliance is.");
        }

        if (analysis.CountsWanted is { } wanted && await gatherer.MayCountAsync(ask, cancellationToken).ConfigureAwait(false)
            && await counts.TryAsync(ask, wanted, notes, progress, cancellationToken).ConfigureAwait(false) is var (counted, evidence))
        {
            return (analysis.Finish(evidence), counted);
        }

        var feed = new Feed(ask, options, analysis);
        var gathered = await gatherer.GatherAsync(ask, feed.Overflow, progress, cancellationToken).ConfigureAwait(false);
        gathered = notes.Count == 0 ? gathered : gathered with { Notes = [.. notes, .. gathered.Notes] };
        NeedsRows.Check(ask, gathered);
        if (feed.Overflow.Happened || gathered.Rows is not { IsWhole: true } capture)
        {
            return (await AnalyseAsync(cancellationToken).ConfigureAwait(false), gathered);
        }

        var key = KeyOf(investigation, settings, gathered.Window);
        return (await capture.Found.GetAsync(key, AnalyseAsync, cancellationToken).ConfigureAwait(false), gathered);

        async Task<Findings> AnalyseAsync(CancellationToken token)
        {
            var bytes = WorkEstimate.OfAnalysis(investigation.WorkBytes(settings, gathered.Rows?.Flows), settings.RowsOf(null));
            using var pass = await gate.EnterAsync(bytes, token).ConfigureAwait(false);
            return gathered switch
            {
                { Series: { } series } => analysis.Finish(series),
                { Tables: { } tables } => analysis.Finish(tables),
                _ => analysis.Finish(feed.Divide(gathered, analysis, token)),
            };
        }
    }

    // A long window that the history counts itself.
    private async Task<(Findings Findings, Gathered Gathered)?> CountedAsync(
        WindowInvestigation investigation, Ask ask, AnalysisSettings settings, List<string> notes, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (!inHistory.IsThere || investigation.Begin(settings) is not QueryAnalysis analysis
            || await inHistory.TryAsync(ask, analysis.Rows, settings, notes, progress, cancellationToken).ConfigureAwait(false)
                is not { } counted)
        {
            return null;
        }

        NeedsRows.Check(ask, counted.Gathered);
        var bytes = WorkEstimate.OfAnalysis(investigation.WorkBytes(settings, counted.Flows), settings.RowsOf(null));
        using var pass = await gate.EnterAsync(bytes, cancellationToken).ConfigureAwait(false);
        return (analysis.Finish(counted.Flows), counted.Gathered);
    }

    // Both windows, or neither: what two kinds of evidence tell is not compared.
    private async Task<(Findings Findings, Gathered Gathered)?> CountedAsync(
        TrafficComparison comparison, Ask ask, Ask earlier, AnalysisSettings settings, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (await inHistory.TryAsync(ask, comparison.RowsNow, settings, [], progress, cancellationToken).ConfigureAwait(false)
                is not { } now
            || await inHistory.TryAsync(earlier, comparison.RowsBefore, settings, [], progress, cancellationToken).ConfigureAwait(false)
                is not { } before)
        {
            return null;
        }

        NeedsRows.Check(ask, now.Gathered);
        var bytes = WorkEstimate.OfAnalysis(WorkBytesOf.Tables(now.Flows) + WorkBytesOf.Tables(before.Flows), settings.Limit);
        using var pass = await gate.EnterAsync(bytes, cancellationToken).ConfigureAwait(false);
        var away = await LookBackAsync(comparison, now.Flows, before.Flows, ask.Window, earlier.Window, cancellationToken)
            .ConfigureAwait(false);
        return (With(away, comparison.Finish(now.Flows, before.Flows, before.Selected)), Together(now.Gathered, before.Gathered));
    }

    // A capture that holds the earlier window serves it.
    private async Task<(Findings Findings, Gathered Gathered)> TwoWindowsAsync(
        LookBackInvestigation investigation, Ask ask, AnalysisSettings settings, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        var analysis = investigation.Begin(settings, investigation.Earlier(ask.Window));
        if (inHistory.IsThere && analysis is TrafficComparison comparison)
        {
            if (await CountedAsync(comparison, ask, ask.In(investigation.Earlier(ask.Window)), settings, progress, cancellationToken)
                .ConfigureAwait(false) is { } counted)
            {
                return counted;
            }
        }

        // A hunt looks at all devices, not at those that are shown.
        ask = analysis.ComparesTables ? ask : ask with { Rows = int.MaxValue, WantsDirections = analysis.WantsDirections };
        var earlier = ask.In(investigation.Earlier(ask.Window));
        if (await GroupedAsync(investigation, analysis, ask, earlier, settings, progress, cancellationToken).ConfigureAwait(false)
            is { } grouped)
        {
            return grouped;
        }

        // What was begun may have been filled in part.
        analysis = inHistory.IsThere ? investigation.Begin(settings, investigation.Earlier(ask.Window)) : analysis;
        var now = new Feed(ask, options, analysis.Now);
        var before = new Feed(earlier, options, analysis.Before);
        var both = await OverlappingAsync(ask, earlier, now, before, progress, cancellationToken).ConfigureAwait(false);
        var gathered = both is null
            ? await gatherer.GatherAsync(ask, now.Overflow, progress, cancellationToken).ConfigureAwait(false)
            : both with { Window = Cut(ask.Window, both.Window) };
        NeedsRows.Check(ask, gathered);
        var gatheredBefore = both is null
            ? await gatherer.GatherAsync(earlier, before.Overflow, progress, cancellationToken).ConfigureAwait(false)
            : both with { Window = Cut(earlier.Window, both.Window) };
        gathered = Together(gathered, gatheredBefore);
        if (gathered.Rows?.Flows is not { } flows || gatheredBefore.Rows?.Flows is not { } flowsBefore)
        {
            return (analysis.ComparesTables || gathered.Rows is null
                ? analysis.Finish(gathered.Tables ?? new ConnectivityHalves(), gatheredBefore.Tables ?? new ConnectivityHalves())
                : analysis.Finish(now.Take(gathered, cancellationToken), null, 0),
                gathered);
        }

        if (gathered.Rows is not { IsWhole: true } capture || gatheredBefore.Rows is not { IsWhole: true } captureBefore)
        {
            return (await AnalyseAsync(cancellationToken).ConfigureAwait(false), gathered);
        }

        var key = KeyOf(investigation, settings, gathered.Window) with
        {
            Before = gatheredBefore.Window,
            BeforeCapture = captureBefore.Number,
        };
        return (await capture.Found.GetAsync(key, AnalyseAsync, cancellationToken).ConfigureAwait(false), gathered);

        async Task<Findings> AnalyseAsync(CancellationToken token)
        {
            var bytes = WorkEstimate.OfAnalysis(
                investigation.WorkBytes(flows) + investigation.WorkBytes(flowsBefore), settings.RowsOf(null));
            using var pass = await gate.EnterAsync(bytes, token).ConfigureAwait(false);
            if (RowFeed.PaysThreads(flows.Count + flowsBefore.Count))
            {
                Parallel.Invoke(
                    new ParallelOptions { CancellationToken = token },
                    () => now.Take(gathered, token), () => before.Take(gatheredBefore, token));
            }
            else
            {
                now.Take(gathered, token);
                before.Take(gatheredBefore, token);
            }

            var away = await LookBackAsync(
                analysis, flows, before.Selected > 0 ? flowsBefore : null, ask.Window, earlier.Window, token).ConfigureAwait(false);
            return With(away, analysis.Finish(flows, flowsBefore, before.Selected));
        }
    }

    // What both windows do not tell, the history may: a destination that it saw is not new, what a device sent for weeks is usual. Comes
    // to what is said where it is away.
    private async Task<string?> LookBackAsync(ITwoWindowAnalysis analysis, FlowSet now, FlowSet? before, TimeWindow window,
        TimeWindow earlier, CancellationToken cancellationToken)
    {
        (analysis.Past, analysis.SentBefore) = (null, null);
        if (!past.IsThere)
        {
            return null;
        }

        try
        {
            analysis.Past = await past.SeenAsync(
                analysis.Fresh(now, before), Math.Min(window.StartMs, earlier.StartMs), cancellationToken).ConfigureAwait(false);
            if (before is not null && analysis.SentNow(now) is { } sent)
            {
                analysis.SentBefore = await past.UploadsAsync(
                    sent, window.StartMs, earlier.LengthMs, cancellationToken).ConfigureAwait(false);
            }

            return null;
        }
        catch (HistoryAwayException away)
        {
            return PastReader.Away(away);
        }
    }

    private static Findings With(string? away, Findings found) =>
        away is null ? found : found with { Notes = [.. found.Notes, away], IsPassing = true };

    private static Gathered Together(Gathered now, Gathered before) => now with
    {
        AtLeast = now.AtLeast || before.AtLeast,
        Notes = [.. now.Notes, .. before.Notes.Except(now.Notes).Select(note => "The other window: " + note)],
    };

    // Windows that overlap are read as one, whose rows serve both: as much of either is read once. Null where they are read apart.
    private async Task<Gathered?> OverlappingAsync(Ask ask, Ask earlier, Feed now, Feed before, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        var (one, other) = (ask.Window, earlier.Window);
        var shared = Math.Min(one.EndMs, other.EndMs) - Math.Max(one.StartMs, other.StartMs);
        if (shared < Math.Min(one.LengthMs, other.LengthMs) / LeastShared
            || !await gatherer.GivesRowsAsync(ask, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var whole = ask.In(new TimeWindow(Math.Min(one.StartMs, other.StartMs), Math.Max(one.EndMs, other.EndMs)));
        var overflow = now.ShareWith(before);
        var gathered = await gatherer.GatherAsync(whole, overflow, progress, cancellationToken).ConfigureAwait(false);
        return gathered.Rows is null ? null : gathered;
    }

    private static TimeWindow Cut(TimeWindow window, TimeWindow read) =>
        new(window.StartMs, Math.Max(window.StartMs, Math.Min(window.EndMs, read.EndMs)));

    private static FindingsMemo.Key KeyOf(Investigation investigation, AnalysisSettings settings, TimeWindow window) =>
        new(investigation, settings with { Names = null }, window) { Names = settings.Names?.Identity };

    /// <summary>The rows of one window that a question selects.</summary>
    private sealed class Feed
    {
        private readonly RowFilter _rows;

        public Feed(Ask ask, InvestigatorOptions options, IFlowConsumer next)
        {
            _rows = new RowFilter(ask, options.Internal, next);
            Overflow = new OverflowFeed(_rows);
        }

        public OverflowFeed Overflow { get; private set; }

        /// <summary>One reading feeds both, each with the rows of its window.</summary>
        public OverflowFeed ShareWith(Feed other) => Overflow = other.Overflow = new OverflowFeed(_rows, other._rows);

        public long Selected => _rows.Selected;

        /// <summary>Shows the rows, unless that happened while they were read.</summary>
        public FlowSet Take(Gathered gathered, CancellationToken cancellationToken)
        {
            var flows = gathered.Rows!.Flows!;
            if (!Overflow.Happened)
            {
                RowFeed.Show(flows, _rows, cancellationToken);
            }

            return flows;
        }

        /// <summary>The same on as many threads as pay, and without the filter where it has nothing to leave out.</summary>
        public FlowSet Divide(Gathered gathered, IFlowConsumer analysis, CancellationToken cancellationToken)
        {
            var flows = gathered.Rows!.Flows!;
            if (!Overflow.Happened)
            {
                RowFeed.Run(flows, analysis, _rows.IsNeeded(gathered.Rows.Key.Window) ? _rows : null, cancellationToken);
            }

            return flows;
        }
    }
}
