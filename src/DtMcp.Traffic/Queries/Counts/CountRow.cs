using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Evidence.Counts;

namespace DtMcp.Traffic.Queries.Counts;

/// <summary>One row of a table of counts. What takes requests of its own is asked for the first rows only.</summary>
internal sealed class CountRow
{
    private readonly CountFigures _figures;
    private readonly CountLimits _limits;
    private readonly Dimension _by;
    private readonly ConnTerm _where;
    private readonly bool _isAsked;
    private readonly long? _listed;
    private readonly Holder? _holder;
    private readonly bool _tellsBoth;

    /// <param name="evidence">The counts, and who has which address.</param>
    /// <param name="figures">Asks for what is told of the group.</param>
    /// <param name="limits">Hears of what cannot be told.</param>
    /// <param name="by">What the table is grouped by.</param>
    /// <param name="where">The condition of the table.</param>
    /// <param name="group">The group.</param>
    /// <param name="isAsked">Whether it may be asked about.</param>
    /// <param name="isListedExactly">Whether it has as many records as it is listed with.</param>
    /// <param name="columns">What is told of it.</param>
    public CountRow(CountedEvidence evidence, CountFigures figures, CountLimits limits, Dimension by, ConnTerm? where, CountGroup group,
        bool isAsked, bool isListedExactly, IReadOnlyList<Column> columns)
    {
        (_figures, _limits, _by, Group, _isAsked) = (figures, limits, by, group, isAsked);
        _listed = isListedExactly ? group.Listed : null;
        _tellsBoth = CountCosts.AddUp(columns, by);
        _where = CountTerms.And(where, group.Term);
        _holder = group.Address.IsPresent && evidence.Names.HoldersOf(group.Address, evidence.StartMs) is [var holder, ..] ? holder : null;
    }

    public CountGroup Group { get; }

    public long? Connections => !_isAsked ? _listed
        : _tellsBoth ? _figures.ConnectionsOf(_where, AsSource, AsDestination)
        : _figures.Connections(_where);

    /// <summary>Bytes of both directions: what came in and what went out, where a device is asked for both.</summary>
    public long? Bytes => !_isAsked ? null
        : !_tellsBoth ? _figures.Bytes(_where)
        : _figures.AllSaySent() switch
        {
            true => Direction(isIn: true) + Direction(isIn: false),
            false => _figures.Bytes(_where),
            _ => null,
        };

    public Cell Of(Column column) => column switch
    {
        { Attribute: EndpointAttribute.Ip } => Cell.Of(Group.Key),
        { Attribute: EndpointAttribute.Did } => Cell.Of(_holder?.Did),
        { Attribute: EndpointAttribute.Hostname } => Cell.Of(_holder?.Details.Hostname ?? _holder?.Details.DeviceLabel),
        { Attribute: not null } => Cell.Absent,
        { Measure: null } => Group.Port > 0 ? Cell.Of((long)Group.Port) : Cell.Of(Group.Key),
        { Measure: { Kind: MeasureKind.Percent } } => Share(Connections, _figures.Connections(null)),
        { Measure: { Kind: MeasureKind.PercentOfBytes } } => _isAsked ? Asked(Share(Bytes, _figures.Bytes(null))) : Cell.Absent,
        { Measure: { Kind: MeasureKind.First or MeasureKind.Last } measure } =>
            _isAsked ? Asked(CountTables.Moment(Value(measure.Kind))) : Cell.Absent,
        { Measure: { Kind: MeasureKind.Connections } } => Cell.Of(Connections),
        _ => _isAsked ? Asked(Cell.Of(Value(column.Measure!.Value.Kind))) : Cell.Absent,
    };

    /// <summary>A measure as a number; times in milliseconds since 1970.</summary>
    public long? Value(MeasureKind kind) => kind switch
    {
        MeasureKind.Connections => Connections,
        _ when !_isAsked => null,
        MeasureKind.Bytes => Bytes,
        MeasureKind.Packets => _figures.Packets(_where),
        MeasureKind.BytesIn => Direction(isIn: true),
        MeasureKind.BytesOut => Direction(isIn: false),
        MeasureKind.Failed => _figures.Failed(_where),
        MeasureKind.First => _figures.Moment(_where, isLast: false),
        MeasureKind.Last => _figures.Moment(_where, isLast: true),
        _ => null,
    };

    private Cell Asked(Cell value)
    {
        if (value.Kind == CellKind.Absent)
        {
            _limits.Add(Capabilities.WholeSums);
        }

        return value;
    }

    // As an end saw them itself where groups are ends, else as all devices did.
    private long? Direction(bool isIn) => _by switch
    {
        Dimension.Device => _figures.Direction(_where, AsSource, AsDestination, isOneAddress: true, isIn),
        Dimension.Source => _figures.Direction(_where, asSource: true, isIn),
        Dimension.Destination => _figures.Direction(_where, asSource: false, isIn),
        _ => _figures.Direction(_where, isIn),
    };

    private ConnTerm AsSource => ConnTerm.Is(ConnField.SourceIp, Group.Key);

    private ConnTerm AsDestination => ConnTerm.Is(ConnField.DestinationIp, Group.Key);

    private static Cell Share(long? part, long? whole) => part is { } one && whole is { } all ? Percent.Of(one, all) : Cell.Absent;
}
