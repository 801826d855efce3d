using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Queries.Channels;
using DtMcp.Traffic.Queries.Collected;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic;

/// <summary>Hunts whose windows, or one of them, the history groups into channels.</summary>
internal sealed partial class EvidenceReading
{
    // Each window by itself: channels are the same whether the history grouped them or rows were read, as the last hour's are, which are
    // few. Null where rows are read for both; the analysis may have been filled in part by then.
    private async Task<(Findings Findings, Gathered Gathered)?> GroupedAsync(LookBackInvestigation investigation,
        ITwoWindowAnalysis analysis, Ask ask, Ask earlier, AnalysisSettings settings, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (!inHistory.IsThere || analysis is not { Now: ChannelBook channels, Before: ChannelBook channelsBefore })
        {
            return null;
        }

        var (fill, fillBefore) = (inHistory.FillOf(channels, settings), inHistory.FillOf(channelsBefore, settings));
        var now = await inHistory.TryAsync(ask, fill, [], progress, cancellationToken).ConfigureAwait(false);
        if (now is null && fill.IsTouched)
        {
            return null;
        }

        var before = await inHistory.TryAsync(earlier, fillBefore, [], progress, cancellationToken).ConfigureAwait(false);
        if ((now is null && before is null) || (before is null && fillBefore.IsTouched)
            || await RowsAsync(now, ask, fill).ConfigureAwait(false) is not { } rows
            || await RowsAsync(before, earlier, fillBefore).ConfigureAwait(false) is not { } rowsBefore)
        {
            return null;
        }

        NeedsRows.Check(ask, rows.Gathered);
        var bytes = WorkEstimate.OfAnalysis(
            investigation.WorkBytes(rows.Flows) + investigation.WorkBytes(rowsBefore.Flows), settings.RowsOf(null));
        using var pass = await gate.EnterAsync(bytes, cancellationToken).ConfigureAwait(false);
        var away = await LookBackAsync(
            analysis, rows.Flows, rowsBefore.Selected > 0 ? rowsBefore.Flows : null, ask.Window, earlier.Window, cancellationToken)
            .ConfigureAwait(false);
        return (With(away, analysis.Finish(rows.Flows, rowsBefore.Flows, rowsBefore.Selected)),
            Together(rows.Gathered, rowsBefore.Gathered));

        async Task<HistoryCounting.Counted?> RowsAsync(HistoryCounting.Counted? counted, Ask window, IHistoryFill into)
        {
            if (counted is not null)
            {
                return counted;
            }

            var feed = new Feed(window, options, into.Later);
            var gathered = await gatherer.GatherAsync(window, feed.Overflow, progress, cancellationToken).ConfigureAwait(false);
            return gathered.Rows?.Flows is null ? null
                : new HistoryCounting.Counted(feed.Take(gathered, cancellationToken), gathered, feed.Selected);
        }
    }
}
