using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>All groups of a pass, by names that mean the same in another capture.</summary>
internal static class RowGroupSet
{
    public static GroupSet Of(FlowSet flows, RowPass pass) => new(
        table => RowPass.IsOfTablesOnly(table.By) ? null : Groups(flows, table, pass.GroupsOf(table.By, table.Where)),
        (table, name) => !RowPass.IsOfTablesOnly(table.By) && pass.GroupsOf(table.By, table.Where).MayHaveSeen(name));

    private static Dictionary<string, Group> Groups(FlowSet flows, TableQuery table, RowGroups groups)
    {
        var knowsBytes = flows.Count == 0 || (flows.Seen & FlowFields.Bytes) != 0;
        Func<int, Cell>[] cells =
            [.. table.Columns.Where(column => column.Measure is null).Select(column => RowCells.Of(column, flows, groups))];
        Dictionary<string, Group> all = new(StringComparer.Ordinal);
        foreach (var (key, sum) in groups.Sums.Entries(groups.IsByEndpoint ? flows.Hosts.Count : int.MaxValue))
        {
            if (key == 0 && !table.WithUnknown && !groups.IsByEndpoint)
            {
                continue;
            }

            // An address that moved from one device to another is compared as one.
            var name = Name(flows, groups, key);
            all[name] = all.GetValueOrDefault(name) is { } known
                ? known with
                {
                    Connections = known.Connections + sum.Connections,
                    Bytes = knowsBytes ? new Sum(known.Bytes ?? 0) + sum.Bytes : null,
                }
                : new Group(Identify, key, sum.Connections, knowsBytes ? sum.Bytes : null);
        }

        return all;

        IReadOnlyList<Cell> Identify(int key) => [.. cells.Select(cell => cell(key))];
    }

    private static string Name(FlowSet flows, RowGroups groups, int key) => groups.By switch
    {
        Dimension.Protocol => flows.Protocols[(ushort)key],
        Dimension.ApplicationProtocol => flows.ApplicationProtocols[(ushort)key],
        _ when groups.IsByEndpoint => flows.Hosts.Name(key),
        _ => key.ToString(CultureInfo.InvariantCulture),
    };
}
