using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;

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

    public HistorySpan Within(TimeWindow window) =>
        this with { Hours = [.. Hours.Where(hour => hour.EndMs >= window.StartMs && hour.StartMs <= window.EndMs)] };
}

/// <summary>The history does not answer; the appliance does in its place.</summary>
internal class HistoryAwayException(string happened, string remedy, Exception? inner = null) : Exception(happened, inner)
{
    public string Happened { get; } = happened;

    public string Remedy { get; } = remedy;
}
