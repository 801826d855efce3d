using DtMcp.Darktrace.Requests;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// Destinations and sources of external traffic. A connection is outbound when its destination is outside, else inbound: destinations and
/// sources are taken over the outbound ones, <c>inbound</c> over the others.
/// </summary>
public sealed record ExternalTraffic : QueryInvestigation
{
    private static readonly Query Wanted = new()
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
                Otherwise = new TableQuery
                {
                    Name = "external_devices",
                    By = Dimension.Outside,
                    Where = Terms.External,
                    Columns = [Column.Ip, Column.Hostname, Column.Country, Column.Asn, Column.Bytes, Column.Size],
                },
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
            SharedTables.ApplicationProtocols(MeasureKind.Bytes, Terms.External) with { IsOfTables = true },
        ],
    };

    public override string Name => "summarize_external_traffic";

    internal override Needs Needs => new(IntExt: TrafficSide.External);

    internal override Query Query => Wanted;

    internal override IEnumerable<string> NextOverTables(Findings found, AnalysisSettings settings) =>
        NextCalls.First(found, "sources", "did").Kind == CellKind.Integer ? NextCalls.Device(BothSides(settings), found, "sources") : [];

    internal override IEnumerable<string> Next(Findings found, AnalysisSettings settings) =>
    [
        .. NextCalls.Address(found, "destinations") is { } address
            ?
            [
                NextCalls.Of(BothSides(settings), "describe_endpoint", $"ip={address}"),
                NextCalls.Of(BothSides(settings), "get_network_traffic", $"peer={address}", "sort=bytes"),
                NextCalls.Of(BothSides(settings), "aggregate_traffic", "by=country", "measure=bytes"),
            ]
            : Array.Empty<string>(),
        .. NextCalls.Device(BothSides(settings), found, "sources"),
        NextCalls.Of(BothSides(settings), "summarize_network_traffic", "intext=internal"),
    ];

    // External is what this investigation is about, no filter that was asked for.
    private static AnalysisSettings BothSides(AnalysisSettings settings) =>
        settings with { Filters = settings.Filters with { IntExt = null } };
}
