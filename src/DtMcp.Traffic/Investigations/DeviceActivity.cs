using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// What one device started and who came to it. A destination is external when the connection to it is; bytes in and out are of both, as the
/// device saw them.
/// </summary>
/// <param name="Timeline">Whether its events are told in order of time.</param>
public sealed record DeviceActivity(bool Timeline = false) : QueryInvestigation
{
    private static readonly Column[] PeerColumns =
    [
        Column.Ip, Column.Did, Column.Hostname, Column.Country, Column.Asn,
        Column.Connections, Column.BytesIn.OfTables(), Column.BytesOut.OfTables(), Column.Bytes,
        Column.Of("ports", Measure.List(Dimension.DestinationPort)),
    ];

    private static readonly Query Wanted = new()
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
            SharedTables.ApplicationProtocols(MeasureKind.Bytes, Terms.Started) with { IsOfTables = true },
            SharedTables.Ports("remote_ports", Dimension.RemotePort, Terms.Started),
            SharedTables.Ports("local_ports", Dimension.LocalPort, Terms.Started),
            SharedTables.Ports("destination_ports", Dimension.DestinationPort, Terms.Started),
            new()
            {
                Name = "external_destinations",
                By = Dimension.Destination,
                Where = Terms.Started | Terms.External,
                Columns = PeerColumns,
                Otherwise = Peers("external_peers", Terms.External),
            },
            new()
            {
                Name = "internal_destinations",
                By = Dimension.Destination,
                Where = Terms.Started | Terms.Internal,
                Columns = PeerColumns,
                Otherwise = Peers("internal_peers", Terms.Internal),
            },
            new()
            {
                Name = "inbound",
                By = Dimension.Source,
                Where = Terms.Received,
                Columns = PeerColumns,
                OrderBy = MeasureKind.Connections,
            },
            SharedTables.Status,
        ],
    };

    private static readonly Query WithTimeline = Wanted with { Tables = [.. Timelines.Timeline.Wanted, .. Wanted.Tables] };

    public override string Name => "analyze_device_activity";

    internal override Needs Needs => new(IsAboutDevice: true);

    internal override Query Query => Timeline ? WithTimeline : Wanted;

    internal override IReadOnlyList<(string Name, string Value)> Arguments => Timeline ? [("timeline", "true")] : [];

    internal override IEnumerable<string> Next(Findings found, AnalysisSettings settings) =>
    [
        .. Pair(found, settings),
        NextCalls.Of(settings, "hunt_traffic", NextCalls.Focus(settings)),
        NextCalls.Of(settings, "lookup_names", NextCalls.Focus(settings)),
        NextCalls.Course(settings, NextCalls.Focus(settings)),
        NextCalls.FirstContacts(settings, NextCalls.Focus(settings)),
    ];

    // What went between it and the far end of most bytes.
    private static IEnumerable<string> Pair(Findings found, AnalysisSettings settings) =>
        (NextCalls.Address(found, "external_destinations") ?? NextCalls.Address(found, "internal_destinations")) is { } peer
            ? [NextCalls.Of(settings, "get_network_traffic", NextCalls.Focus(settings), $"peer={peer}", "sort=bytes")]
            : [];

    // Without pairs it is not known who began: then they are peers, no destinations.
    private static TableQuery Peers(string name, Terms where) =>
        new() { Name = name, By = Dimension.Peer, Where = where, Columns = PeerColumns };
}
