using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Reading.Records;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence;

/// <summary>
/// Answers from the history where it holds the window without a hole, and joins what came since with the appliance's records.
/// </summary>
internal sealed class HistoryReader(HistoryPresence presence, DarktraceClient client, InvestigatorOptions options, TimeProvider time)
{
    /// <summary>What is told where none is configured.</summary>
    public const string None = "No history: none is set up (DTMCP_HISTORY_URL).";

    /// <summary>What it holds of the window, where that is enough; else null, and a note where it was asked for or is away.</summary>
    public async Task<HistorySpan?> FindAsync(Ask ask, List<string> notes, CancellationToken cancellationToken)
    {
        var isAsked = ask.Evidence == EvidenceWish.History;
        if (options.Evidence == EvidencePolicy.Network)
        {
            return null;
        }

        HistorySpan span;
        try
        {
            span = await presence.SpanAsync(ask.Window, isAsked, cancellationToken).ConfigureAwait(false);
        }
        catch (HistoryAwayException away)
        {
            notes.Add(Away(away));
            return null;
        }

        var covered = span.CoveredTo(ask.Window);
        var rest = ask.Window.EndMs - covered;
        if (rest <= covered - ask.Window.StartMs)
        {
            return span;
        }

        if (isAsked)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"No history: it holds {span.Hours.Count} hours of the window, with a hole from {At(covered + 1)}."));
        }

        return null;
    }

    /// <summary>Why the appliance answers in its place.</summary>
    public static string Away(HistoryAwayException away) => $"The appliance answers: {away.Happened} {away.Remedy}";

    public Task<Capture> ReadAsync(CaptureKey key, DeviceFocus? focus, HistorySpan span, IFlowConsumer? overflow,
        IProgress<AskProgress>? progress, CancellationToken cancellationToken) => JoinAsync(
            key, focus, span, overflow, progress, presence.History.ReadAsync, false, cancellationToken);

    /// <summary>Takes what the history holds in one way or another, and reads what came since from the appliance.</summary>
    public async Task<Capture> JoinAsync(CaptureKey key, DeviceFocus? focus, HistorySpan span, IFlowConsumer? overflow,
        IProgress<AskProgress>? progress, TakeHeld take, bool isCounted, CancellationToken cancellationToken)
    {
        using var meter = new ReadMeter(progress, time, "reading the history");
        var flows = new FlowSet(options.MaxFlows, overflow, options.MaxHosts);
        using var attempt = meter.Attempt();
        var covered = span.CoveredTo(key.Window);
        var ips = key.Filters.Did is null ? null : focus?.Addresses;
        var held = span.Within(new TimeWindow(key.Window.StartMs, covered));
        await take(
            held, RecordReader.Search(key.Filters, new TimeWindow(key.Window.StartMs, covered), ips), flows, attempt, cancellationToken)
            .ConfigureAwait(false);
        var result = new RecordsResult(flows.Count, flows.Count, Complete: true);
        if (covered < key.Window.EndMs)
        {
            var late = RecordReader.Search(key.Filters, new TimeWindow(covered + 1, key.Window.EndMs), ips);
            result = await client.SearchConnectionsAsync(late, flows, attempt, cancellationToken).ConfigureAwait(false);
        }

        flows.Settle();
        attempt.Keep();
        result = result with
        {
            ByInsertion = result.ByInsertion + held.Hours.Sum(static hour => hour.ByInsertion),
            MissedBytes = result.MissedBytes + held.Hours.Sum(static hour => hour.MissedBytes),
            MissedRows = result.MissedRows + held.Hours.Sum(static hour => hour.MissedRows),
        };
        var capture = RecordReader.CaptureOf(key, EvidenceKind.History, time.GetUtcNow(), flows, result);
        return capture with { Notes = [Told(held, covered, key.Window, isCounted), .. capture.Notes] };
    }

    // Its span and lag.
    internal static string Told(HistorySpan held, long covered, TimeWindow window, bool isCounted)
    {
        var collected = At(held.Hours.Min(static hour => hour.CollectedMs));
        var counted = isCounted ? ", counted there" : "";
        return covered < window.EndMs
            ? $"From the history up to {At(covered)}, collected since {collected}{counted}; what began later is read from the appliance."
            : $"From the history, collected since {collected}{counted}.";
    }

    private static string At(long milliseconds) => TimeText.Second(milliseconds) ?? "";

    /// <summary>Takes the hours that are held.</summary>
    public delegate Task TakeHeld(
        HistorySpan held, ConnSearch search, FlowSet into, IProgress<ReadProgress>? progress, CancellationToken cancellationToken);
}
