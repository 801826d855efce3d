using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Tables;

/// <summary>
/// Answers a query from the vendor guide's tables: of each table the columns that these know (<see cref="Capabilities"/>), and one note on
/// what they do not. What is unknown is left out, never 0.
/// </summary>
internal sealed class TableExecutor
{
    private readonly AnalysisSettings _settings;
    private readonly ConnectivityEvidence _evidence;
    private readonly TableLimits _limits;
    private readonly Dictionary<(Dimension, Terms), TableRows?> _known = [];
    private readonly long? _bytes;

    private TableExecutor(AnalysisSettings settings, ConnectivityHalves answers)
    {
        _settings = settings;
        _evidence = new ConnectivityEvidence(answers, settings);
        _limits = new TableLimits(_evidence.View);
        _bytes = _evidence.Bytes(Terms.None);
    }

    public static Findings Finish(Query query, AnalysisSettings settings, ConnectivityHalves answers)
    {
        var executor = new TableExecutor(About(query, settings), answers);
        return new Findings
        {
            Totals =
            [
                .. query.Totals.Where(total => !total.IsHidden).Select(executor.Total)
                    .Where(total => total.Value.Kind != CellKind.Absent),
            ],
            Tables = [.. query.Tables.Select(executor.Table).OfType<Table>()],
            Notes = [executor._limits.Note()],
        };
    }

    /// <summary>Every group of every table, where the query is compared.</summary>
    public static GroupSet Groups(Query query, AnalysisSettings settings, ConnectivityHalves answers)
    {
        var executor = new TableExecutor(About(query, settings), answers);
        return new GroupSet(executor.GroupsOf);
    }

    private static AnalysisSettings About(Query query, AnalysisSettings settings) =>
        query.IsAboutSubnet ? settings with { FocusDid = null, FocusAddress = default } : settings;

    private Dictionary<string, Group>? GroupsOf(TableQuery table)
    {
        if (!_limits.Tells(table.By, table.Where & ~ImpliedTerms.OfRows, MeasureKind.Bytes)
            || RowsOf(table.By, table.Where & ~ImpliedTerms.OfRows) is not { } found)
        {
            return null;
        }

        Column[] identity = [.. table.Columns.Where(column => column.Measure is null)];
        Dictionary<string, Group> all = new(StringComparer.Ordinal);
        foreach (var row in found.Rows)
        {
            if (row.Name is { } name && (table.WithUnknown || name != ConnectivityParts.Unknown))
            {
                var port = row.Key.Kind == CellKind.Integer ? (int)row.Key.Integer : 0;
                all.TryAdd(name, new Group(_ => [.. identity.Select(column => row.Of(column, _bytes))], port, null, row.Bytes));
            }
        }

        return all;
    }

    private Field Total(TotalQuery total)
    {
        var (measure, where) = (total.Measure, total.Where);
        return new Field(total.Name, !_limits.Tells(null, where, measure) ? Cell.Absent : measure.Kind switch
        {
            MeasureKind.Bytes => Cell.Of(_evidence.Bytes(where)),
            MeasureKind.PercentOfBytes when _evidence.Bytes(where) is { } part && _bytes is { } whole => Percent.Of(part, whole),
            MeasureKind.BytesIn => Cell.Of(_evidence.All?.In),
            MeasureKind.BytesOut => Cell.Of(_evidence.All?.Out),
            MeasureKind.Distinct => Number(measure, where),
            _ => Cell.Absent,
        });
    }

    private Cell Number(Measure measure, Terms where)
    {
        if (RowsOf(measure.Of, where) is not { } rows)
        {
            return Cell.Absent;
        }

        if (rows.IsWhole)
        {
            return Cell.Of((long)rows.Rows.Count);
        }

        _limits.LeavesOut(null, where, measure);
        return Cell.Absent;
    }

    private Table? Table(TableQuery wanted)
    {
        var query = wanted with { Where = wanted.Where & ~ImpliedTerms.OfRows };
        if (query.Where != wanted.Where && query.By.IsEndpoint())
        {
            _limits.Mixes();
        }

        if (query.Then is not null)
        {
            _limits.LacksGroups();
            return null;
        }

        Column[] columns = [.. query.Columns.Where(column =>
            column.Measure is not { } measure || _limits.Tells(query.By, query.Where, measure))];
        if (!columns.Any(column => column.Measure is not null))
        {
            return null;
        }

        if (RowsOf(query.By, query.Where) is not { } found)
        {
            if (_evidence.Has(query.Where) && query.Otherwise is { } other)
            {
                _limits.LacksBeginners();
                return Table(other);
            }

            return null;
        }

        return Build(query, [.. columns.Where(column => column.Measure?.Kind != found.Without || found.Without is null)], found);
    }

    private Table Build(TableQuery query, Column[] columns, TableRows found)
    {
        var rows = query.By == Dimension.ApplicationProtocol && !query.WithUnknown
            ? [.. found.Rows.Where(row => row.Key.Text != ConnectivityParts.Unknown)]
            : found.Rows;
        var by = columns.FirstOrDefault(column => column.Measure?.Kind == found.By)?.Name;
        var table = new TableBuilder(query.Name, by, [.. columns.Select(column => column.Name)]);
        var shown = rows.Take(query.Top ?? _settings.Limit).ToList();
        foreach (var row in shown)
        {
            table.Add([.. columns.Select(column => row.Of(column, _bytes))]);
        }

        foreach (var column in columns)
        {
            // A row whose bytes are not known stands last, wherever it belongs: that matters where it is not shown, too.
            var seen = column.Measure?.Kind is MeasureKind.BytesIn or MeasureKind.BytesOut ? shown : rows;
            if (column.Measure is { } measure && seen.Any(row => row.IsLacking && row.Of(column, _bytes).Kind == CellKind.Absent))
            {
                _limits.LeavesOut(query.By, query.Where, measure);
            }
        }

        return table.Build(rows.Count);
    }

    private TableRows? RowsOf(Dimension by, Terms where)
    {
        if (!_known.TryGetValue((by, where), out var rows))
        {
            _known[(by, where)] = rows = Make(by, where);
        }

        return rows;
    }

    private TableRows? Make(Dimension by, Terms where) => by switch
    {
        Dimension.Protocol => PanelRows.Named(_evidence.Part(where), answer => answer.Protocols, ApplicationNames.Told),
        Dimension.ApplicationProtocol =>
            PanelRows.Named(_evidence.Part(where), answer => answer.ApplicationProtocols, ApplicationNames.Told),
        Dimension.Status => PanelRows.Named(_evidence.Part(where), answer => answer.Status),
        Dimension.Subnet => PanelRows.Named(_evidence.Part(where), answer => answer.PeerSubnets),
        Dimension.RemotePort => PanelRows.Ports(_evidence.Part(where), answer => answer.RemotePorts),
        Dimension.LocalPort => PanelRows.Ports(_evidence.Part(where), answer => answer.LocalPorts),
        Dimension.Endpoint => DeviceRows.Endpoints(_evidence),
        Dimension.Device => DeviceRows.Devices(_evidence),
        Dimension.Outside => OutsideRows.All(_evidence),
        Dimension.ApplianceSubnet => PanelRows.Subnets(_evidence.Answers.Summed),
        Dimension.Destination when where == Terms.Outbound => OutsideRows.Destinations(_evidence),
        Dimension.Source when where == Terms.Outbound => OutsideRows.Sources(_evidence),
        Dimension.Source when where == Terms.Inbound => OutsideRows.Inbound(_evidence),
        Dimension.Destination => FocusRows.Began(_evidence, where),
        Dimension.Source => FocusRows.Came(_evidence),
        Dimension.Peer => FocusRows.Peers(_evidence, where),
        _ => null,
    };
}
