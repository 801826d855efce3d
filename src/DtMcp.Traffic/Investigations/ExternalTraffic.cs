using System.Collections.Frozen;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// <c>summarize_external_traffic</c>. A connection is outbound when its destination is outside, else inbound: destinations and sources are
/// taken over the outbound ones, <c>inbound</c> over the others.
/// </summary>
internal sealed class ExternalTraffic(AnalysisSettings settings) : FlowAnalysis(settings), IDividedAnalysis
{
    /// <summary>Administration and databases, as the page of the Python SDK lists them.</summary>
    internal static readonly FrozenSet<int> SuspiciousPorts = FrozenSet.Create(22, 23, 135, 139, 445, 1433, 3306, 3389);

    private readonly EndpointTally _destinations = new();
    private readonly EndpointTally _sources = new();
    private readonly EndpointTally _inboundSources = new();
    private readonly CountMap _destinationPorts = new();
    private readonly CountMap _destinationApplications = new();
    private readonly PartnerSet _sourceDestinations = new();
    private readonly CountMap _sourceSuspicious = new();
    private readonly CountMap _inboundPorts = new();
    private readonly PartnerSet _comerTargets = new();
    private bool _isDivided;
    private long _outbound;
    private long _inbound;
    private Sum _bytes;

    public override Findings Finish(FlowSet flows)
    {
        var hosts = flows.Hosts;
        var by = By(flows, SortMeasure.Bytes);
        var destinations = TopK.Top(_destinations, Settings.Limit, by, hosts);
        var sources = TopK.Top(_sources, Settings.Limit, SortMeasure.Connections, hosts);
        List<string> next = [];
        if (destinations.Keys.Count > 0 && hosts.Address(destinations.Keys[0]).IsPresent)
        {
            next.Add(NextCalls.Of(Settings, "get_network_traffic", $"ip={hosts.Address(destinations.Keys[0])}", "sort=bytes"));
        }

        if (sources.Keys.Count > 0 && NextCalls.CanFocus(hosts, sources.Keys[0]))
        {
            next.Add(NextCalls.Device(Settings, hosts, sources.Keys[0]));
        }

        return new Findings
        {
            Totals =
            [
                new Field("connections", Cell.Of(_outbound + _inbound)),
                new Field("bytes", Bytes(flows, _bytes)),
                new Field("outbound_connections", Cell.Of(_outbound)),
                new Field("inbound_connections", Cell.Of(_inbound)),
                new Field("destinations", Cell.Of(destinations.Of)),
                new Field("sources", Cell.Of(sources.Of)),
            ],
            Tables = [Destinations(flows, destinations, by), Sources(flows, sources), InboundSources(flows)],
            Notes = RowNotes(flows),
            Next = next,
        };
    }

    public IReadOnlyList<IFlowConsumer> Divide()
    {
        _isDivided = true;
        return [this, new OtherHalf(this)];
    }

    public override Findings Finish(ConnectivityHalves answers) => ConnectivityTables.External(answers, Settings);

    protected override IReadOnlyList<EndpointTally> Endpoints => [_destinations, _sources, _inboundSources];

    protected override IReadOnlyList<CountMap> Pairs =>
        [_destinationPorts, _destinationApplications, _sourceSuspicious, _inboundPorts];

    protected override IReadOnlyList<PartnerSet> Partners => [_sourceDestinations, _comerTargets];

    protected override void Count(FlowSet flows, FlowChunk chunk)
    {
        var hosts = flows.Hosts;
        for (var i = 0; i < chunk.Count; i++)
        {
            var (source, destination) = (chunk.Source[i], chunk.Destination[i]);
            if (!Sides.IsExternal(hosts, chunk.Traits[i], source, destination))
            {
                continue;
            }

            var (bytes, packets, port) = (chunk.Bytes[i], chunk.Packets[i], chunk.DestinationPort[i]);
            _bytes += bytes;
            if (Sides.GoesOut(hosts, destination))
            {
                _outbound++;
                _destinations.Add(destination, bytes, packets);
                _sources.Add(source, bytes, packets);
                if (port != 0)
                {
                    _destinationPorts.Add(destination, port);
                }

                if (!_isDivided)
                {
                    CountPairs(flows, chunk, i);
                }

                if (SuspiciousPorts.Contains(port))
                {
                    _sourceSuspicious.Add(source, port);
                }
            }
            else
            {
                _inbound++;
                _inboundSources.Add(source, bytes, packets);
                _comerTargets.Add(source, destination, hosts);
                if (port != 0)
                {
                    _inboundPorts.Add(source, port);
                }
            }
        }
    }

    // What the other half does when there are two.
    private void CountPairs(FlowSet flows, FlowChunk chunk, int i)
    {
        _sourceDestinations.Add(chunk.Source[i], chunk.Destination[i], flows.Hosts);
        if (chunk.ApplicationProtocol[i] != NameTable.UnknownId)
        {
            _destinationApplications.Add(chunk.Destination[i], chunk.ApplicationProtocol[i]);
        }
    }

    private Table Destinations(FlowSet flows, Ranked ranked, SortMeasure by)
    {
        var hosts = flows.Hosts;
        var ports = new RowLists(_destinationPorts, ranked.Keys, Settings.ListAll);
        var applications = new RowLists(_destinationApplications, ranked.Keys, Settings.ListAll);
        var table = new TableBuilder("destinations", Named(by), "ip", "hostname", "country", "asn", "connections", "bytes", "ports",
            "applicationprotocols");
        foreach (var host in ranked.Keys)
        {
            table.Add(
                HostCells.Ip(hosts, host), HostCells.Hostname(hosts, host), HostCells.Country(hosts, host), HostCells.Asn(hosts, host),
                Cell.Of(_destinations[host].Connections),
                Bytes(flows, _destinations[host].Bytes), ports.Numbers(host), applications.Names(host, flows.ApplicationProtocols));
        }

        return table.Build(ranked.Of);
    }

    private Table Sources(FlowSet flows, Ranked ranked)
    {
        var hosts = flows.Hosts;
        var destinations = _sourceDestinations.Numbers(ranked.Keys, hosts);
        var suspicious = new RowLists(_sourceSuspicious, ranked.Keys, Settings.ListAll);
        var table = new TableBuilder("sources", "connections", "ip", "did", "hostname", "connections", "bytes", "destinations",
            "suspicious_ports");
        foreach (var host in ranked.Keys)
        {
            table.Add(
                HostCells.Ip(hosts, host), Did(flows, host), HostCells.Hostname(hosts, host), Cell.Of(_sources[host].Connections),
                Bytes(flows, _sources[host].Bytes),
                Cell.Of(destinations[host]), suspicious.Numbers(host));
        }

        return table.Build(ranked.Of);
    }

    private Table InboundSources(FlowSet flows)
    {
        var hosts = flows.Hosts;
        var ranked = TopK.Top(_inboundSources, Settings.Limit, SortMeasure.Connections, hosts);
        var ports = new RowLists(_inboundPorts, ranked.Keys, Settings.ListAll);
        var targets = _comerTargets.Numbers(ranked.Keys, hosts);
        var table = new TableBuilder("inbound", "connections", "ip", "hostname", "country", "asn", "connections", "bytes", "targets",
            "ports");
        foreach (var host in ranked.Keys)
        {
            table.Add(
                HostCells.Ip(hosts, host), HostCells.Hostname(hosts, host), HostCells.Country(hosts, host), HostCells.Asn(hosts, host),
                Cell.Of(_inboundSources[host].Connections),
                Bytes(flows, _inboundSources[host].Bytes), Cell.Of(targets[host]), ports.Numbers(host));
        }

        return table.Build(ranked.Of);
    }

    /// <summary>
    /// The pairs that take about as long as all the rest. Of rows that are kept only, so nothing is ever weighed or moved meanwhile.
    /// </summary>
    private sealed class OtherHalf(ExternalTraffic whole) : IFlowConsumer
    {
        private readonly Sides _sides = new(whole.Settings.Internal);

        public void Consume(FlowSet flows, FlowChunk chunk)
        {
            var hosts = flows.Hosts;
            for (var i = 0; i < chunk.Count; i++)
            {
                if (_sides.IsExternal(hosts, chunk.Traits[i], chunk.Source[i], chunk.Destination[i])
                    && _sides.GoesOut(hosts, chunk.Destination[i]))
                {
                    whole.CountPairs(flows, chunk, i);
                }
            }
        }

        public void Weigh(EndpointWeights weights) => throw new NotSupportedException();

        public void Remap(EndpointRemap remap) => throw new NotSupportedException();
    }
}
