using DtMcp.Traffic.Queries;

namespace DtMcp.Traffic.Investigations;

/// <summary>Tables that several investigations ask for.</summary>
internal static class SharedTables
{
    public static TableQuery Protocols(MeasureKind orderBy, Terms where = Terms.None, params Column[] beside) =>
        Named("protocols", Dimension.Protocol, orderBy, where, withUnknown: true, beside);

    public static TableQuery ApplicationProtocols(MeasureKind orderBy, Terms where = Terms.None, bool withUnknown = false,
        params Column[] beside) =>
        Named("applicationprotocols", Dimension.ApplicationProtocol, orderBy, where, withUnknown, beside);

    public static TableQuery Ports(string name, Dimension by, Terms where = Terms.None, params Column[] beside) => new()
    {
        Name = name,
        By = by,
        Where = where,
        Columns = [Column.Key(by), Column.Connections, Column.BytesIn.OfTables(), Column.BytesOut.OfTables(), Column.Bytes, .. beside],
        OrderBy = MeasureKind.Connections,
    };

    /// <summary>How usual the appliance finds what was sent; the vendor guide's tables alone tell it.</summary>
    public static TableQuery Status { get; } = new()
    {
        Name = "status",
        By = Dimension.Status,
        Columns = [Column.Key(Dimension.Status), Column.BytesIn.OfTables(), Column.BytesOut.OfTables(), Column.Bytes],
    };

    private static TableQuery Named(string name, Dimension by, MeasureKind orderBy, Terms where, bool withUnknown, Column[] beside) => new()
    {
        Name = name,
        By = by,
        Where = where,
        Columns = [Column.Key(by), Column.Connections, Column.BytesIn.OfTables(), Column.BytesOut.OfTables(), Column.Bytes, .. beside],
        OrderBy = orderBy,
        WithUnknown = withUnknown,
    };
}
