using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.History.Schema;
using DtMcp.History.Wire;
using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.History.Reading;

/// <summary>
/// Finds the hours in which an address is: <c>ends</c> has each address of an hour once, and is small beside the connections, most of whose
/// hours need not be looked through then.
/// </summary>
internal sealed class HoursOfEnds(HistoryServer server, HistoryTables tables)
{
    // Those of a device; a search for more is one for most hours.
    private const int MostNamed = 100;

    // A question asks many times of the same.
    private Found? _last;

    /// <summary>The hours of a span that a search can find anything in.</summary>
    public async Task<HistorySpan> NarrowAsync(HistorySpan span, ConnSearch search, CancellationToken cancellationToken)
    {
        var hours = span.Within(search.Window);
        IReadOnlyList<NetAddress>? ends = search.Ip is { } ip ? [ip] : search.Ips;
        if (ends is null || ends.Count > MostNamed || hours.Hours.Count < 2)
        {
            return hours;
        }

        if (_last is { } last && last.Is(span.Appliance, hours.Hours, ends))
        {
            return hours with { Hours = last.Holding };
        }

        ulong[] parts = [.. hours.Hours.Select(static hour => hour.Part)];
        var holding = (await server.ReadAsync(
            Sql.Of($"""
                SELECT 1, part FROM {tables.Ends} WHERE appliance = {span.Appliance} AND part IN ({parts}) AND lacking = 0
                AND {AddressWords.In(ends, Sql.Name("address"))} GROUP BY part FORMAT RowBinary
                """),
            static row => row.U64(), cancellationToken).ConfigureAwait(false)).ToHashSet();
        _last = new Found(span.Appliance, hours.Hours, ends, [.. hours.Hours.Where(hour => holding.Contains(hour.Part))]);
        return hours with { Hours = _last.Holding };
    }

    private sealed record Found(
        string Appliance, IReadOnlyList<HistoryHour> Hours, IReadOnlyList<NetAddress> Ends, IReadOnlyList<HistoryHour> Holding)
    {
        public bool Is(string appliance, IReadOnlyList<HistoryHour> hours, IReadOnlyList<NetAddress> ends) =>
            Appliance == appliance && Ends.SequenceEqual(ends)
            && Hours.Select(static hour => hour.Part).SequenceEqual(hours.Select(static hour => hour.Part));
    }
}
