using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Investigations.Comparing;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic;

/// <summary>
/// Questions that look back: a comparison with an earlier window, and a hunt that knows the time before. A capture that holds the earlier
/// window serves it.
/// </summary>
internal sealed class TwoWindows(Gatherer gatherer, InvestigatorOptions options, WorkGate gate)
{
    public static bool Answers(string tool) => tool is "compare_traffic" or "hunt_traffic";

    public async Task<(Findings Findings, Gathered Gathered)> AskAsync(
        Question question, Ask ask, AnalysisSettings settings, IProgress<AskProgress>? progress, CancellationToken cancellationToken)
    {
        var earlier = ask.In(EarlierWindow.Of(question));
        var kind = question.Extra.GetValueOrDefault("kind") ?? "all";
        var hunt = question.Tool == "hunt_traffic" ? new TrafficHunt(settings, kind) : null;
        var comparison = hunt is null ? new TrafficComparison(settings, earlier.Window) : null;
        var now = new Feed(ask, options, hunt ?? comparison!.Now);
        var before = new Feed(earlier, options, hunt?.Before ?? comparison!.Before);
        var gathered = await gatherer.GatherAsync(ask, now.OverflowFeed, progress, cancellationToken).ConfigureAwait(false);
        if (gathered.Rows is null && hunt is not null)
        {
            return (hunt.Finish(gathered.Tables ?? new ConnectivityHalves()), gathered);
        }

        var gatheredBefore = await gatherer.GatherAsync(earlier, before.OverflowFeed, progress, cancellationToken).ConfigureAwait(false);
        gathered = gathered with
        {
            AtLeast = gathered.AtLeast || gatheredBefore.AtLeast,
            Notes = [.. gathered.Notes, .. gatheredBefore.Notes.Except(gathered.Notes).Select(note => "The other window: " + note)],
        };
        if (gathered.Rows?.Flows is not { } flows || gatheredBefore.Rows?.Flows is not { } flowsBefore)
        {
            return (hunt is not null
                ? hunt.Finish(now.Take(gathered, cancellationToken))
                : comparison!.Finish(gathered.Tables ?? new ConnectivityHalves(), gatheredBefore.Tables ?? new ConnectivityHalves()),
                gathered);
        }

        if (gathered.Rows is not { IsWhole: true } capture || gatheredBefore.Rows is not { IsWhole: true } captureBefore)
        {
            return (await CondenseAsync(cancellationToken).ConfigureAwait(false), gathered);
        }

        var key = new FindingsMemo.Key(question.Tool, settings, gathered.Window)
        {
            Before = gatheredBefore.Window,
            BeforeCapture = captureBefore.Number,
            Kind = kind,
        };
        return (await capture.Found.GetAsync(key, CondenseAsync, cancellationToken).ConfigureAwait(false), gathered);

        async Task<Findings> CondenseAsync(CancellationToken token)
        {
            using var pass = await gate.EnterAsync(WorkEstimate.OfCondensing(question.Tool, settings, flows, flowsBefore),
                token).ConfigureAwait(false);
            if (RowFeed.PaysThreads(flows.Count + flowsBefore.Count))
            {
                Parallel.Invoke(new ParallelOptions { CancellationToken = token }, () => now.Take(gathered, token),
                    () => before.Take(gatheredBefore, token));
            }
            else
            {
                now.Take(gathered, token);
                before.Take(gatheredBefore, token);
            }

            // Where nothing was seen before, everything would be new: the appliance was not looking yet, which is no finding.
            return hunt is null ? comparison!.Finish(flows, flowsBefore)
                : before.Selected > 0 ? hunt.Finish(flows, flowsBefore)
                : hunt.Finish(flows);
        }
    }

    /// <summary>The rows that one of the two windows selects.</summary>
    private sealed class Feed
    {
        private readonly RowFilter _rows;

        public Feed(Ask ask, InvestigatorOptions options, IFlowConsumer next)
        {
            _rows = new RowFilter(ask, options.Internal, next);
            OverflowFeed = new OverflowFeed(_rows);
        }

        public OverflowFeed OverflowFeed { get; }

        public long Selected => _rows.Selected;

        public FlowSet Take(Gathered gathered, CancellationToken cancellationToken)
        {
            var flows = gathered.Rows!.Flows!;
            if (!OverflowFeed.Happened)
            {
                RowFeed.Show(flows, _rows, cancellationToken);
            }

            return flows;
        }
    }
}
