using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>Totals, external share, top protocols, destination ports and talkers.</summary>
public sealed record TrafficSummary : QueryInvestigation
{
    private static readonly Query Wanted = new()
    {
        Totals =
        [
            new("connections", MeasureKind.Connections),
            new("bytes", MeasureKind.Bytes),
            new("packets", MeasureKind.Packets),
            new("external_connections", MeasureKind.Connections, Terms.External),
            new("external_percent", MeasureKind.Percent, Terms.External),
            new("external_bytes", MeasureKind.Bytes, Terms.External) { IsOfTables = true },
            new("external_percent_of_bytes", MeasureKind.PercentOfBytes, Terms.External) { IsOfTables = true },
        ],
        Tables =
        [
            SharedTables.Protocols(MeasureKind.Connections, beside: Column.Percent),
            SharedTables.ApplicationProtocols(MeasureKind.Connections, beside: Column.Percent),
            SharedTables.Ports("destination_ports", Dimension.DestinationPort, beside: Column.Percent),
            SharedTables.Status,
            new()
            {
                Name = "talkers",
                By = Dimension.Endpoint,
                Columns =
                [
                    Column.Ip, Column.Did, Column.Hostname, Column.Country.OfTables(), Column.Asn.OfTables(),
                    Column.BytesIn.OfTables(), Column.BytesOut.OfTables(), Column.Bytes, Column.Connections,
                ],
            },
        ],
    };

    public override string Name => "summarize_network_traffic";

    internal override Needs Needs => new(WantsOwnBytes: true);

    internal override Query Query => Wanted;

    internal override IEnumerable<string> NextOverTables(Findings found, AnalysisSettings settings) =>
        [NextCalls.Of(settings, "summarize_external_traffic")];

    internal override IEnumerable<string> Next(Findings found, AnalysisSettings settings) =>
        settings.FocusDid is null && settings.FocusAddress is { IsPresent: true } host && !settings.Internal.Contains(host)
            ? [NextCalls.Of(settings, "describe_endpoint", $"ip={host}")]
        : settings.FocusDid is not null || settings.FocusAddress.IsPresent
            ?
            [
                NextCalls.Of(settings, "analyze_device_activity", NextCalls.Focus(settings)),
                NextCalls.Of(settings, "aggregate_traffic", "by=hour", "limit=24", NextCalls.Focus(settings)),
            ]
        : OfAll(found, settings);

    private static IEnumerable<string> OfAll(Findings found, AnalysisSettings settings) =>
    [
        .. NextCalls.Device(settings, found, "talkers"),
        .. found.Totals.Any(total => total is { Name: "external_connections", Value.Integer: > 0 })
            ? [NextCalls.Of(settings, "summarize_external_traffic")]
            : Array.Empty<string>(),
        NextCalls.Of(settings, "hunt_traffic"),
        NextCalls.Of(settings, "compare_traffic"),
    ];
}
