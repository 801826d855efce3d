using System.Globalization;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>Connections, bytes and packets by IP protocol, application protocol and port.</summary>
public sealed record ProtocolsAndPorts : QueryInvestigation
{
    private static readonly Query Wanted = new()
    {
        Totals = [new("connections", MeasureKind.Connections), new("bytes", MeasureKind.Bytes), new("packets", MeasureKind.Packets)],
        Tables =
        [
            SharedTables.Protocols(MeasureKind.Bytes, beside: Column.Packets),
            SharedTables.ApplicationProtocols(MeasureKind.Bytes),
            SharedTables.Ports("source_ports", Dimension.SourcePort),
            SharedTables.Ports("destination_ports", Dimension.DestinationPort),
            SharedTables.Ports("remote_ports", Dimension.RemotePort),
            SharedTables.Ports("local_ports", Dimension.LocalPort),
        ],
    };

    public override string Name => "analyze_protocols_and_ports";

    internal override Query Query => Wanted;

    internal override IEnumerable<string> NextOverTables(Findings found, AnalysisSettings settings) =>
        [NextCalls.Of(settings, "summarize_network_traffic")];

    internal override IEnumerable<string> Next(Findings found, AnalysisSettings settings) =>
        NextCalls.First(found, "destination_ports", "port") is { Kind: CellKind.Integer } port
            ?
            [
                NextCalls.Of(
                    settings, "get_network_traffic",
                    string.Create(CultureInfo.InvariantCulture, $"destinationport={port.Integer}"), "sort=bytes"),
                NextCalls.Of(
                    settings, "aggregate_traffic", "by=device", "measure=bytes",
                    string.Create(CultureInfo.InvariantCulture, $"destinationport={port.Integer}")),
                NextCalls.Of(settings, "aggregate_traffic", "by=state", "measure=connections"),
            ]
            : [];
}
