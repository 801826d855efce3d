using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Queries;

/// <summary>Says of the tables of a query how they are put together with those of another appliance.</summary>
internal static class TableShapes
{
    /// <param name="query">What was wanted.</param>
    /// <param name="columns">The columns that the table has.</param>
    public static TableShape Of(TableQuery query, IReadOnlyList<Column> columns) => new()
    {
        Roles = [.. columns.Select(RoleOf)],
        IsShared = IsShared(query.By) && (query.Then is not { } then || IsShared(then)),
        IsByTime = query.Then is null && query.By.IsOfTime(),
        Top = query.Top,
    };

    private static bool IsShared(Dimension dimension) =>
        dimension is not (Dimension.Subnet or Dimension.DeviceSubnet or Dimension.ApplianceSubnet);

    private static ColumnRole RoleOf(Column column) => column switch
    {
        { Measure: null, Attribute: null or EndpointAttribute.Ip } => ColumnRole.Key,
        { Measure: null, Attribute: EndpointAttribute.Did or EndpointAttribute.Network or EndpointAttribute.Label } => ColumnRole.Own,
        { Measure: null } => ColumnRole.About,
        { Measure.Kind: MeasureKind.First } => ColumnRole.First,
        { Measure.Kind: MeasureKind.Last } => ColumnRole.Last,
        { Measure.Kind: MeasureKind.Percent } => ColumnRole.Percent,
        { Measure.Kind: MeasureKind.PercentOfBytes } => ColumnRole.PercentOfBytes,
        { Measure.Kind: MeasureKind.List } => ColumnRole.List,
        { Measure.Kind: MeasureKind.Distinct } => ColumnRole.Apart,
        _ => ColumnRole.Sum,
    };
}
