using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Rows.Selecting;

/// <summary>
/// Passes on the rows that a question selects: the same filters as <c>/network</c>, applied here, so that a broader capture serves a
/// narrower question and a filter that the appliance ignored still filters.
/// </summary>
internal sealed class RowFilter(Ask ask, InternalRanges inside, IFlowConsumer next) : IFlowConsumer
{
    private readonly NetworkQuery _filters = ask.RowFilters;

    // Rows cut down to some fields (responsedata) cannot be looked through; the appliance has filtered them.
    private readonly bool _mayNarrow = ask.Filters.ResponseData is null
        && (HasFilters(ask.RowFilters) || ask.Subnet is not null || ask.Conditions.IsAny);

    private readonly ConditionFilter? _conditions = ask.Conditions.IsAny ? new ConditionFilter(ask.Conditions, inside) : null;
    private FlowChunk? _chunk;
    private readonly List<HostFacts> _hosts = [];
    private readonly NetAddress _address = ask.RowFilters.Ip ?? NetAddress.None;
    private readonly Dictionary<ushort, bool> _protocols = [];
    private readonly Dictionary<ushort, bool> _applications = [];

    /// <summary>Rows passed on.</summary>
    public long Selected { get; private set; }

    [Flags]
    private enum HostFacts : byte
    {
        None = 0,
        IsAddress = 1,
        InSubnet = 2,
        Outside = 4,

        // An address that the device has or had: it is the device where the row does not say which one it is.
        MayBeDevice = 8,
    }

    /// <summary>Whether anything is left to filter: without a filter, rows go straight to the analysis.</summary>
    public bool IsNeeded(TimeWindow captured) => ask.Window != captured || _mayNarrow;

    /// <summary>Whether a query narrows rows at all.</summary>
    public static bool HasFilters(NetworkQuery filters) =>
        filters.Did is not null || filters.Ip is not null || filters.ViewSubnet is not null || filters.IntExt is not null
            || filters.Protocol is not null
        || filters.ApplicationProtocol is not null || filters.Port is not null || filters.SourcePort is not null
        || filters.DestinationPort is not null;

    /// <summary>The same filter before another.</summary>
    public RowFilter For(IFlowConsumer other) => new(ask, inside, other);

    public void Consume(FlowSet flows, FlowChunk chunk)
    {
        LearnHosts(flows);
        var selected = _chunk ??= new FlowChunk();
        selected.Count = 0;
        for (var i = 0; i < chunk.Count; i++)
        {
            if (Selects(flows, chunk, i))
            {
                Copy(chunk, i, selected);
            }
        }

        if (selected.Count > 0)
        {
            Selected += selected.Count;
            next.Consume(flows, selected);
        }
    }

    public void Weigh(EndpointWeights weights) => next.Weigh(weights);

    public void Remap(EndpointRemap remap)
    {
        _hosts.Clear();
        _conditions?.Forget();
        next.Remap(remap);
    }

    private bool Selects(FlowSet flows, FlowChunk chunk, int i)
    {
        var start = chunk.Start(i);
        if (start != FlowChunk.UnknownStart && (start < ask.Window.StartMs || start > ask.Window.EndMs))
        {
            return false;
        }

        if (!_mayNarrow)
        {
            return true;
        }

        var (source, destination) = (_hosts[chunk.Source[i]], _hosts[chunk.Destination[i]]);
        var either = source | destination;
        if (_filters.Did is { } did
            && !IsDevice(flows.Hosts, chunk.Source[i], source, did) && !IsDevice(flows.Hosts, chunk.Destination[i], destination, did))
        {
            return false;
        }

        if (_filters.Ip is not null && !either.HasFlag(HostFacts.IsAddress))
        {
            return false;
        }

        if (ask.Subnet is not null && !either.HasFlag(HostFacts.InSubnet))
        {
            return false;
        }

        if (_conditions is not null && !_conditions.Selects(flows, chunk, i, CanBeNear(flows.Hosts, chunk.Source[i], source),
            CanBeNear(flows.Hosts, chunk.Destination[i], destination)))
        {
            return false;
        }

        if (_filters.IntExt is { } side && IsExternal(chunk.Traits[i], either) != (side == TrafficSide.External))
        {
            return false;
        }

        var (sourcePort, destinationPort) = (chunk.SourcePort[i], chunk.DestinationPort[i]);
        return (_filters.Port is not { } port || port == sourcePort || port == destinationPort)
            && (_filters.SourcePort is not { } from || from == sourcePort)
            && (_filters.DestinationPort is not { } to || to == destinationPort)
            && IsNamed(_filters.Protocol, flows.Protocols, chunk.Protocol[i], _protocols)
            && (_filters.ApplicationProtocol is not { } application
                || IsApplication(application, flows, chunk.ApplicationProtocol[i], destinationPort));
    }

    // Whether an end may be the one that was asked about, so that the peer is the other.
    private bool CanBeNear(HostTable hosts, int id, HostFacts facts) =>
        (_filters.Did is not { } did || IsDevice(hosts, id, facts, did))
        && (_filters.Did is not null || _filters.Ip is null || facts.HasFlag(HostFacts.IsAddress))
        && (_filters.Did is not null || _filters.Ip is not null || ask.Subnet is null || facts.HasFlag(HostFacts.InSubnet));

    // Asked by either vocabulary; a record without a service may be HTTPS by its port.
    private bool IsApplication(string wanted, FlowSet flows, ushort id, ushort destinationPort)
    {
        if (!_applications.TryGetValue(id, out var same))
        {
            _applications[id] = same = ApplicationNames.IsSame(wanted, flows.ApplicationProtocols[id]);
        }

        return same || (id == NameTable.UnknownId && flows.HasServices
            && destinationPort == ApplicationNames.HttpsPort && ApplicationNames.IsHttps(wanted));
    }

    // Asked anew for each row: a later row may say which device an address is.
    private static bool IsDevice(HostTable hosts, int id, HostFacts facts, long did) =>
        hosts.Did(id) is var known && (known == did || (known == HostTable.NoDid && facts.HasFlag(HostFacts.MayBeDevice)));

    private static bool IsExternal(FlowTraits traits, HostFacts either) =>
        traits.HasFlag(FlowTraits.MarkedExternal) || (!traits.HasFlag(FlowTraits.MarkedInternal) && either.HasFlag(HostFacts.Outside));

    private static bool IsNamed(string? wanted, NameTable names, ushort id, Dictionary<ushort, bool> known)
    {
        if (wanted is null)
        {
            return true;
        }

        if (!known.TryGetValue(id, out var same))
        {
            known[id] = same = names[id].Equals(wanted, StringComparison.OrdinalIgnoreCase);
        }

        return same;
    }

    private void LearnHosts(FlowSet flows)
    {
        for (var id = _hosts.Count; id < flows.Hosts.Count; id++)
        {
            var address = flows.Hosts.Address(id);
            var facts = HostFacts.None;
            if (_address.IsPresent && address == _address)
            {
                facts |= HostFacts.IsAddress;
            }

            if (ask.Focus is { } focus && focus.Did == _filters.Did && focus.Addresses.Contains(address))
            {
                facts |= HostFacts.MayBeDevice;
            }

            if (ask.Subnet is { } range && range.Contains(address))
            {
                facts |= HostFacts.InSubnet;
            }

            if (!inside.Contains(flows.Hosts, id))
            {
                facts |= HostFacts.Outside;
            }

            _hosts.Add(facts);
        }
    }

    private static void Copy(FlowChunk chunk, int i, FlowChunk selected)
    {
        var at = selected.Count++;
        selected.SetStart(at, chunk.Start(i));
        selected.Duration[at] = chunk.Duration[i];
        selected.Source[at] = chunk.Source[i];
        selected.Destination[at] = chunk.Destination[i];
        selected.SourcePort[at] = chunk.SourcePort[i];
        selected.DestinationPort[at] = chunk.DestinationPort[i];
        selected.Protocol[at] = chunk.Protocol[i];
        selected.ApplicationProtocol[at] = chunk.ApplicationProtocol[i];
        selected.Traits[at] = chunk.Traits[i];
        selected.Bytes[at] = chunk.Bytes[i];
        selected.SetBytesOut(at, chunk.BytesOut[i]);
        selected.Packets[at] = chunk.Packets[i];
    }
}
