using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic;

/// <summary>
/// Reads the connections of a window without keeping any: from the history where it holds all of it, else records, which tell more than
/// rows of <c>/network</c> do, else those rows.
/// </summary>
internal sealed class WindowRows(InvestigatorOptions options, DarktraceClient client, IHistory? history)
{
    // One is written while the next is read; more only take memory, some 5 MB each.
    private const int PagesAtOnce = 2;

    private ApplianceException? _whyNoRecords;

    /// <summary>What was read of a window.</summary>
    /// <param name="Evidence">Where the rows come from.</param>
    /// <param name="Flows">Their endpoints and sums.</param>
    /// <param name="Cut">Why it is not all; null where it is.</param>
    /// <param name="Notes">What the figures are worth.</param>
    internal sealed record Reading(EvidenceKind Evidence, FlowSet Flows, string? Cut, IReadOnlyList<string> Notes);

    /// <summary>Shows the rows of a window, on the thread that reads them.</summary>
    /// <exception cref="ApplianceException">The appliance does not answer, or gives no rows.</exception>
    /// <exception cref="HistoryAwayException">The history does not answer.</exception>
    public async Task<Reading> ReadAsync(TimeWindow window, IFlowConsumer consumer, CancellationToken cancellationToken)
    {
        if (options.Evidence != EvidencePolicy.Network)
        {
            if (history is not null
                && await history.SpanAsync(options.Appliance, window, cancellationToken).ConfigureAwait(false) is var span
                && span.CoveredTo(window) == window.EndMs)
            {
                var collected = Empty(window, consumer);
                await history.ReadAsync(span, new ConnSearch { Window = window }, collected, null, cancellationToken).ConfigureAwait(false);
                collected.Settle();
                return new Reading(EvidenceKind.History, collected, null, [.. Caveats.OfRows(collected)]);
            }

            if (_whyNoRecords is null && await TryRecordsAsync(window, consumer, cancellationToken).ConfigureAwait(false) is { } records)
            {
                return records;
            }
        }

        return options.Evidence == EvidencePolicy.Records && _whyNoRecords is { } why
            ? throw why
            : await NetworkAsync(window, consumer, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Reading?> TryRecordsAsync(TimeWindow window, IFlowConsumer consumer, CancellationToken cancellationToken)
    {
        var flows = Empty(window, consumer);
        try
        {
            var search = new ConnSearch { Window = window, MostAtOnce = PagesAtOnce };
            var result = await client.SearchConnectionsAsync(search, flows, null, cancellationToken).ConfigureAwait(false);
            string[] notes = [.. Caveats.OfRecords(result, flows), .. Caveats.OfRows(flows)];
            var isCut = result.IsPartial || !result.Complete;
            return new Reading(
                EvidenceKind.Records, flows, isCut ? notes.FirstOrDefault() ?? "The appliance did not give all records." : null, notes);
        }
        catch (ApplianceException refused) when (refused.Error is ApplianceError.PermissionDenied or ApplianceError.NotAvailable)
        {
            _whyNoRecords = refused;
            return null;
        }
    }

    private async Task<Reading> NetworkAsync(TimeWindow window, IFlowConsumer consumer, CancellationToken cancellationToken)
    {
        var flows = Empty(window, consumer);
        var answer = await client.GetNetworkAsync(new NetworkQuery { Window = window }, flows, null, cancellationToken)
            .ConfigureAwait(false);
        flows.Settle();
        string[] notes = [.. Caveats.OfAnswer(answer), .. Caveats.OfRows(flows)];
        return answer.Kind is NetworkAnswerKind.Flows or NetworkAnswerKind.Empty
            ? new Reading(EvidenceKind.Flows, flows, answer.EntriesNotKept > 0 ? notes[0] : null, notes)
            : throw _whyNoRecords ?? new ApplianceException(
                ApplianceError.NotAvailable, "/network of this appliance gives tables and no connections.",
                "Leave DTMCP_EVIDENCE at auto, so that records are read.");
    }

    private FlowSet Empty(TimeWindow window, IFlowConsumer consumer) =>
        new(maxKept: 0, consumer, options.MaxHosts) { Window = window, ShowsWhileReading = true };
}
