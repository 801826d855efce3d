using DtMcp.Traffic.Queries;

namespace DtMcp.Traffic.Investigations;

internal static class SummaryQueries
{
    public static Query Summary { get; } = new()
    {
        Totals =
        [
            new("connections", MeasureKind.Connections),
            new("bytes", MeasureKind.Bytes),
            new("packets", MeasureKind.Packets),
            new("external_connections", MeasureKind.Connections, Terms.External),
            new("external_percent", MeasureKind.Percent, Terms.External),
        ],
        Tables =
        [
            SharedTables.Protocols(MeasureKind.Connections, Terms.None, Column.Percent),
            SharedTables.ApplicationProtocols(MeasureKind.Connections, Terms.None, false, Column.Percent),
            SharedTables.Ports("destination_ports", Dimension.DestinationPort, Terms.None, Column.Percent),
            new()
            {
                Name = "talkers",
                By = Dimension.Endpoint,
                Columns = [Column.Ip, Column.Did, Column.Hostname, Column.Bytes, Column.Connections],
            },
        ],
    };

    public static Query External { get; } = new()
    {
        Totals =
        [
            new("connections", MeasureKind.Connections, Terms.External),
            new("bytes", MeasureKind.Bytes, Terms.External),
            new("outbound_connections", MeasureKind.Connections, Terms.Outbound),
            new("inbound_connections", MeasureKind.Connections, Terms.Inbound),
            new("destinations", Measure.Distinct(Dimension.Destination), Terms.Outbound),
            new("sources", Measure.Distinct(Dimension.Source), Terms.Outbound),
        ],
        Tables =
        [
            new()
            {
                Name = "destinations",
                By = Dimension.Destination,
                Where = Terms.Outbound,
                Columns =
                [
                    Column.Ip, Column.Hostname, Column.Country, Column.Asn, Column.Connections, Column.Bytes,
                    Column.Of("ports", Measure.List(Dimension.DestinationPort)),
                    Column.Of("applicationprotocols", Measure.List(Dimension.ApplicationProtocol)),
                ],
            },
            new()
            {
                Name = "sources",
                By = Dimension.Source,
                Where = Terms.Outbound,
                Columns =
                [
                    Column.Ip, Column.Did, Column.Hostname, Column.Connections, Column.Bytes,
                    Column.Of("destinations", Measure.Distinct(Dimension.Destination)),
                    Column.Of("suspicious_ports", Measure.List(Dimension.DestinationPort, Terms.SuspiciousPort)),
                ],
                OrderBy = MeasureKind.Connections,
            },
            new()
            {
                Name = "inbound",
                By = Dimension.Source,
                Where = Terms.Inbound,
                Columns =
                [
                    Column.Ip, Column.Hostname, Column.Country, Column.Asn, Column.Connections, Column.Bytes,
                    Column.Of("targets", Measure.Distinct(Dimension.Destination)),
                    Column.Of("ports", Measure.List(Dimension.DestinationPort)),
                ],
                OrderBy = MeasureKind.Connections,
            },
        ],
    };

    public static Query Protocols { get; } = new()
    {
        Totals = [new("connections", MeasureKind.Connections), new("bytes", MeasureKind.Bytes), new("packets", MeasureKind.Packets)],
        Tables =
        [
            SharedTables.Protocols(MeasureKind.Bytes, Terms.None, Column.Packets),
            SharedTables.ApplicationProtocols(MeasureKind.Bytes),
            SharedTables.Ports("source_ports", Dimension.SourcePort),
            SharedTables.Ports("destination_ports", Dimension.DestinationPort),
            SharedTables.Ports("remote_ports", Dimension.RemotePort),
            SharedTables.Ports("local_ports", Dimension.LocalPort),
        ],
    };

    public static Query Bandwidth { get; } = new()
    {
        Totals = [new("bytes_in", MeasureKind.BytesIn), new("bytes_out", MeasureKind.BytesOut)],
        Tables =
        [
            new()
            {
                Name = "devices",
                By = Dimension.Device,
                Columns = [Column.Ip, Column.Did, Column.Hostname, Column.BytesIn, Column.BytesOut, Column.Bytes],
            },
            new() { Name = "hours", By = Dimension.Hour, Columns = [Column.Key(Dimension.Hour), Column.BytesIn, Column.BytesOut] },
        ],
    };

    public static Query Subnet { get; } = new()
    {
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
                Columns = [Column.Ip, Column.Did, Column.Hostname, Column.Bytes, Column.Connections],
            },
            new()
            {
                Name = "subnets",
                By = Dimension.Subnet,
                Where = Terms.Across,
                Columns = [Column.Key(Dimension.Subnet), Column.Bytes, Column.Connections],
            },
        ],
    };

    private static readonly Column[] PeerColumns =
    [
        Column.Ip, Column.Did, Column.Hostname, Column.Country, Column.Asn, Column.Connections, Column.Bytes,
        Column.Of("ports", Measure.List(Dimension.DestinationPort)),
    ];

    public static Query Device { get; } = new()
    {
        Totals =
        [
            new("outbound_connections", MeasureKind.Connections, Terms.Started),
            new("inbound_connections", MeasureKind.Connections, Terms.Received),
            new("external_destinations", Measure.Distinct(Dimension.Destination), Terms.Started | Terms.External),
            new("internal_destinations", Measure.Distinct(Dimension.Destination), Terms.Started | Terms.Internal),
            new("bytes_in", MeasureKind.BytesIn, Terms.Touches),
            new("bytes_out", MeasureKind.BytesOut, Terms.Touches),
        ],
        Tables =
        [
            SharedTables.Protocols(MeasureKind.Bytes, Terms.Started),
            SharedTables.Ports("destination_ports", Dimension.DestinationPort, Terms.Started),
            new()
            {
                Name = "external_destinations",
                By = Dimension.Destination,
                Where = Terms.Started | Terms.External,
                Columns = PeerColumns,
            },
            new()
            {
                Name = "internal_destinations",
                By = Dimension.Destination,
                Where = Terms.Started | Terms.Internal,
                Columns = PeerColumns,
            },
            new()
            {
                Name = "inbound",
                By = Dimension.Source,
                Where = Terms.Received,
                Columns = PeerColumns,
                OrderBy = MeasureKind.Connections,
            },
        ],
    };
}
