using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries.Channels;

namespace DtMcp.Traffic.Investigations.Hunting.Signs;

/// <summary>
/// What a device usually sends to one destination outside, by the history: the most in a span (a day, or as long as the window), the
/// highest of all spans left out. What is sent every week is usual then, and what was sent once is not.
/// </summary>
internal sealed class LongUsual
{
    /// <summary>A device that sent anything in fewer spans is not known: the time before tells as much.</summary>
    private const int LeastSpans = 3;

    private readonly Dictionary<NetAddress, List<HistoryUpload>> _bySource = [];
    private readonly Dictionary<NetAddress, List<HistoryUpload>> _byDestination = [];
    private readonly IReadOnlyDictionary<NetAddress, int> _spans;

    public LongUsual(HistoryUploads? sent)
    {
        _spans = sent?.Spans ?? new Dictionary<NetAddress, int>();
        foreach (var upload in sent?.Uploads ?? [])
        {
            Add(_bySource, upload.Source, upload);
            Add(_byDestination, upload.Destination, upload);
        }
    }

    public bool Knows(NetAddress device) => _spans.GetValueOrDefault(device) >= LeastSpans;

    /// <summary>Null where it is not known. The span before counts for other destinations only: there it may be the same upload.</summary>
    public long? Of(NetAddress device, NetAddress destination) => !Knows(device) ? null
        : SecondMost(Find(_bySource, device).Where(one => one.SpansBack > 0 || one.Destination != destination));

    /// <summary>
    /// The same at the hours of the day of what is sent now, an hour earlier and later included; null where it is usual that so much goes
    /// to the destination itself, or hours cannot be told.
    /// </summary>
    public long? At(NetAddress device, NetAddress destination, in Sent sent)
    {
        if (sent.Last - sent.First > HuntRules.SameHoursMs)
        {
            return null;
        }

        var hours = 0U;
        for (var hour = (sent.First / HuntRules.Hour) - 1; hour <= (sent.Last / HuntRules.Hour) + 1; hour++)
        {
            hours |= 1U << (int)(hour % 24);
        }

        var all = Find(_bySource, device);
        return SecondMost(all.Where(one => one.Destination == destination)) >= ChannelQuery.UploadConnectionBytes
            ? null
            : SecondMost(all.Where(one => one.Destination != destination && (one.HoursOfDay & hours) != 0));
    }

    /// <summary>The most that other devices usually sent to a destination.</summary>
    public long TakenFromOthers(NetAddress device, NetAddress destination) => SecondMost(Find(_byDestination, destination)
        .Where(one => one.Source != device && one.Bytes >= HuntRules.UploadLow));

    // Of the most of each span the one below the highest; 0 where there is one or none.
    private static long SecondMost(IEnumerable<HistoryUpload> uploads) => uploads.GroupBy(one => one.SpansBack)
        .Select(span => span.Max(one => one.Bytes)).OrderDescending().Skip(1).FirstOrDefault();

    private static List<HistoryUpload> Find(Dictionary<NetAddress, List<HistoryUpload>> all, NetAddress end) =>
        all.TryGetValue(end, out var found) ? found : [];

    private static void Add(Dictionary<NetAddress, List<HistoryUpload>> all, NetAddress end, HistoryUpload upload)
    {
        if (!all.TryGetValue(end, out var found))
        {
            all[end] = found = [];
        }

        found.Add(upload);
    }
}
