using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Queries.Channels;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence.Collected;

/// <summary>Connection records that were collected before, hour by hour, of months perhaps.</summary>
internal interface IHistory
{
    /// <summary>What it holds of an appliance in the hours that a window touches.</summary>
    /// <exception cref="HistoryAwayException">It does not answer.</exception>
    Task<HistorySpan> SpanAsync(string appliance, TimeWindow window, CancellationToken cancellationToken);

    /// <summary>Reads the records that a search selects, in order of time. The caller settles the set.</summary>
    /// <param name="span">What is read, of one moment: hours that are collected anew meanwhile stay as they were.</param>
    /// <param name="search">The filters, and the starts.</param>
    /// <param name="into">Takes the rows.</param>
    /// <param name="progress">Hears of rows and hours.</param>
    /// <param name="cancellationToken">Stops the reading, on the server too.</param>
    /// <exception cref="HistoryAwayException">It does not answer, or not in full.</exception>
    Task ReadAsync(HistorySpan span, ConnSearch search, FlowSet into, IProgress<ReadProgress>? progress,
        CancellationToken cancellationToken);

    /// <summary>Which addresses the appliance holds for inside or outside otherwise than the ranges.</summary>
    /// <exception cref="NotCountedException">They are too many to be named.</exception>
    Task<HistorySides> SidesAsync(HistorySpan span, InternalRanges ranges, CancellationToken cancellationToken);

    /// <summary>Adds up the rows that meet each of some terms, in one pass.</summary>
    /// <exception cref="NotCountedException">Sums may be larger than a number.</exception>
    Task<IReadOnlyList<HistorySums>> SumAsync(HistorySelection rows, IReadOnlyList<Terms> wheres, CancellationToken cancellationToken);

    /// <summary>Groups rows. The same group may come several times, to be added up.</summary>
    /// <exception cref="NotCountedException">There are more than <see cref="HistoryGroups.Most"/>.</exception>
    Task GroupAsync(HistorySelection rows, HistoryGroups groups, HistoryGroupTaker take, CancellationToken cancellationToken);

    /// <summary>
    /// Sums rows by channel, in no order, and tells their endpoints what records say of them.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="fewestStarts">Channels with so many connections come with all starts; null for none.</param>
    /// <param name="into">Takes endpoints and names of protocols.</param>
    /// <param name="take">Takes the channels.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="NotCountedException">There are more endpoints than <paramref name="into"/> may hold, or 50 days.</exception>
    Task SumChannelsAsync(HistorySelection rows, int? fewestStarts, FlowSet into, SummedChannelTaker take,
        CancellationToken cancellationToken);

    /// <summary>The application protocols of the rows that a search selects.</summary>
    Task<IReadOnlyList<string>> ServicesAsync(HistorySelection rows, CancellationToken cancellationToken);

    /// <summary>Tells the endpoints of a table what records say of them (country, autonomous system).</summary>
    /// <param name="span">The hours.</param>
    /// <param name="among">These only; null for all.</param>
    /// <param name="hosts">The table; endpoints that are not in it are left out.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task DescribeAsync(HistorySpan span, IReadOnlyList<NetAddress>? among, HostTable hosts, CancellationToken cancellationToken);

    /// <summary>First and last start, devices and days of the rows that a search selects.</summary>
    /// <param name="rows">The rows of one end (<see cref="ConnSearch.Ip"/>).</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<HistoryRecord> RecordOfAsync(HistorySelection rows, CancellationToken cancellationToken);

    /// <summary>What devices sent outside in spans before a window.</summary>
    /// <param name="rows">The hours of that time.</param>
    /// <param name="asked">Which devices, and how much.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="NotCountedException">It is more than <see cref="HistoryUploadsAsked.Most"/>.</exception>
    Task<HistoryUploads> UploadsAsync(HistorySelection rows, HistoryUploadsAsked asked, CancellationToken cancellationToken);

    /// <summary>The newest entries of names that a search finds, the newest first.</summary>
    /// <param name="span">Hours that have their names.</param>
    /// <param name="search">The filters, and the times.</param>
    /// <param name="most">No more than these.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyList<NameRecord>> NamesAsync(HistorySpan span, NameSearch search, int most, CancellationToken cancellationToken);

    /// <summary>How many entries of names a search finds.</summary>
    Task<long> CountNamesAsync(HistorySpan span, NameSearch search, CancellationToken cancellationToken);

    /// <summary>How often others than some devices looked up or called each of some names; what nobody did is left out.</summary>
    Task<IReadOnlyDictionary<string, long>> NamesOfOthersAsync(HistorySpan span, TimeWindow window, IReadOnlyList<NetAddress> than,
        IReadOnlyList<string> names, CancellationToken cancellationToken);

    /// <summary>The rows whose bytes a sensor made up, a chunk at a time, their endpoints and names in <paramref name="into"/>.</summary>
    /// <exception cref="NotCountedException">They are too many.</exception>
    Task ReadArtefactsAsync(HistorySelection rows, FlowSet into, Action<FlowChunk> take, CancellationToken cancellationToken);
}

/// <summary>An hour that was collected whole.</summary>
/// <param name="StartMs">Its start.</param>
/// <param name="Part">The number that its rows stand under.</param>
/// <param name="Rows">How many.</param>
internal sealed record HistoryHour(long StartMs, ulong Part, long Rows)
{
    public const long LengthMs = 3_600_000;

    /// <summary>Which columns any row filled.</summary>
    public FlowFields Seen { get; init; }

    /// <summary>The appliance's own count of it.</summary>
    public long Total { get; init; }

    public long ByInsertion { get; init; }

    public long MissedBytes { get; init; }

    public long MissedRows { get; init; }

    /// <summary>Whether its roll-up by pair and port is there.</summary>
    public bool IsRolled { get; init; }

    /// <summary>Whether the names that were looked up and called in it are there, all of them.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Entries of names.</summary>
    public long Names { get; init; }

    /// <summary>The appliance's own count of these.</summary>
    public long NamesTotal { get; init; }

    /// <summary>Why its names are not there; empty where they are, or nobody asked for them.</summary>
    public string NamesNote { get; init; } = "";

    /// <summary>When it was collected, in milliseconds since 1970.</summary>
    public long CollectedMs { get; init; }

    public long EndMs => StartMs + LengthMs - 1;
}

/// <summary>What is held of an appliance.</summary>
internal sealed record HistorySpan(string Appliance, IReadOnlyList<HistoryHour> Hours)
{
    /// <summary>
    /// How far the history goes without a hole from the start of a window on: its end, or that of the last hour; before the window where
    /// the first hour is missing.
    /// </summary>
    public long CoveredTo(TimeWindow window)
    {
        var next = window.StartMs - (((window.StartMs % HistoryHour.LengthMs) + HistoryHour.LengthMs) % HistoryHour.LengthMs);
        var covered = window.StartMs - 1;
        foreach (var hour in Hours)
        {
            if (hour.StartMs != next)
            {
                break;
            }

            (covered, next) = (hour.EndMs, next + HistoryHour.LengthMs);
        }

        return Math.Min(covered, window.EndMs);
    }

    /// <summary>The hours that have their names.</summary>
    public HistorySpan WithNames => this with { Hours = [.. Hours.Where(static hour => hour.IsNamed)] };

    public HistorySpan Within(TimeWindow window) =>
        this with { Hours = [.. Hours.Where(hour => hour.EndMs >= window.StartMs && hour.StartMs <= window.EndMs)] };
}

/// <summary>The history does not answer; the appliance does in its place.</summary>
internal class HistoryAwayException(string happened, string remedy, Exception? inner = null) : Exception(happened, inner)
{
    public string Happened { get; } = happened;

    public string Remedy { get; } = remedy;
}
