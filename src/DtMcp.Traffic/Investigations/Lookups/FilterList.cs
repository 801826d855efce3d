using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Lookups;

/// <summary><c>list_filter_values</c>: what the filters take, searched and short.</summary>
internal sealed class FilterList(FilterValues values)
{
    public async Task<Findings> ListAsync(FilterKind kind, string? search, int limit, CancellationToken cancellationToken)
    {
        List<IReadOnlyList<Cell>> rows;
        string[] columns;
        switch (kind)
        {
            case FilterKind.Metrics:
                columns = ["name", "label", "units"];
                rows = [.. (await values.MetricsAsync(cancellationToken).ConfigureAwait(false))
                    .Where(metric => Matches(search, metric.Name, metric.Label))
                    .Select(metric => new[] { Cell.Of(metric.Name), Cell.Of(metric.Label), Cell.Of(metric.Units) })];
                break;
            case FilterKind.Subnets:
                columns = ["sid", "network", "label", "devices"];
                rows = [.. (await values.SubnetsAsync(cancellationToken).ConfigureAwait(false))
                    .Where(subnet => Matches(search, subnet.Network, subnet.Label))
                    .Select(subnet => new[]
                    {
                        Cell.Of(subnet.Sid), Cell.Of(subnet.Network), Cell.Of(subnet.Label),
                        subnet.ClientDevices is null && subnet.ServerDevices is null
                            ? Cell.Absent
                            : Cell.Of((subnet.ClientDevices ?? 0) + (subnet.ServerDevices ?? 0)),
                    })];
                break;
            default:
                columns = ["name", "code"];
                rows = [.. (await values.EnumsAsync(kind, cancellationToken).ConfigureAwait(false))
                    .Where(value => !value.Hidden && Matches(search, value.Name, value.Code))
                    .Select(value => new[] { Cell.Of(value.Name), Cell.Of(value.Code) })];
                break;
        }

        return new Findings
        {
            Totals = [new Field("values", Cell.Of((long)rows.Count))],
            Tables = [new Table { Name = kind.Word(), Of = rows.Count, Columns = columns, Rows = [.. rows.Take(limit)] }],
            Notes = rows.Count == 0 ? ["Nothing matches; call again without query, or with a shorter one."] : [],
        };
    }

    private static bool Matches(string? search, params string?[] texts) =>
        string.IsNullOrWhiteSpace(search) || texts.Any(text => text?.Contains(search.Trim(), StringComparison.OrdinalIgnoreCase) == true);
}
