using DtMcp.Darktrace.Values;

namespace DtMcp.Traffic.Evidence.Collected;

/// <summary>What a device sent to one end outside in a window: what it usually sends is asked about.</summary>
internal readonly record struct SentNow(NetAddress Source, NetAddress Destination, long Bytes);

/// <summary>What was sent in a window, to be compared with what is usual.</summary>
/// <param name="Sent">By device and end.</param>
/// <param name="ConnectionBytes">What is an upload by itself: of this much,</param>
/// <param name="Ratio">and so many times what came back.</param>
/// <param name="TimesUsual">So many times less than what is sent now is not of interest.</param>
internal sealed record SentToCompare(IReadOnlyList<SentNow> Sent, long ConnectionBytes, int Ratio, int TimesUsual);

/// <summary>Asks what devices sent outside in each of the spans of one length that end where a window begins.</summary>
/// <param name="Sources">The devices.</param>
/// <param name="Destinations">Ends outside of which is asked who else sent there.</param>
/// <param name="UntilMs">Where the window begins.</param>
/// <param name="SpanMs">The length of a span.</param>
internal sealed record HistoryUploadsAsked(
    IReadOnlyList<NetAddress> Sources, IReadOnlyList<NetAddress> Destinations, long UntilMs, long SpanMs)
{
    /// <summary>Less to one end in a span is not told.</summary>
    public required long LeastBytes { get; init; }

    /// <summary>What is an upload by itself: of this much, and so many times what came back.</summary>
    public required long ConnectionBytes { get; init; }

    public required int Ratio { get; init; }

    /// <summary>The most that is told; with more nothing is.</summary>
    public required int Most { get; init; }
}

/// <summary>What one end sent to another in a span.</summary>
/// <param name="Source">The end inside.</param>
/// <param name="Destination">The end outside.</param>
/// <param name="SpansBack">0 for the span right before the window.</param>
/// <param name="Bytes">Sent: all of it where that is an upload, else what went in uploads.</param>
/// <param name="HoursOfDay">In which hours of the day, of UTC: a bit each.</param>
internal readonly record struct HistoryUpload(NetAddress Source, NetAddress Destination, int SpansBack, long Bytes, uint HoursOfDay);

/// <summary>What was sent, and in how many spans each device sent anything outside.</summary>
/// <param name="FromMs">Since when anything is held.</param>
/// <param name="Hours">How many hours are held.</param>
/// <param name="Uploads">What is not less than was asked for.</param>
/// <param name="Spans">By device that was asked about.</param>
internal sealed record HistoryUploads(
    long FromMs, int Hours, IReadOnlyCollection<HistoryUpload> Uploads, IReadOnlyDictionary<NetAddress, int> Spans);
