using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>Puts records of Advanced Search (Zeek's conn.log) into a set: those that start in the window, where there is one.</summary>
internal sealed class RecordWriter
{
    private readonly FlowSet _into;
    private readonly TimeWindow? _window;
    private FlowChunk _chunk;
    private FlowFields _seen;
    private Told[] _told = new Told[1024];
    private int _generation;

    public RecordWriter(FlowSet into, TimeWindow? window)
    {
        (_into, _window) = (into, window);
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
        var start = entry.Start ?? entry.Inserted ?? FlowChunk.UnknownStart;
        if (start != FlowChunk.UnknownStart && _window is { } window && (start < window.StartMs || start > window.EndMs))
        {
            Outside++;
            return;
        }

        ByInsertion += entry.Start is null && entry.Inserted is not null ? 1 : 0;
        Missed = entry.Missed == 0 ? Missed : (Missed.Bytes + entry.Missed, Missed.Rows + 1);
        _into.Invalid.Adopt(entry.Invalid);
        var c = _chunk;
        var i = c.Count;
        var filled = start == FlowChunk.UnknownStart ? FlowFields.None : FlowFields.Start;
        c.Source[i] = Host(entry, entry.SourceAddress, entry.SourceName, FlowField.Source, entry.SourceIsLocal);
        c.Destination[i] = Host(entry, entry.DestinationAddress, entry.DestinationName, FlowField.Destination, entry.DestinationIsLocal);
        filled |= entry.SourceAddress.IsPresent || entry.SourceName is not null ? FlowFields.Source : FlowFields.None;
        filled |= entry.DestinationAddress.IsPresent || entry.DestinationName is not null ? FlowFields.Destination : FlowFields.None;
        c.SourcePort[i] = Port(entry.SourcePort, entry.IsIcmp);
        c.DestinationPort[i] = Port(entry.DestinationPort, entry.IsIcmp);
        filled |= entry.SourcePort is null ? FlowFields.None : FlowFields.SourcePort;
        filled |= entry.DestinationPort is null ? FlowFields.None : FlowFields.DestinationPort;
        c.Protocol[i] = entry.Protocol;
        c.ApplicationProtocol[i] = entry.Service;
        filled |= entry.Protocol == NameTable.UnknownId ? FlowFields.None : FlowFields.Protocol;
        filled |= entry.Service == NameTable.UnknownId ? FlowFields.None : FlowFields.ApplicationProtocol;
        c.SetStart(i, start);
        c.Duration[i] = entry.Duration ?? FlowChunk.Unknown;
        filled |= entry.Duration is null ? FlowFields.None : FlowFields.Duration;
        c.Bytes[i] = (entry.Sent ?? 0) + (entry.Received ?? 0);
        c.SetBytesOut(i, entry.Sent ?? FlowChunk.Unknown);
        c.Packets[i] = (entry.SentPackets ?? 0) + (entry.ReceivedPackets ?? 0);
        filled |= entry.Sent is null && entry.Received is null ? FlowFields.None : FlowFields.Bytes;
        filled |= entry.Sent is null ? FlowFields.None : FlowFields.BytesOut;
        filled |= entry.SentPackets is null && entry.ReceivedPackets is null ? FlowFields.None : FlowFields.Packets;
        filled |= entry.State == FlowTraits.None ? FlowFields.None : FlowFields.State;
        c.Traits[i] = FlowFlags.Settle(entry.State) | SensorArtefact.OfSide(entry.Sent, entry.SentPackets)
            | SensorArtefact.OfSide(entry.Received, entry.ReceivedPackets);
        c.Count = i + 1;
        _seen |= filled;
        Rows++;
        if (c.Count == FlowChunk.Capacity)
        {
            Flush();
            _chunk = _into.Rent();
        }
    }

    public void Flush()
    {
        _into.Seen |= _seen;
        _into.Accept(_chunk);
        if (_generation != _into.Hosts.Generation)
        {
            // The ids remembered here are others' now.
            _generation = _into.Hosts.Generation;
            Array.Clear(_told);
        }
    }

    // Zeek puts an ICMP type and code there.
    private static ushort Port(long? port, bool isIcmp) => isIcmp ? (ushort)0 : (ushort)(port ?? 0);

    private int Host(RecordEntry entry, NetAddress address, string? name, FlowField side, bool? isLocal)
    {
        var id = _into.Hosts.GetOrAdd(address, HostTable.NoDid, name);
        if (id >= _told.Length)
        {
            Array.Resize(ref _told, Math.Max(id + 1, _told.Length * 2));
        }

        // Each row says it again; once an endpoint is enough.
        if (isLocal is { } local && (_told[id] & Told.Side) == 0)
        {
            _told[id] |= Told.Side;
            _into.Hosts.NoteSide(id, local);
        }

        if ((_told[id] & Told.Details) == 0 && HasMark(entry, side))
        {
            _told[id] |= Told.Details;
            _into.Hosts.Describe(id, entry.Notes, entry.Marks, side);
        }

        return id;
    }

    private static bool HasMark(RecordEntry entry, FlowField side)
    {
        foreach (var mark in entry.Marks)
        {
            if (mark.Field >= FlowField.Destination == (side == FlowField.Destination))
            {
                return true;
            }
        }

        return false;
    }
}
