using System.Globalization;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Collected;

/// <summary>
/// Asks the history what was there before: 30 days, as long as most keep of what is usual. Where there is none, it is away or holds hardly
/// anything, nothing is said of the past, and nothing fails.
/// </summary>
internal sealed class PastReader(IHistory? history, InvestigatorOptions options)
{
    public const int Days = 30;

    private const long DayMs = 86_400_000;

    // Of less than a day it cannot be told what is new.
    private const int LeastHours = 24;

    // Addresses that one query names.
    private const int AtOnce = 2_000;

    // More are asked about by nobody; beyond, nothing is said.
    private const int MostAsked = 20_000;

    /// <summary>Whether there is a history to ask.</summary>
    public bool IsThere => history is not null;

    /// <summary>Which destinations were seen in the 30 days before a time; null where that cannot be told.</summary>
    public async Task<HistoryPast?> SeenAsync(IReadOnlyList<NetAddress> destinations, long beforeMs, CancellationToken cancellationToken)
    {
        if (destinations.Count is 0 or > MostAsked
            || await SelectionAsync(new TimeWindow(beforeMs - (Days * DayMs), beforeMs - 1), null, cancellationToken).ConfigureAwait(false)
                is not { } rows)
        {
            return null;
        }

        HashSet<NetAddress> seen = [];
        try
        {
            foreach (var some in destinations.Chunk(AtOnce))
            {
                await history!.GroupAsync(
                    rows, new HistoryGroups { By = Dimension.Destination, Among = some },
                    (keys, in _) => seen.Add(keys[0].Address), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (HistoryAwayException)
        {
            return null;
        }

        return new HistoryPast(rows.Span.Hours[0].StartMs, rows.Span.Hours.Count, seen);
    }

    /// <summary>What is known of an end in the 30 days up to a time; null where nothing is held.</summary>
    public async Task<HistoryRecord?> RecordOfAsync(NetAddress end, long untilMs, CancellationToken cancellationToken)
    {
        if (await SelectionAsync(new TimeWindow(untilMs - (Days * DayMs), untilMs), end, cancellationToken).ConfigureAwait(false)
            is not { } rows)
        {
            return null;
        }

        try
        {
            return await history!.RecordOfAsync(rows, cancellationToken).ConfigureAwait(false);
        }
        catch (HistoryAwayException)
        {
            return null;
        }
    }

    /// <summary>Since when, and how much of it is held.</summary>
    public static string Told(long fromMs, int hours) => string.Create(
        CultureInfo.InvariantCulture, $"the history of the {Days} days before (since {TimeText.Second(fromMs)}, {hours} hours of it held)");

    private async Task<HistorySelection?> SelectionAsync(TimeWindow window, NetAddress? end, CancellationToken cancellationToken)
    {
        if (history is null || options.Evidence == EvidencePolicy.Network)
        {
            return null;
        }

        try
        {
            var span = (await history.SpanAsync(options.Appliance, window, cancellationToken).ConfigureAwait(false)).Within(window);
            return span.Hours.Count < LeastHours ? null : new HistorySelection
            {
                Span = span,
                Search = new ConnSearch { Window = window, Ip = end },
                Internal = options.Internal,
                HasNameless = false,
                Seen = Darktrace.Flows.FlowFields.State,
            };
        }
        catch (HistoryAwayException)
        {
            return null;
        }
    }
}
