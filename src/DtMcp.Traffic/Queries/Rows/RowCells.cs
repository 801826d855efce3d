using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Queries.Rows.Selecting;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>The cells that say who or what a group is.</summary>
internal static class RowCells
{
    /// <summary>Makes the cells of a column that is no measure, by the number of the group.</summary>
    public static Func<int, Cell> Of(Column column, FlowSet flows, RowGroups groups) => column.Attribute switch
    {
        null => key => Key(flows, groups, key),
        EndpointAttribute.Did => key => HostCells.Did(flows.Hosts, key),
        EndpointAttribute.Hostname => key => HostCells.Hostname(flows.Hosts, key),
        EndpointAttribute.Country => key => HostCells.Country(flows.Hosts, key),
        EndpointAttribute.Asn => key => HostCells.Asn(flows.Hosts, key),
        _ => key => HostCells.Ip(flows.Hosts, key),
    };

    private static Cell Key(FlowSet flows, RowGroups groups, int key) => groups.By switch
    {
        Dimension.Protocol => Cell.Of(flows.Protocols[(ushort)key]),
        Dimension.ApplicationProtocol => Cell.Of(flows.ApplicationProtocols[(ushort)key]),
        Dimension.Hour => Cell.Step(groups.Keys.Time(key)),
        Dimension.Interval => Cell.Step(groups.Keys.Time(key)),
        Dimension.State => Cell.Of(RowKeys.State(key)),
        Dimension.Direction => Cell.Of(RowKeys.Direction(key)),
        _ when groups.IsByEndpoint => HostCells.Ip(flows.Hosts, key),
        _ => Cell.Of((long)key),
    };
}
