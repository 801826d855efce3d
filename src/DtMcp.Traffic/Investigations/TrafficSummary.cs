using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Leads;
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
            ?
            [
                NextCalls.Of(settings, "describe_endpoint", $"ip={host}"),
                NextCalls.Course(settings, $"ip={host}"),
                NextCalls.Of(settings, "get_network_traffic", $"ip={host}", "sort=bytes"),
            ]
        : settings.FocusDid is not null || settings.FocusAddress.IsPresent ? OfDevice(settings, NextCalls.Focus(settings))
        : OfAll(found, settings);

    // Who it is and what it did, when, under which names, what went wrong, and what came first.
    private static IEnumerable<string> OfDevice(AnalysisSettings settings, string device) =>
    [
        NextCalls.Of(settings, "analyze_device_activity", device),
        NextCalls.Course(settings, device),
        NextCalls.Of(settings, "lookup_names", device),
        NextCalls.Of(settings, "aggregate_traffic", "by=peer", "measure=connections", "state=failed", device),
        NextCalls.FirstContacts(settings, device),
    ];

    // Where it goes, whether it is bad, who sends most, what is new, and the large ones: a few connections hold most bytes.
    private static IEnumerable<string> OfAll(Findings found, AnalysisSettings settings) =>
    [
        .. Total(found, "external_connections") > 0 ? [NextCalls.Of(settings, "summarize_external_traffic")] : Array.Empty<string>(),
        NextCalls.Of(settings, "hunt_traffic"),
        NextCalls.Of(settings, "aggregate_traffic", "by=device", "measure=bytes_out"),
        NextCalls.Of(settings, "compare_traffic"),
        Total(found, "bytes") >= NextCalls.LargeBytes
            ? NextCalls.Large(settings)
            : NextCalls.Of(settings, "get_network_traffic", "sort=bytes"),
    ];

    private static long Total(Findings found, string name) => found.Totals.FirstOrDefault(total => total.Name == name).Value.Integer;
}
