using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence.Counts;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Counts;

/// <summary>
/// Makes tables of what the appliance lists: the groups with the most connections, and by one request each what else is told of them. By
/// bytes only where all groups are listed and few enough to be asked.
/// </summary>
internal sealed class CountTables(
    AnalysisSettings settings, CountedEvidence evidence, CountLookup counts, CountTerms terms, CountFigures figures, CountLimits limits)
{
    /// <summary>The tables of an answer, which share the rows that are asked about.</summary>
    public IEnumerable<Table> Of(IReadOnlyList<TableQuery> queries)
    {
        var columns = queries.Select(query => query.Columns.Where(column => !column.IsOfTables
            && (column.Measure is not { } measure || limits.Tells(query.By, query.Where, measure))).ToArray()).ToList();
        var shares = AskedShares.Of([.. queries.Zip(columns, Need)]);
        return queries.Select((query, i) => Of(query, columns[i], shares[i])).OfType<Table>();
    }

    private (int Rows, int Cost, bool NeedsAll) Need(TableQuery query, Column[] columns)
    {
        if (GroupsOf(query, columns) is not { } groups)
        {
            return (0, 1, false);
        }

        var isByBytes = MayBeByBytes(query, columns, groups);
        return (isByBytes ? groups.Groups.Count : Math.Min(query.Top ?? settings.Limit, groups.Groups.Count),
            CountCosts.OfRow(columns, query.By), isByBytes);
    }

    private CountGroups? GroupsOf(TableQuery query, Column[] columns) =>
        query.By != Dimension.Hour && !query.IsFree && columns.Any(column => column.Measure is not null)
            ? CountGroups.Of(query.By, terms.Of(query.Where), query.WithUnknown || query.By == Dimension.Protocol, counts, terms)
            : null;

    private static bool MayBeByBytes(TableQuery query, Column[] columns, CountGroups groups) =>
        query.OrderBy == MeasureKind.Bytes && columns.Any(column => column.Measure?.Kind == MeasureKind.Bytes)
            && groups.IsWhole && groups.Groups.Count <= Capabilities.MaxAsked;

    private Table? Of(TableQuery query, Column[] columns, int asked)
    {
        if (query.IsFree && query.By != Dimension.Hour)
        {
            return new CountAggregate(settings, evidence, counts, terms, figures, limits).Of(query, columns);
        }

        if (query.By == Dimension.Hour)
        {
            limits.Add(Capabilities.HoursOfInsertion);
            var hours = new CountHours(counts, terms, terms.Of(query.Where)).Of(query.Name, columns);
            if (hours is null)
            {
                limits.Add(Capabilities.WholeSums);
            }

            return hours;
        }

        if (GroupsOf(query, columns) is not { } groups)
        {
            return null;
        }

        // A group of both ends is listed by each of them: what is not asked about would have no figure at all.
        var limit = groups.ListsExactly ? query.Top ?? settings.Limit : Math.Min(query.Top ?? settings.Limit, asked);
        var isByBytes = MayBeByBytes(query, columns, groups) && groups.Groups.Count <= asked;
        var rows = groups.Groups.Take(isByBytes ? groups.Groups.Count : limit)
            .Select((group, place) => new CountRow(
                evidence, figures, limits, query.By, terms.Of(query.Where), group, place < asked, groups.ListsExactly, columns)).ToList();
        rows = isByBytes
            ? [.. rows.OrderByDescending(row => row.Bytes ?? -1).ThenBy(row => row.Group.Address).ThenBy(row => row.Group.Port)
                .ThenBy(row => row.Group.Key, StringComparer.Ordinal).Take(limit)]
            : [.. rows.OrderByDescending(row => row.Connections ?? row.Group.Listed).ThenBy(row => row.Group.Address)
                .ThenBy(row => row.Group.Port).ThenBy(row => row.Group.Key, StringComparer.Ordinal)];
        Judge(query, groups, rows, isByBytes, asked < Math.Min(query.Top ?? settings.Limit, groups.Groups.Count));
        var table = new TableBuilder(query.Name, isByBytes ? "bytes" : "connections", [.. columns.Select(column => column.Name)]);
        foreach (var row in rows)
        {
            table.Add([.. columns.Select(row.Of)]);
        }

        return table.Build(groups.Groups.Count) with { MayHaveMore = !groups.IsWhole };
    }

    public static Cell Moment(long? milliseconds) => milliseconds is { } time and > 0 ? Cell.Second(time) : Cell.Absent;

    // What a reader has to know of the order and of what is not there.
    private void Judge(TableQuery query, CountGroups groups, List<CountRow> rows, bool isByBytes, bool isAskedForSome)
    {
        if (rows.Count == 0)
        {
            return;
        }

        if (query.OrderBy == MeasureKind.Bytes && !isByBytes)
        {
            limits.Add(Capabilities.InOrderOfConnections);
        }

        // Of both ends, one list may lack a group that the other has. By bytes all are asked about.
        var behind = isByBytes ? 0 : groups.MostBehind(rows.Count);
        if (rows.Exists(row => (row.Connections ?? row.Group.Listed) < behind))
        {
            limits.Add(Capabilities.InDoubtfulOrder);
        }

        if (isAskedForSome)
        {
            limits.Add(Capabilities.AskedForSome);
        }
    }
}
