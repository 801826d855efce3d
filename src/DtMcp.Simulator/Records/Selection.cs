namespace DtMcp.Simulator.Records;

/// <summary>
/// The rows that a <see cref="Filter"/> selects: the one place where filters are applied, used by every endpoint. Names become tables of
/// the small numbers once, so that a row costs a few comparisons. <c>foreach</c> gives row numbers in order of time.
/// </summary>
internal sealed class Selection
{
    private const int Any = -1;
    private const int Nowhere = -2;

    private readonly ConnectionRecord[] _rows;
    private readonly RecordSet _records;
    private readonly bool[]? _protocols;
    private readonly bool[]? _services;
    private readonly bool[]? _within;
    private readonly int _did = Any;
    private readonly int _ip = Any;
    private readonly int _peer = Any;
    private readonly bool? _internal;
    private readonly int _port;
    private readonly int _sourcePort;
    private readonly int _destinationPort;

    public Selection(RecordSet records, Filter filter)
    {
        _records = records;
        _rows = records.Rows;
        Filter = filter;
        First = records.FirstAtOrAfter(filter.StartMs);
        End = filter.EndMs == long.MaxValue ? _rows.Length : records.FirstAtOrAfter(filter.EndMs + 1);
        _internal = filter.Internal;
        (_port, _sourcePort, _destinationPort) = (filter.Port ?? Any, filter.SourcePort ?? Any, filter.DestinationPort ?? Any);
        _protocols = filter.Protocol is { } protocol ? Table(records.Protocols, (name, _) => WireCodes.IsProtocol(protocol, name)) : null;
        _services = filter.ApplicationProtocol is { } service
            ? Table(records.Services, (name, row) => WireCodes.IsApplicationProtocol(service, name, row))
            : null;
        _did = filter.Did is { } did ? records.Devices.ByDid(did)?.AddressIndex ?? Nowhere : Any;
        _peer = filter.PeerDid is { } peer ? records.Devices.ByDid(peer)?.AddressIndex ?? Nowhere : Any;
        _ip = filter.Ip is { } ip ? records.AddressIndex.TryGetValue(ip, out var index) ? index : Nowhere : Any;
        if (filter.ViewSubnet is { } sid)
        {
            var subnet = records.Subnets.BySid(sid);
            _within = Array.ConvertAll(records.Addresses, address => subnet?.Range.Contains(address) == true);
        }
    }

    public Filter Filter { get; }

    /// <summary>The first row of the window.</summary>
    public int First { get; }

    /// <summary>The row after the last of the window.</summary>
    public int End { get; }

    /// <summary>Whether there is a device, address or subnet to see things from.</summary>
    public bool HasFocus => _did != Any || _ip != Any || _within is not null;

    public Enumerator GetEnumerator() => new(this);

    /// <summary>
    /// Whether an address is what the question is about: the device, the address, in the subnet. False for all without a focus.
    /// </summary>
    public bool IsFocus(int address) =>
        HasFocus && (_did is Any || _did == address) && (_ip is Any || _ip == address) && (_within is null || _within[address]);

    /// <summary>Whether a row passes every filter but the window.</summary>
    public bool Matches(in ConnectionRecord row) =>
        (_did is Any || row.Source == _did || row.Destination == _did)
        && (_ip is Any || row.Source == _ip || row.Destination == _ip)
        && (_peer is Any || row.Source == _peer || row.Destination == _peer)
        && (_within is null || _within[row.Source] || _within[row.Destination])
        && (_protocols is null || _protocols[row.Protocol])
        && (_services is null || _services[row.Service])
        && (_port is Any || row.SourcePort == _port || row.DestinationPort == _port)
        && (_sourcePort is Any || row.SourcePort == _sourcePort)
        && (_destinationPort is Any || row.DestinationPort == _destinationPort)
        && (_internal is null || _records.IsInternal(row) == _internal);

    private static bool[] Table(NameTable names, Func<string, int, bool> matches)
    {
        var table = new bool[names.Count];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = matches(names[i], i);
        }

        return table;
    }

    public struct Enumerator(Selection selection)
    {
        public int Current { get; private set; } = selection.First - 1;

        public bool MoveNext()
        {
            while (++Current < selection.End)
            {
                if (selection.Matches(selection._rows[Current]))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
