using DtMcp.Darktrace.Reading.Network;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;

namespace DtMcp.Traffic.Queries.Tables;

/// <summary>Groups that the appliance lists as they are: its statistics panels, and its subnets.</summary>
internal static class PanelRows
{
    public static TableRows? Named(ConnectivityHalves answers, Func<Connectivity, IReadOnlyList<NamedBytes>?> panel,
        Func<string, string>? told = null) =>
        ConnectivityParts.Named(answers, panel, told) is { } rows
            ? new TableRows([.. rows.Where(row => row.Bytes.Total > 0).Select(row => Row(Cell.Of(row.Name), row.Bytes))])
            : null;

    public static TableRows? Ports(ConnectivityHalves answers, Func<Connectivity, IReadOnlyList<PortBytes>?> panel)
    {
        SortedDictionary<int, InOut> sums = [];
        var seen = false;
        foreach (var rows in answers.Summed.Select(panel).OfType<IReadOnlyList<PortBytes>>())
        {
            seen = true;
            foreach (var row in rows.Where(row => row.Port != 0))
            {
                sums[row.Port] = sums.TryGetValue(row.Port, out var known) ? ConnectivityParts.Sum(known, row.Bytes) : row.Bytes;
            }
        }

        return seen
            ? new TableRows([.. sums.OrderByDescending(pair => pair.Value.Total).Select(pair => Row(Cell.Of((long)pair.Key), pair.Value))])
            : null;
    }

    public static TableRows? Subnets(IEnumerable<Connectivity> answers)
    {
        var subnets = answers.SelectMany(answer => answer.Subnets ?? []).OrderByDescending(subnet => subnet.Size).Select(
            subnet => new TableRow
            {
                Key = Cell.Of(subnet.Sid),
                Network = subnet.Network,
                Label = subnet.Label,
                Size = subnet.Size,
            }).ToList();
        return subnets.Count == 0 ? null : new TableRows(subnets, MeasureKind.Size);
    }

    private static TableRow Row(Cell key, InOut bytes) => new()
    {
        Key = key,
        InOut = bytes,
        Bytes = ConnectivityParts.Told(bytes),
    };
}
