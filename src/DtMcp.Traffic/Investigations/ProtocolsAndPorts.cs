using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary><c>analyze_protocols_and_ports</c>: connections, bytes and packets by IP protocol, application protocol and port.</summary>
internal sealed class ProtocolsAndPorts(AnalysisSettings settings) : FlowAnalysis(settings)
{
    private readonly Tally _protocols = Tally.OfNames();
    private readonly Tally _applications = Tally.OfNames();
    private readonly Tally _sourcePorts = Tally.OfPorts();
    private readonly Tally _destinationPorts = Tally.OfPorts();
    private Measure _all;

    public override Findings Finish(FlowSet flows)
    {
        var by = By(flows, SortMeasure.Bytes);
        var limit = Settings.Limit;
        var destinations = SimpleTables.Ports("destination_ports", flows, _destinationPorts, SortMeasure.Connections, limit);
        return new Findings
        {
            Totals =
            [
                new Field("connections", Cell.Of(_all.Connections)),
                new Field("bytes", Bytes(flows, _all.Bytes)),
                new Field("packets", Packets(flows, _all.Packets)),
            ],
            Tables =
            [
                SimpleTables.Names("protocols", flows, flows.Protocols, _protocols, by, limit, withUnknown: true, packets: true),
                SimpleTables.Names("applicationprotocols", flows, flows.ApplicationProtocols, _applications, by, limit, withUnknown: false),
                SimpleTables.Ports("source_ports", flows, _sourcePorts, SortMeasure.Connections, limit),
                destinations,
            ],
            Notes = RowNotes(flows),
            Next = destinations.Rows.Count > 0
                ? [NextCalls.Of(Settings, "get_network_traffic", $"destinationport={destinations.Rows[0][0].Integer}", "sort=bytes")]
                : [],
        };
    }

    public override Findings Finish(ConnectivityHalves answers) => ConnectivityTables.ProtocolsAndPorts(answers, Settings);

    protected override void Count(FlowSet flows, FlowChunk chunk)
    {
        for (var i = 0; i < chunk.Count; i++)
        {
            var (bytes, packets) = (chunk.Bytes[i], chunk.Packets[i]);
            _all.Connections++;
            _all.Bytes += bytes;
            _all.Packets += packets;
            _protocols.Add(chunk.Protocol[i], bytes, packets);
            _applications.Add(chunk.ApplicationProtocol[i], bytes, packets);
            _sourcePorts.Add(chunk.SourcePort[i], bytes, packets);
            _destinationPorts.Add(chunk.DestinationPort[i], bytes, packets);
        }
    }
}
