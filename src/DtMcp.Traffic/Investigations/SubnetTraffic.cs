using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// A subnet takes the connections with either end in it; they are intra when both are. Its devices are the distinct addresses in it; the
/// subnets spoken with are the networks of the other ends that are inside, and one row for all outside.
/// </summary>
public sealed record SubnetTraffic : QueryInvestigation
{
    private static readonly Query Wanted = new()
    {
        IsAboutSubnet = true,
        Totals =
        [
            new("devices", Measure.Distinct(Dimension.Device)),
            new("connections", MeasureKind.Connections, Terms.Touches),
            new("bytes", MeasureKind.Bytes, Terms.Touches),
            new("intra_connections", MeasureKind.Connections, Terms.Within),
            new("inter_connections", MeasureKind.Connections, Terms.Across),
        ],
        Tables =
        [
            SharedTables.ApplicationProtocols(MeasureKind.Connections, Terms.Within, withUnknown: true),
            new()
            {
                Name = "devices",
                By = Dimension.Device,
                Columns =
                [
                    Column.Ip, Column.Did, Column.Hostname, Column.Country.OfTables(), Column.Asn.OfTables(),
                    Column.BytesIn.OfTables(), Column.BytesOut.OfTables(), Column.Bytes, Column.Connections,
                ],
            },
            new()
            {
                Name = "subnets",
                By = Dimension.Subnet,
                Where = Terms.Across,
                Columns =
                [
                    Column.Key(Dimension.Subnet), Column.BytesIn.OfTables(), Column.BytesOut.OfTables(), Column.Bytes, Column.Connections,
                ],
            },
            SharedTables.Status,
            new()
            {
                Name = "subnet_sizes",
                By = Dimension.ApplianceSubnet,
                Columns = [Column.Key(Dimension.ApplianceSubnet), Column.Network, Column.Label, Column.Size],
                OrderBy = MeasureKind.Size,
            },
        ],
    };

    public override string Name => "analyze_subnet";

    internal override Query Query => Wanted;

    internal override IEnumerable<string> Next(Findings found, AnalysisSettings settings) =>
    [
        .. NextCalls.Device(settings, found, "devices"),
        NextCalls.Of(settings, "hunt_traffic"),
        NextCalls.Of(settings, "compare_traffic"),
        NextCalls.Of(settings, "aggregate_traffic", "by=device", "measure=bytes_out"),
    ];
}
