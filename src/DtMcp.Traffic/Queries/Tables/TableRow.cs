using System.Globalization;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Queries.Tables;

/// <summary>One group with all that is known of it; what is unknown is null.</summary>
internal sealed record TableRow
{
    /// <summary>What it is called, where it is no endpoint.</summary>
    public Cell Key { get; init; } = Cell.Absent;

    public string? Ip { get; init; }

    public long? Did { get; init; }

    public string? Hostname { get; init; }

    public string? Country { get; init; }

    public string? Asn { get; init; }

    public string? Network { get; init; }

    public string? Label { get; init; }

    public InOut? InOut { get; init; }

    public long? Bytes { get; init; }

    public long? Size { get; init; }

    /// <summary>How many it spoke with.</summary>
    public long? Partners { get; init; }

    /// <summary>Whether something that is known of such groups as a rule is not of this one.</summary>
    public bool IsLacking { get; init; }

    /// <summary>What it is known by in another window too.</summary>
    public string? Name => Did?.ToString(CultureInfo.InvariantCulture) ?? Ip ?? Hostname ?? Key.Kind switch
    {
        CellKind.Text => Key.Text,
        CellKind.Integer => Key.Integer.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    public Cell Of(Column column, long? ofBytes) => (column.Attribute, column.Measure?.Kind) switch
    {
        (EndpointAttribute.Ip, _) => Cell.Of(Ip),
        (EndpointAttribute.Did, _) => Cell.Of(Did),
        (EndpointAttribute.Hostname, _) => Cell.Of(Hostname),
        (EndpointAttribute.Country, _) => Cell.Of(Country),
        (EndpointAttribute.Asn, _) => Cell.Of(Asn),
        (EndpointAttribute.Network, _) => Cell.Of(Network),
        (EndpointAttribute.Label, _) => Cell.Of(Label),
        (_, null) => Key,
        (_, { } kind) => Of(kind, ofBytes),
    };

    private Cell Of(MeasureKind kind, long? ofBytes) => kind switch
    {
        MeasureKind.Bytes => Cell.Of(Bytes),
        MeasureKind.BytesIn => Cell.Of(InOut?.In),
        MeasureKind.BytesOut => Cell.Of(InOut?.Out),
        MeasureKind.PercentOfBytes => Bytes is { } part && ofBytes is { } whole ? Percent.Of(part, whole) : Cell.Absent,
        MeasureKind.Distinct => Cell.Of(Partners),
        MeasureKind.Size => Cell.Of(Size),
        _ => Cell.Absent,
    };
}

/// <summary>The groups of a dimension under some terms, largest first.</summary>
/// <param name="Rows">In order.</param>
/// <param name="By">The measure that they are in order of.</param>
internal sealed record TableRows(IReadOnlyList<TableRow> Rows, MeasureKind By = MeasureKind.Bytes)
{
    /// <summary>What is known of none of them: a column that goes.</summary>
    public MeasureKind? Without { get; init; }

    /// <summary>Whether all groups are among them, so that they can be counted.</summary>
    public bool IsWhole { get; init; } = true;
}
