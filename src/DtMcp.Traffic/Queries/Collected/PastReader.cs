using System.Globalization;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Collected;

/// <summary>
/// Asks the history what was there before: 30 days, as long as most keep of what is usual. Where there is none, or it holds hardly
/// anything, nothing is said of the past.
/// </summary>
internal sealed class PastReader(HistoryPresence? presence, InvestigatorOptions options)
{
    public const int Days = 30;

    private const long DayMs = 86_400_000;

    // Of less than a day it cannot be told what is new.
    private const int LeastHours = 24;

    // Addresses that one query names.
    private const int AtOnce = 2_000;

    // Fewer at once where each has several rows, and rows of it that are kept.
    private const int UploadsAtOnce = 500;
    private const int MostUploads = 200_000;

    // More are asked about by nobody; beyond, nothing is said.
    private const int MostAsked = 20_000;

    /// <summary>Whether there is a history to ask.</summary>
    public bool IsThere => presence is not null;

    /// <summary>Which destinations were seen in the 30 days before a time; null where that cannot be told.</summary>
    /// <exception cref="HistoryAwayException">The history does not answer.</exception>
    public async Task<HistoryPast?> SeenAsync(IReadOnlyList<NetAddress> destinations, long beforeMs, CancellationToken cancellationToken)
    {
        if (destinations.Count is 0 or > MostAsked
            || await SelectionAsync(Before(beforeMs), null, cancellationToken).ConfigureAwait(false) is not { } rows)
        {
            return null;
        }

        HashSet<NetAddress> seen = [];
        foreach (var some in destinations.Chunk(AtOnce))
        {
            await presence!.History.GroupAsync(
                rows, new HistoryGroups { By = Dimension.Destination, Among = some },
                (keys, in _) => seen.Add(keys[0].Address), cancellationToken).ConfigureAwait(false);
        }

        return new HistoryPast(rows.Span.Hours[0].StartMs, rows.Span.Hours.Count, seen);
    }

    /// <summary>What is known of an end in the 30 days up to a time; null where nothing is held.</summary>
    /// <exception cref="HistoryAwayException">The history does not answer.</exception>
    public async Task<HistoryRecord?> RecordOfAsync(NetAddress end, long untilMs, CancellationToken cancellationToken) =>
        await SelectionAsync(new TimeWindow(untilMs - (Days * DayMs), untilMs), end, cancellationToken).ConfigureAwait(false) is { } rows
            ? await presence!.History.RecordOfAsync(rows, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>
    /// What devices sent outside in the 30 days before a time; null where that cannot be told. Those that sent most are asked about first;
    /// beyond what is read nothing is told of the rest.
    /// </summary>
    /// <param name="now">What they sent since.</param>
    /// <param name="beforeMs">The time.</param>
    /// <param name="spanMs">The length of the spans that are told apart.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="HistoryAwayException">The history does not answer.</exception>
    public async Task<HistoryUploads?> UploadsAsync(
        SentToCompare now, long beforeMs, long spanMs, CancellationToken cancellationToken)
    {
        if (now.Sent.Count == 0 || await SelectionAsync(Before(beforeMs), null, cancellationToken).ConfigureAwait(false) is not { } rows)
        {
            return null;
        }

        HashSet<HistoryUpload> uploads = [];
        Dictionary<NetAddress, int> spans = [];
        var (from, hours) = (rows.Span.Hours[0].StartMs, rows.Span.Hours.Count);
        try
        {
            foreach (var some in now.Sent.OrderByDescending(one => one.Bytes).Take(MostAsked).Chunk(UploadsAtOnce))
            {
                var asked = new HistoryUploadsAsked(
                    [.. some.Select(one => one.Source).Distinct()], [.. some.Select(one => one.Destination).Distinct()], beforeMs, spanMs)
                {
                    LeastBytes = some[^1].Bytes / now.TimesUsual,
                    ConnectionBytes = now.ConnectionBytes,
                    Ratio = now.Ratio,
                    Most = MostUploads - uploads.Count,
                };
                var told = await presence!.History.UploadsAsync(rows, asked, cancellationToken).ConfigureAwait(false);
                uploads.UnionWith(told.Uploads);
                foreach (var (device, number) in told.Spans)
                {
                    spans.TryAdd(device, number);
                }
            }
        }
        catch (NotCountedException)
        {
            // What was told of those that sent more stands.
        }

        return new HistoryUploads(from, hours, uploads, spans);
    }

    /// <summary>Since when, and how much of it is held.</summary>
    public static string Told(long fromMs, int hours) => string.Create(
        CultureInfo.InvariantCulture, $"the history of the {Days} days before (since {TimeText.Second(fromMs)}, {hours} hours of it held)");

    /// <summary>What is said where the history would have told of the past and did not answer.</summary>
    public static string Away(HistoryAwayException away) =>
        $"Nothing is told of the {Days} days before (first seen, what is usual), since the history is away: {away.Happened}";

    private static TimeWindow Before(long beforeMs) => new(beforeMs - (Days * DayMs), beforeMs - 1);

    private async Task<HistorySelection?> SelectionAsync(TimeWindow window, NetAddress? end, CancellationToken cancellationToken)
    {
        if (presence is null || options.Evidence == EvidencePolicy.Network)
        {
            return null;
        }

        var span = (await presence.SpanAsync(window, isWished: false, cancellationToken).ConfigureAwait(false)).Within(window);
        return span.Hours.Count < LeastHours ? null : new HistorySelection
        {
            Span = span,
            Search = new ConnSearch { Window = window, Ip = end },
            Internal = options.Internal,
            HasNameless = false,
            Seen = Darktrace.Flows.FlowFields.State,
        };
    }
}
