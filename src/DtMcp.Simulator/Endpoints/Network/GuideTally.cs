using System.Runtime.InteropServices;
using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Endpoints.Network;

/// <summary>
/// Everything that the guide's shape tells of a selection, summed in one pass. A focus (did, ip, viewsubnet) makes <c>in</c> what came to
/// it and <c>out</c> what it sent; without one, and within a subnet in focus, <c>out</c> is what originators sent and <c>in</c> what came
/// back. So in and out together are always the bytes of the connections. A subnet's view lists its own devices, each with its own in and
/// out.
/// </summary>
internal sealed class GuideTally
{
    private readonly RecordSet _records;
    private readonly Selection _selection;
    private readonly NetworkMetric _metric;
    private readonly int[] _sids;
    private readonly bool _isDeviceView;
    private readonly long _viewSubnet;

    public GuideTally(RecordSet records, Selection selection, NetworkMetric metric)
    {
        (_records, _selection, _metric) = (records, selection, metric);
        _isDeviceView = selection.Filter.Did is not null || selection.Filter.Ip is not null;
        _viewSubnet = selection.Filter.ViewSubnet ?? 0;
        _sids = new int[records.Addresses.Length];
        foreach (var device in records.Devices.All)
        {
            _sids[device.AddressIndex] = device.Sid;
        }

        Peers = new InOut[records.Addresses.Length];
        Hosts = new MetricSum[records.Addresses.Length];
        Subnets = new InOut[records.Subnets.All.Count + 1];
        SubnetSizes = new MetricSum[records.Subnets.All.Count + 1];
        Protocols = new InOut[records.Protocols.Count];
        Services = new InOut[records.Services.Count];
        foreach (var index in selection)
        {
            Add(records.Rows[index]);
        }

        MarkKnownPairs();
    }

    /// <summary>By address: the statistics' devices.</summary>
    public InOut[] Peers { get; }

    /// <summary>By address: devices[].size and externaldevices[].size.</summary>
    public MetricSum[] Hosts { get; }

    /// <summary>By sid.</summary>
    public InOut[] Subnets { get; }

    /// <summary>By sid.</summary>
    public MetricSum[] SubnetSizes { get; }

    public InOut[] Protocols { get; }

    public InOut[] Services { get; }

    public InOut[] RemotePorts { get; } = new InOut[ushort.MaxValue + 1];

    public InOut[] LocalPorts { get; } = new InOut[ushort.MaxValue + 1];

    /// <summary>By originator and responder.</summary>
    public Dictionary<(int Source, int Target), PairSum> Pairs { get; } = [];

    public InOut Internal { get; private set; }

    public InOut External { get; private set; }

    public MetricSum InternalSize { get; private set; }

    private void Add(in ConnectionRecord row)
    {
        var sourceInFocus = _selection.IsFocus(row.Source);
        var isAnswering = _selection.HasFocus && !sourceInFocus;
        var (bytesIn, bytesOut) = isAnswering ? (row.OrigBytes, row.RespBytes) : (row.RespBytes, row.OrigBytes);
        var isInternal = _records.IsInternal(row);

        Protocols[row.Protocol].Add(bytesIn, bytesOut);
        Services[row.Service].Add(bytesIn, bytesOut);
        AddDirection(isInternal, bytesIn, bytesOut);
        AddPeers(row, sourceInFocus, bytesIn, bytesOut);
        AddSubnets(row, bytesIn, bytesOut);
        if (_isDeviceView)
        {
            var (local, remote) = isAnswering ? (row.DestinationPort, row.SourcePort) : (row.SourcePort, row.DestinationPort);
            LocalPorts[local].Add(bytesIn, bytesOut);
            RemotePorts[remote].Add(bytesIn, bytesOut);
        }

        ref var pair = ref CollectionsMarshal.GetValueRefOrAddDefault(Pairs, (row.Source, row.Destination), out _);
        pair.Bytes.Add(bytesIn, bytesOut);
        pair.LastMs = row.StartMs;
        if (IsMeasured(row, isInternal))
        {
            pair.IsCounted = true;
            AddSizes(row, isInternal);
        }
    }

    private void AddDirection(bool isInternal, long bytesIn, long bytesOut)
    {
        var sum = isInternal ? Internal : External;
        sum.Add(bytesIn, bytesOut);
        (Internal, External) = isInternal ? (sum, External) : (Internal, sum);
    }

    /// <summary>
    /// The peers of a device in focus; a subnet's own devices, each with what it received and sent itself; both ends otherwise.
    /// </summary>
    private void AddPeers(in ConnectionRecord row, bool sourceInFocus, long bytesIn, long bytesOut)
    {
        if (_viewSubnet != 0 && !_isDeviceView)
        {
            if (sourceInFocus)
            {
                Peers[row.Source].Add(row.RespBytes, row.OrigBytes);
            }

            if (row.Destination != row.Source && _selection.IsFocus(row.Destination))
            {
                Peers[row.Destination].Add(row.OrigBytes, row.RespBytes);
            }

            return;
        }

        if (!_isDeviceView || !sourceInFocus)
        {
            Peers[row.Source].Add(bytesIn, bytesOut);
        }

        if (row.Destination != row.Source ? !_isDeviceView || sourceInFocus : _isDeviceView)
        {
            Peers[row.Destination].Add(bytesIn, bytesOut);
        }
    }

    /// <summary>Each subnet that an end is in, once; the one in focus is not listed among those it speaks with.</summary>
    private void AddSubnets(in ConnectionRecord row, long bytesIn, long bytesOut)
    {
        var (source, destination) = (_sids[row.Source], _sids[row.Destination]);
        if (source != 0 && source != _viewSubnet)
        {
            Subnets[source].Add(bytesIn, bytesOut);
        }

        if (destination != 0 && destination != source && destination != _viewSubnet)
        {
            Subnets[destination].Add(bytesIn, bytesOut);
        }
    }

    private void AddSizes(in ConnectionRecord row, bool isInternal)
    {
        var size = _metric.IsVolume ? row.Bytes : 1;
        Hosts[row.Source].Add(size, row.StartMs);
        var (source, destination) = (_sids[row.Source], _sids[row.Destination]);
        if (row.Destination != row.Source)
        {
            Hosts[row.Destination].Add(size, row.StartMs);
        }

        if (source != 0)
        {
            SubnetSizes[source].Add(size, row.StartMs);
        }

        if (destination != 0 && destination != source)
        {
            SubnetSizes[destination].Add(size, row.StartMs);
        }

        if (isInternal)
        {
            var sum = InternalSize;
            sum.Add(size, row.StartMs);
            InternalSize = sum;
        }
    }

    private bool IsMeasured(in ConnectionRecord row, bool isInternal) =>
        (_metric.Internal is null || _metric.Internal == isInternal)
            && (!_metric.IsMulticast || _records.Addresses[row.Destination].IsMulticast);

    /// <summary>A pair that spoke before the window is not new in it.</summary>
    private void MarkKnownPairs()
    {
        foreach (ref readonly var row in _records.Rows.AsSpan(0, _selection.First))
        {
            ref var pair = ref CollectionsMarshal.GetValueRefOrNullRef(Pairs, (row.Source, row.Destination));
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref pair))
            {
                pair.IsKnown = true;
            }
        }
    }
}
