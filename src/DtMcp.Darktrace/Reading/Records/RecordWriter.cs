using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Rows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>Puts records of Advanced Search (Zeek's conn.log) into a set: those that start in the window, where there is one.</summary>
internal sealed class RecordWriter
{
    private readonly FlowSet _into;
    private readonly TimeWindow? _window;
    private readonly HostCache _hosts = new();
    private readonly NameCache _protocols;
    private readonly NameCache _services;
    private FlowChunk _chunk;
    private FlowFields _seen;
    private Told[] _told = new Told[1024];
    private int _generation;

    public RecordWriter(FlowSet into, TimeWindow? window)
    {
        (_into, _window) = (into, window);
        (_protocols, _services) = (new NameCache(into.Protocols), new NameCache(into.ApplicationProtocols));
        _into.HasServices = true;
        _chunk = into.Rent();
        _generation = into.Hosts.Generation;
    }

    [Flags]
    private enum Told : byte
    {
        None = 0,
        Details = 1,
        Side = 2,
    }

    public long Rows { get; private set; }

    /// <summary>Rows that start outside the window and were left out.</summary>
    public long Outside { get; private set; }

    /// <summary>Rows that say nothing of their start, which stand at the second of their insertion.</summary>
    public long ByInsertion { get; private set; }

    /// <summary>Payload that sensors did not see, and rows that miss some.</summary>
    public (long Bytes, long Rows) Missed { get; private set; }

    public void Write(RecordEntry entry)
    {
        ref readonly var values = ref entry.Values;
        var isByInsertion = values.Start == RecordValues.Unset && values[RecordField.Inserted] != RecordValues.Unset;
        var start = isByInsertion ? values[RecordField.Inserted] : values.Start;
        if (IsOutside(start))
        {
            Outside++;
            return;
        }

        ByInsertion += isByInsertion ? 1 : 0;
        _into.Invalid.Adopt(entry.Invalid);
        var source = _into.Hosts.GetOrAdd(entry.SourceAddress, HostTable.NoDid, entry.SourceName);
        TryTell(source, values.IsLocal(RecordField.SourceIsLocal), entry.Notes, entry.Marks, FlowField.Source, false);
        var destination = _into.Hosts.GetOrAdd(entry.DestinationAddress, HostTable.NoDid, entry.DestinationName);
        TryTell(destination, values.IsLocal(RecordField.DestinationIsLocal), entry.Notes, entry.Marks, FlowField.Destination, false);
        _seen |= entry.SourceAddress.IsPresent || entry.SourceName is not null ? FlowFields.Source : FlowFields.None;
        _seen |= entry.DestinationAddress.IsPresent || entry.DestinationName is not null ? FlowFields.Destination : FlowFields.None;
        Put(in values, start, source, destination, entry.Protocol, entry.Service, entry.IsIcmp);
    }

    /// <summary>
    /// The same for an entry whose values are bytes in its text; false, with nothing changed that matters, when the general way has to
    /// look.
    /// </summary>
    public bool TryWrite(in RecordRow row)
    {
        // Before the window is looked at, as the general reader does.
        var protocolName = row.Name(RecordField.Protocol);
        var (protocol, service) = (_protocols.Get(protocolName), _services.Get(row.Name(RecordField.Service)));
        var start = row.Values.Start;
        if (start == RecordValues.Unset)
        {
            return false;
        }

        if (IsOutside(start))
        {
            Outside++;
            return true;
        }

        if (!TryHost(row.Text(RecordField.SourceIp), out var source)
            || !TryTell(source, row.Values.IsLocal(RecordField.SourceIsLocal), row.Row, row.Marks, FlowField.Source, row.HasEscapes)
            || !TryHost(row.Text(RecordField.DestinationIp), out var destination)
            || !TryTell(destination, row.Values.IsLocal(RecordField.DestinationIsLocal), row.Row, row.Marks, FlowField.Destination,
                row.HasEscapes))
        {
            return false;
        }

        _seen |= row.Values[RecordField.SourceIp] > 0 ? FlowFields.Source : FlowFields.None;
        _seen |= row.Values[RecordField.DestinationIp] > 0 ? FlowFields.Destination : FlowFields.None;
        Put(in row.Values, start, source, destination, protocol, service, RecordEntry.IsIcmpName(protocolName));
        return true;
    }

    /// <summary>Says that the end with this address will be asked for soon.</summary>
    public void Expect(ReadOnlySpan<byte> ip) => _hosts.Expect(ip);

    public void Finish()
    {
        Flush();
        _into.Settle();
        _hosts.Return();
    }

    private bool IsOutside(long start) =>
        start != FlowChunk.UnknownStart && _window is { } window && (start < window.StartMs || start > window.EndMs);

    private void Put(in RecordValues values, long start, int source, int destination, ushort protocol, ushort service, bool isIcmp)
    {
        if (values.Missed is > 0 and var missed)
        {
            Missed = (Missed.Bytes + missed, Missed.Rows + 1);
        }

        var c = _chunk;
        var i = c.Count;
        var (sent, received) = (values.Size(RecordField.Sent), values.Size(RecordField.Received));
        var (sentPackets, receivedPackets) = (values.Size(RecordField.SentPackets), values.Size(RecordField.ReceivedPackets));
        var (sourcePort, destinationPort) = (values[RecordField.SourcePort], values[RecordField.DestinationPort]);
        var duration = values[RecordField.Duration];
        var state = values[RecordField.State] is > 0 and var said ? (FlowTraits)said : FlowTraits.None;
        c.SetStart(i, start);
        c.Duration[i] = duration < 0 ? FlowChunk.Unknown : (int)Math.Min(duration, int.MaxValue);
        c.Source[i] = source;
        c.Destination[i] = destination;
        c.SourcePort[i] = Port(sourcePort, isIcmp);
        c.DestinationPort[i] = Port(destinationPort, isIcmp);
        c.Protocol[i] = protocol;
        c.ApplicationProtocol[i] = service;
        c.Bytes[i] = (sent ?? 0) + (received ?? 0);
        c.SetBytesOut(i, sent ?? FlowChunk.Unknown);
        c.Packets[i] = (sentPackets ?? 0) + (receivedPackets ?? 0);
        c.Traits[i] = FlowFlags.Settle(state) | SensorArtefact.OfSide(sent, sentPackets) | SensorArtefact.OfSide(received, receivedPackets);
        _seen |= (start == FlowChunk.UnknownStart ? FlowFields.None : FlowFields.Start)
            | (sourcePort < 0 ? FlowFields.None : FlowFields.SourcePort)
            | (destinationPort < 0 ? FlowFields.None : FlowFields.DestinationPort)
            | (protocol == NameTable.UnknownId ? FlowFields.None : FlowFields.Protocol)
            | (service == NameTable.UnknownId ? FlowFields.None : FlowFields.ApplicationProtocol)
            | (duration < 0 ? FlowFields.None : FlowFields.Duration)
            | (sent is null && received is null ? FlowFields.None : FlowFields.Bytes)
            | (sent is null ? FlowFields.None : FlowFields.BytesOut)
            | (sentPackets is null && receivedPackets is null ? FlowFields.None : FlowFields.Packets)
            | (state == FlowTraits.None ? FlowFields.None : FlowFields.State);
        Rows++;
        c.Count = i + 1;
        if (c.Count == FlowChunk.Capacity)
        {
            Flush();
            _chunk = _into.Rent();
        }
    }

    private void Flush()
    {
        _into.Seen |= _seen;
        _into.Accept(_chunk);
        if (_generation != _into.Hosts.Generation)
        {
            // The ids remembered here are others' now.
            _generation = _into.Hosts.Generation;
            _hosts.Clear();
            Array.Clear(_told);
        }
    }

    // Zeek puts an ICMP type and code there.
    private static ushort Port(long port, bool isIcmp) => isIcmp || port < 0 ? (ushort)0 : (ushort)port;

    // False when the text is no address.
    private bool TryHost(ReadOnlySpan<byte> ip, out int id)
    {
        id = -1;
        if (ip.Length is 0 or > 16)
        {
            if (!NetAddress.TryParse(ip, out var rare) && ip.Length > 0)
            {
                return false;
            }

            id = _into.Hosts.GetOrAdd(rare, HostTable.NoDid);
            return true;
        }

        var key = _hosts.KeyOf(ip);
        ref var slot = ref _hosts.Find(in key, HostTable.NoDid);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref slot))
        {
            if (!NetAddress.TryParse(ip, out var address))
            {
                return false;
            }

            slot = ref _hosts.Add(in key, HostTable.NoDid, _into.Hosts.GetOrAdd(address, HostTable.NoDid));
        }

        id = slot.Id;
        return true;
    }

    // Each row says it again; once an endpoint is enough. False when details are new and have escapes to resolve.
    private bool TryTell(
        int id, bool? isLocal, ReadOnlySpan<byte> text, ReadOnlySpan<DetailMark> marks, FlowField side, bool hasEscapes)
    {
        if (id >= _told.Length)
        {
            Array.Resize(ref _told, Math.Max(id + 1, _told.Length * 2));
        }

        ref var told = ref _told[id];
        if (isLocal is { } local && (told & Told.Side) == 0)
        {
            told |= Told.Side;
            _into.Hosts.NoteSide(id, local);
        }

        if ((told & Told.Details) == 0 && HasMark(marks, side))
        {
            if (hasEscapes)
            {
                return false;
            }

            told |= Told.Details;
            _into.Hosts.Describe(id, text, marks, side);
        }

        return true;
    }

    private static bool HasMark(ReadOnlySpan<DetailMark> marks, FlowField side)
    {
        foreach (var mark in marks)
        {
            if (mark.Field >= FlowField.Destination == (side == FlowField.Destination))
            {
                return true;
            }
        }

        return false;
    }
}
