namespace DtMcp.Benchmarks.Analysis;

/// <summary>
/// The obvious alternative to each analysis: LINQ's <c>GroupBy</c> over row objects, the same tables of ten. Each gives the connections it
/// counted, to be compared with the analysis's own figure.
/// </summary>
internal static class LinqTables
{
    private const int Limit = 10;
    private static readonly HashSet<int> Suspicious = [22, 23, 135, 139, 445, 1433, 3306, 3389];

    /// <summary>Null for a tool that has no obvious alternative.</summary>
    public static Func<List<RowObject>, long>? Of(string tool) => tool switch
    {
        "get_network_traffic" => Raw,
        "summarize_network_traffic" => Summary,
        "summarize_external_traffic" => External,
        "analyze_device_activity" => Device,
        "analyze_protocols_and_ports" => ProtocolsAndPorts,
        "analyze_bandwidth" => Bandwidth,
        "analyze_subnet" => Subnet,
        _ => null,
    };

    private static long Raw(List<RowObject> rows) =>
        rows.OrderBy(row => row.Start).Take(Limit).ToList() is { Count: > 0 }
            && rows.Sum(row => row.Bytes) + rows.Sum(row => row.Packets) > 0 ? rows.Count : 0;

    private static long Summary(List<RowObject> rows)
    {
        Top(rows.GroupBy(row => row.Protocol));
        Top(rows.GroupBy(row => row.Application));
        Top(rows.GroupBy(row => row.DestinationPort));
        TopSides(rows, _ => true);
        _ = rows.Count(row => row.IsExternal);
        return rows.Count;
    }

    private static long External(List<RowObject> rows)
    {
        var external = rows.Where(row => row.IsExternal).ToList();
        var destinations = external.Where(row => !row.Destination.IsInside).GroupBy(row => row.Destination.Ip)
            .Select(group => (
                group.Key, Connections: group.Count(), Bytes: group.Sum(row => row.Bytes),
                Ports: group.Select(row => row.DestinationPort).Distinct().ToList(),
                Applications: group.Select(row => row.Application).Distinct().ToList()))
            .OrderByDescending(entry => entry.Bytes).Take(Limit).ToList();
        var sources = external.Where(row => !row.Destination.IsInside).GroupBy(row => row.Source.Ip)
            .Select(group => (
                group.Key, Connections: group.Count(), Bytes: group.Sum(row => row.Bytes),
                Destinations: group.Select(row => row.Destination.Ip).Distinct().Count(),
                Ports: group.Select(row => row.DestinationPort).Where(Suspicious.Contains).Distinct().ToList()))
            .OrderByDescending(entry => entry.Connections).Take(Limit).ToList();
        Top(external.Where(row => row.Destination.IsInside).GroupBy(row => row.Source.Ip));
        return destinations.Count + sources.Count > 0 ? external.Count : 0;
    }

    private static long Device(List<RowObject> rows)
    {
        var started = rows.Where(row => row.Source.Did == AnalysisTable.FocusDid).ToList();
        var came = rows.Where(row =>
            row.Destination.Did == AnalysisTable.FocusDid && row.Source.Did != AnalysisTable.FocusDid).ToList();
        Top(started.GroupBy(row => row.Protocol));
        Top(started.GroupBy(row => row.DestinationPort));
        foreach (var side in new[]
        {
            started.Where(row => row.IsExternal).GroupBy(row => row.Destination.Ip),
            started.Where(row => !row.IsExternal).GroupBy(row => row.Destination.Ip),
            came.GroupBy(row => row.Source.Ip),
        })
        {
            _ = side.Select(group =>
                (group.Key, Count: group.Count(), Bytes: group.Sum(row => row.Bytes),
                    Ports: group.Select(row => row.DestinationPort).Distinct().ToList()))
                .OrderByDescending(entry => entry.Bytes).Take(Limit).ToList();
        }

        return started.Count + came.Count;
    }

    private static long ProtocolsAndPorts(List<RowObject> rows)
    {
        Top(rows.GroupBy(row => row.Protocol));
        Top(rows.GroupBy(row => row.Application));
        Top(rows.GroupBy(row => row.SourcePort));
        Top(rows.GroupBy(row => row.DestinationPort));
        return rows.Count;
    }

    private static long Bandwidth(List<RowObject> rows)
    {
        var sides = rows.Select(row => (Host: row.Source, In: row.Bytes - row.BytesOut, Out: row.BytesOut, row.Start))
            .Concat(rows.Select(row => (Host: row.Destination, In: row.BytesOut, Out: row.Bytes - row.BytesOut, row.Start)))
            .Where(side => side.Host.IsInside)
            .ToList();
        _ = sides.GroupBy(side => side.Host.Ip).Select(group =>
            (group.Key, In: group.Sum(side => side.In), Out: group.Sum(side => side.Out)))
            .OrderByDescending(entry => entry.In + entry.Out).Take(Limit).ToList();
        _ = sides.GroupBy(side => side.Start / 3_600_000).Select(group =>
            (group.Key, In: group.Sum(side => side.In), Out: group.Sum(side => side.Out))).OrderBy(entry => entry.Key).ToList();
        return sides.Count;
    }

    private static long Subnet(List<RowObject> rows)
    {
        var touching = rows.Where(row => IsIn(row.Source) || IsIn(row.Destination)).ToList();
        TopSides(touching, IsIn);
        Top(touching.Where(row => IsIn(row.Source) && IsIn(row.Destination)).GroupBy(row => row.Application));
        Top(touching.Where(row => !(IsIn(row.Source) && IsIn(row.Destination))).GroupBy(row =>
            Around(IsIn(row.Source) ? row.Destination : row.Source)));
        return touching.Count;
    }

    private static bool IsIn(RowHost host) => host.Ip.StartsWith(AnalysisTable.SubnetStart, StringComparison.Ordinal);

    private static string Around(RowHost host) => host.IsInside ? host.Ip[..host.Ip.LastIndexOf('.')] : "outside";

    private static void TopSides(List<RowObject> rows, Func<RowHost, bool> isWanted) =>
        _ = rows.Select(row =>
            (Host: row.Source, row.Bytes)).Concat(rows.Where(row => row.Source != row.Destination).Select(row => (Host: row.Destination,
                row.Bytes)))
            .Where(side => isWanted(side.Host))
            .GroupBy(side => side.Host.Ip).Select(group => (group.Key, Connections: group.Count(), Bytes: group.Sum(side => side.Bytes)))
            .OrderByDescending(entry => entry.Bytes).Take(Limit).ToList();

    private static void Top<TKey>(IEnumerable<IGrouping<TKey, RowObject>> groups) =>
        _ = groups.Select(group =>
            (group.Key, Connections: group.Count(), Bytes: group.Sum(row => row.Bytes), Packets: group.Sum(row => row.Packets)))
            .OrderByDescending(entry => entry.Connections).Take(Limit).ToList();
}
