using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Joining;

/// <summary>
/// Totals of several appliances: the sums. How many different hosts there were is not the sum of how many each saw, so that it stands
/// beside each appliance only.
/// </summary>
internal static class JoinedTotals
{
    // Devices, their findings and breaches are an appliance's own, and connections are counted where they were seen.
    private static readonly HashSet<string> Sums = new(StringComparer.Ordinal)
    {
        "connections", "connections_before", "bytes", "bytes_before", "bytes_in", "bytes_out", "packets", "outbound_connections",
        "inbound_connections", "external_connections", "intra_connections", "inter_connections", "devices", "findings", "high", "medium",
        "low", "model_breaches", "incidents", "uploaded", "downloaded", "began_by_it", "lookups", "calls", "nxdomain",
    };

    public static IReadOnlyList<Field> Of(IReadOnlyList<IReadOnlyList<Field>> parts)
    {
        List<Field> joined = [];
        foreach (var name in parts.SelectMany(part => part.Select(field => field.Name)).Distinct())
        {
            List<Cell> values = [.. parts.Select(part => part.FirstOrDefault(field => field.Name == name).Value)];
            if (name == "totals_are")
            {
                joined.Add(new Field(name, values.Find(value => value.Kind != CellKind.Absent)));
            }
            else if (Sums.Contains(name) && values.TrueForAll(value => value.Kind == CellKind.Integer))
            {
                joined.Add(new Field(name, Cell.Of(values.Aggregate(0L, (sum, value) => Plus(sum, value.Integer)))));
            }
            else if (name == "external_percent" && Find(joined, "external_connections") is { } part
                && Find(joined, "connections") is { } all)
            {
                joined.Add(new Field(name, Percent.Of(part, all)));
            }
        }

        return joined;
    }

    /// <summary>A total; null where it is not known.</summary>
    public static long? Find(IEnumerable<Field> totals, string name) =>
        totals.FirstOrDefault(field => field.Name == name).Value is { Kind: CellKind.Integer } value ? value.Integer : null;

    /// <summary>A sum, at most what a long holds: a row that lies is no reason to fail.</summary>
    public static long Plus(long a, long b) => (long)Int128.Clamp((Int128)a + b, long.MinValue, long.MaxValue);
}
