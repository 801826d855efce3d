using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary><c>summarize_network_traffic</c>: totals, external share, top protocols, destination ports and talkers.</summary>
internal sealed class TrafficSummary(AnalysisSettings settings) : FlowAnalysis(settings)
{
    private readonly Tally _protocols = Tally.OfNames();
    private readonly Tally _applications = Tally.OfNames();
    private readonly Tally _ports = Tally.OfPorts();
    private readonly EndpointTally _talkers = new();
    private Measure _all;
    private long _external;

    public override Findings Finish(FlowSet flows)
    {
        var limit = Settings.Limit;
        var by = By(flows, SortMeasure.Bytes);
        var ranked = TopK.Top(_talkers, limit, by, flows.Hosts);
        var talkers = new TableBuilder("talkers", Named(by), "ip", "did", "hostname", "bytes", "connections");
        foreach (var host in ranked.Keys)
        {
            talkers.Add(
                HostCells.Ip(flows.Hosts, host), Did(flows, host), HostCells.Hostname(flows.Hosts, host),
                Bytes(flows, _talkers[host].Bytes), Cell.Of(_talkers[host].Connections));
        }

        List<string> next = [];
        if (ranked.Keys.Count > 0 && NextCalls.CanFocus(flows.Hosts, ranked.Keys[0]))
        {
            next.Add(NextCalls.Device(Settings, flows.Hosts, ranked.Keys[0]));
        }

        if (_external > 0)
        {
            next.Add(NextCalls.Of(Settings, "summarize_external_traffic"));
        }

        return new Findings
        {
            Totals =
            [
                new Field("connections", Cell.Of(_all.Connections)),
                new Field("bytes", Bytes(flows, _all.Bytes)),
                new Field("packets", Packets(flows, _all.Packets)),
                new Field("external_connections", Cell.Of(_external)),
                new Field("external_percent", Percent.Of(_external, _all.Connections)),
            ],
            Tables =
            [
                SimpleTables.Names("protocols", flows, flows.Protocols, _protocols, SortMeasure.Connections, limit, withUnknown: true,
                    percentOf: _all.Connections),
                SimpleTables.Names("applicationprotocols", flows, flows.ApplicationProtocols, _applications, SortMeasure.Connections, limit,
                    withUnknown: false, percentOf: _all.Connections),
                SimpleTables.Ports("destination_ports", flows, _ports, SortMeasure.Connections, limit, _all.Connections),
                talkers.Build(ranked.Of),
            ],
            Notes = RowNotes(flows),
            Next = next,
        };
    }

    public override Findings Finish(ConnectivityHalves answers) => ConnectivityTables.Summary(answers, Settings);

    protected override IReadOnlyList<EndpointTally> Endpoints => [_talkers];

    protected override void Count(FlowSet flows, FlowChunk chunk)
    {
        for (var i = 0; i < chunk.Count; i++)
        {
            var (bytes, packets, source, destination) = (chunk.Bytes[i], chunk.Packets[i], chunk.Source[i], chunk.Destination[i]);
            _all.Connections++;
            _all.Bytes += bytes;
            _all.Packets += packets;
            _protocols.Add(chunk.Protocol[i], bytes, packets);
            _applications.Add(chunk.ApplicationProtocol[i], bytes, packets);
            _ports.Add(chunk.DestinationPort[i], bytes, packets);
            _talkers.Add(source, bytes, packets);
            if (destination != source)
            {
                _talkers.Add(destination, bytes, packets);
            }

            if (Sides.IsExternal(flows.Hosts, chunk.Traits[i], source, destination))
            {
                _external++;
            }
        }
    }
}
