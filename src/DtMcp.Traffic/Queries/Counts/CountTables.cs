using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
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

    private (int Rows, bool NeedsAll) Need(TableQuery query, Column[] columns)
    {
        if (GroupsOf(query, columns) is not { } groups)
        {
            return (0, false);
        }

        var isByBytes = MayBeByBytes(query, columns, groups);
        return (isByBytes ? groups.Groups.Count : Math.Min(query.Top ?? settings.Limit, groups.Groups.Count), isByBytes);
    }

    private CountGroups? GroupsOf(TableQuery query, Column[] columns) =>
        query.By != Dimension.Hour && columns.Any(column => column.Measure is not null)
            ? CountGroups.Of(query.By, terms.Of(query.Where), query.WithUnknown || query.By == Dimension.Protocol, counts, terms)
            : null;

    private static bool MayBeByBytes(TableQuery query, Column[] columns, CountGroups groups) =>
        query.OrderBy == MeasureKind.Bytes && columns.Any(column => column.Measure?.Kind == MeasureKind.Bytes)
            && groups.IsWhole && groups.Groups.Count <= Capabilities.MaxAsked;

    private Table? Of(TableQuery query, Column[] columns, int asked)
    {
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
            .Select((group, place) => new Row(this, query, group, place < asked, groups.ListsExactly)).ToList();
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
    private void Judge(TableQuery query, CountGroups groups, List<Row> rows, bool isByBytes, bool isAskedForSome)
    {
        if (rows.Count == 0)
        {
            return;
        }

        if (query.OrderBy == MeasureKind.Bytes && !isByBytes)
        {
            limits.Add(Capabilities.InOrderOfConnections);
        }

        // Of both ends, one list may lack a group that the other has.
        var best = groups.IsWhole ? 0 : groups.Unlisted;
        if (rows.Exists(row => (row.Connections ?? row.Group.Listed) < best))
        {
            limits.Add(Capabilities.InDoubtfulOrder);
        }

        if (isAskedForSome)
        {
            limits.Add(Capabilities.AskedForSome);
        }
    }

    /// <summary>One row. What takes requests of its own is asked for the first rows only.</summary>
    private sealed class Row
    {
        private readonly CountTables _tables;
        private readonly ConnTerm _where;
        private readonly bool _isAsked;
        private readonly long? _listed;
        private readonly bool _byDevice;
        private readonly Holder? _holder;

        public Row(CountTables tables, TableQuery query, CountGroup group, bool isAsked, bool isListedExactly)
        {
            _listed = isListedExactly ? group.Listed : null;
            (_tables, Group, _isAsked, _byDevice) = (tables, group, isAsked, query.By == Dimension.Device);
            _where = CountTerms.And(tables.Where(query), group.Term);
            _holder = group.Address.IsPresent && tables.Holders(group) is [var holder, ..] ? holder : null;
        }

        public CountGroup Group { get; }

        public long? Connections => _isAsked ? _tables.Figures.Connections(_where) : _listed;

        public long? Bytes => _isAsked ? _tables.Figures.Bytes(_where) : null;

        public Cell Of(Column column) => column switch
        {
            { Attribute: EndpointAttribute.Ip } => Cell.Of(Group.Key),
            { Attribute: EndpointAttribute.Did } => Cell.Of(_holder?.Did),
            { Attribute: EndpointAttribute.Hostname } => Cell.Of(_holder?.Details.Hostname ?? _holder?.Details.DeviceLabel),
            { Attribute: not null } => Cell.Absent,
            { Measure: null } => Group.Port > 0 ? Cell.Of((long)Group.Port) : Cell.Of(Group.Key),
            { Measure: { Kind: MeasureKind.Connections } } => Cell.Of(Connections),
            { Measure: { Kind: MeasureKind.Percent } } => Share(Connections, _tables.Figures.Connections(null)),
            _ => _isAsked ? Asked(column.Measure!.Value.Kind) : Cell.Absent,
        };

        private Cell Asked(MeasureKind kind)
        {
            var value = kind switch
            {
                MeasureKind.Bytes => Cell.Of(Bytes),
                MeasureKind.Packets => Cell.Of(_tables.Figures.Packets(_where)),
                MeasureKind.BytesIn when _byDevice => Cell.Of(Directions().In),
                MeasureKind.BytesOut when _byDevice => Cell.Of(Directions().Out),
                MeasureKind.Failed => Cell.Of(_tables.Figures.Failed(_where)),
                MeasureKind.PercentOfBytes => Share(Bytes, _tables.Figures.Bytes(null)),
                MeasureKind.First => Moment(_tables.Figures.Moment(_where, isLast: false)),
                MeasureKind.Last => Moment(_tables.Figures.Moment(_where, isLast: true)),
                _ => Cell.Absent,
            };
            if (value.Kind == CellKind.Absent)
            {
                _tables.Limits.Add(Capabilities.WholeSums);
            }

            return value;
        }

        private (long? In, long? Out) Directions() => _tables.Figures.Directions(
            _where, ConnTerm.Is(ConnField.SourceIp, Group.Key), ConnTerm.Is(ConnField.DestinationIp, Group.Key), isOneAddress: true);

        private static Cell Share(long? part, long? whole) => part is { } one && whole is { } all ? Percent.Of(one, all) : Cell.Absent;
    }

    private CountFigures Figures => figures;

    private CountLimits Limits => limits;

    private ConnTerm? Where(TableQuery query) => terms.Of(query.Where);

    private List<Holder> Holders(CountGroup group) => evidence.Names.HoldersOf(group.Address, evidence.StartMs);
}
