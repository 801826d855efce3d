using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Counting;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations;

/// <summary>
/// <c>analyze_device_activity</c>: what one device started and who came to it. A destination is external when the connection to it is;
/// bytes in and out are of both, as the device saw them, where a row tells the two directions apart.
/// </summary>
internal sealed class DeviceActivity(AnalysisSettings settings) : FlowAnalysis(settings)
{
    private const byte Another = 1;
    private const byte Focus = 2;

    private readonly Tally _protocols = Tally.OfNames();
    private readonly Tally _ports = Tally.OfPorts();
    private readonly EndpointTally _external = new();
    private readonly EndpointTally _internal = new();
    private readonly EndpointTally _inboundSources = new();
    private readonly CountMap _externalPorts = new();
    private readonly CountMap _internalPorts = new();
    private readonly CountMap _inboundPorts = new();
    // Per endpoint: 0 not looked at yet, 1 another, 2 the device asked about.
    private byte[] _isFocus = new byte[1024];
    private long _outbound;
    private long _inbound;
    private Sum _bytesIn;
    private Sum _bytesOut;
    private int _focus = -1;

    public override Findings Finish(FlowSet flows)
    {
        var by = By(flows, SortMeasure.Bytes);
        var external = TopK.Top(_external, Settings.Limit, by, flows.Hosts);
        var inner = TopK.Top(_internal, Settings.Limit, by, flows.Hosts);
        var split = Knows(flows, FlowFields.BytesOut);
        List<Field> totals =
        [
            new Field("outbound_connections", Cell.Of(_outbound)),
            new Field("inbound_connections", Cell.Of(_inbound)),
            new Field("external_destinations", Cell.Of(external.Of)),
            new Field("internal_destinations", Cell.Of(inner.Of)),
        ];
        if (split)
        {
            totals.Add(new Field("bytes_in", Cell.Of(_bytesIn)));
            totals.Add(new Field("bytes_out", Cell.Of(_bytesOut)));
        }

        var notes = RowNotes(flows);
        if (!split && _outbound + _inbound > 0)
        {
            notes.Add(
                "These rows give the bytes of both directions together, so bytes in and out are not told; analyze_bandwidth has them.");
        }

        List<string> next = [];
        if (external.Keys.Count > 0 && flows.Hosts.Address(external.Keys[0]).IsPresent)
        {
            next.Add(NextCalls.Of(Settings, "get_network_traffic", [FocusArgument(), .. TopPort(), "sort=bytes"]));
        }

        next.Add(NextCalls.Of(Settings, "hunt_traffic", FocusArgument()));
        return new Findings
        {
            Device = DescribeFocus(flows),
            Totals = totals,
            Tables =
            [
                SimpleTables.Names("protocols", flows, flows.Protocols, _protocols, by, Settings.Limit, withUnknown: true),
                SimpleTables.Ports("destination_ports", flows, _ports, SortMeasure.Connections, Settings.Limit),
                Hosts("external_destinations", flows, _external, external, _externalPorts, by),
                Hosts("internal_destinations", flows, _internal, inner, _internalPorts, by),
                Hosts("inbound", flows, _inboundSources, TopK.Top(_inboundSources, Settings.Limit, SortMeasure.Connections, flows.Hosts),
                    _inboundPorts, SortMeasure.Connections),
            ],
            Notes = notes,
            Next = next,
        };
    }

    public override Findings Finish(ConnectivityHalves answers) => ConnectivityTables.Device(answers, Settings);

    protected override IReadOnlyList<EndpointTally> Endpoints => [_external, _internal, _inboundSources];

    protected override IReadOnlyList<CountMap> Pairs => [_externalPorts, _internalPorts, _inboundPorts];

    public override void Weigh(EndpointWeights weights)
    {
        base.Weigh(weights);
        for (var id = 0; id < Math.Min(_isFocus.Length, weights.Count); id++)
        {
            if (_isFocus[id] == Focus)
            {
                weights.Pin(id);
            }
        }
    }

    public override void Remap(EndpointRemap remap)
    {
        base.Remap(remap);
        Array.Clear(_isFocus);
        _focus = _focus < 0 ? -1 : remap.NewId(_focus);
    }

    protected override void Count(FlowSet flows, FlowChunk chunk)
    {
        for (var i = 0; i < chunk.Count; i++)
        {
            var (source, destination, bytes, packets, port) = (chunk.Source[i], chunk.Destination[i], chunk.Bytes[i], chunk.Packets[i],
                chunk.DestinationPort[i]);
            var sent = chunk.BytesOut[i];
            if (IsFocus(flows.Hosts, source))
            {
                _outbound++;
                _protocols.Add(chunk.Protocol[i], bytes, packets);
                _ports.Add(port, bytes, packets);
                var isExternal = Sides.IsExternal(flows.Hosts, chunk.Traits[i], source, destination);
                (isExternal ? _external : _internal).Add(destination, bytes, packets);
                if (port != 0)
                {
                    (isExternal ? _externalPorts : _internalPorts).Add(destination, port);
                }

                AddSplit(sent, bytes - sent);
            }
            else if (IsFocus(flows.Hosts, destination))
            {
                _inbound++;
                _inboundSources.Add(source, bytes, packets);
                if (port != 0)
                {
                    _inboundPorts.Add(source, port);
                }

                AddSplit(bytes - sent, sent);
            }
        }

        void AddSplit(long sentByFocus, long received)
        {
            if (sentByFocus >= 0 && received >= 0)
            {
                _bytesOut += sentByFocus;
                _bytesIn += received;
            }
        }
    }

    /// <summary>What is known of the device, from the rows and from a device search.</summary>
    internal static IReadOnlyList<Field> Describe(long? did, string? ip, HostDetails? details)
    {
        List<Field> device = [];
        Add("did", Cell.Of(did));
        Add("ip", Cell.Of(string.IsNullOrEmpty(ip) ? null : ip));
        Add("hostname", Cell.Of(details?.Hostname));
        Add("devicelabel", Cell.Of(details?.DeviceLabel));
        Add("os", Cell.Of(details?.Os));
        Add("type", Cell.Of(details?.Type));
        Add("macaddress", Cell.Of(details?.MacAddress));
        Add("vendor", Cell.Of(details?.Vendor));
        Add("tags", details?.Tags is { Count: > 0 } tags ? Cell.List(tags, tags.Count) : Cell.Absent);
        return device;

        void Add(string name, Cell value)
        {
            if (value.Kind != CellKind.Absent)
            {
                device.Add(new Field(name, value));
            }
        }
    }

    private IReadOnlyList<Field> DescribeFocus(FlowSet flows)
    {
        var details = _focus < 0 ? null : flows.Hosts.Details(_focus);
        details = Settings.FocusDetails is { } known ? (details is null ? known : known.FilledFrom(details)) : details;
        var address = _focus < 0 ? Settings.FocusAddress : flows.Hosts.Address(_focus);
        var did = Settings.FocusDid ?? (_focus >= 0 && flows.Hosts.Did(_focus) != HostTable.NoDid ? flows.Hosts.Did(_focus) : null);
        return Describe(did, address.ToString(), details);
    }

    private string FocusArgument() => Settings.FocusDid is { } did
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"did={did}")
        : $"ip={Settings.FocusAddress}";

    private IEnumerable<string> TopPort() => TopK.Top(_ports, 1, SortMeasure.Bytes, TopK.Ports, from: 1).Keys
        .Select(port => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"destinationport={port}"));

    private Table Hosts(string name, FlowSet flows, EndpointTally tally, Ranked ranked, CountMap portPairs, SortMeasure by)
    {
        var ports = new RowLists(portPairs, ranked.Keys, Settings.ListAll);
        var table = new TableBuilder(name, Named(by), "ip", "did", "hostname", "country", "asn", "connections", "bytes", "ports");
        foreach (var host in ranked.Keys)
        {
            table.Add(
                HostCells.Ip(flows.Hosts, host), Did(flows, host), HostCells.Hostname(flows.Hosts, host),
                HostCells.Country(flows.Hosts, host), HostCells.Asn(flows.Hosts, host),
                Cell.Of(tally[host].Connections), Bytes(flows, tally[host].Bytes), ports.Numbers(host));
        }

        return table.Build(ranked.Of);
    }

    private bool IsFocus(HostTable hosts, int id)
    {
        if (id >= _isFocus.Length)
        {
            Array.Resize(ref _isFocus, Math.Max(id + 1, _isFocus.Length * 2));
        }

        ref var known = ref _isFocus[id];
        if (known == 0)
        {
            var did = hosts.Did(id);
            var isAddress = Settings.FocusAddress.IsPresent && hosts.Address(id) == Settings.FocusAddress;
            var isFocus = Settings.FocusDid is { } asked ? did == asked || (did == HostTable.NoDid && isAddress) : isAddress;
            known = isFocus ? Focus : Another;
            _focus = known == Focus && _focus < 0 ? id : _focus;
        }

        return known == Focus;
    }
}
