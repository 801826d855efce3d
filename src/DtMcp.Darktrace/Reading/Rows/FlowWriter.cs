using System.Runtime.CompilerServices;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Rows;

/// <summary>Puts whole rows into a set: addresses and names become ids, what a row says of an endpoint is kept once.</summary>
internal sealed class FlowWriter(FlowSet into)
{
    private readonly HostCache _hosts = new();
    private readonly NameCache _protocols = new(into.Protocols);
    private readonly NameCache _applications = new(into.ApplicationProtocols);
    private FlowChunk _chunk = into.Rent();
    private DeviceDetails[] _known = new DeviceDetails[1024];
    private FlowFields _seen;
    private int _generation = into.Hosts.Generation;

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    public void Write(FlowRow row, ReadOnlySpan<byte> window)
    {
        var source = HostId(row.Source, window, FlowFields.Source);
        var destination = HostId(row.Destination, window, FlowFields.Destination);
        var (start, duration, filled) = (row.Start, row.Duration, row.Filled);
        if (row.End != FlowChunk.UnknownStart)
        {
            Derive(row.End, ref start, ref duration, ref filled);
        }

        into.Invalid.Adopt(row.Invalid);
        if (into.IsOutside(start))
        {
            LeaveOut();
            return;
        }

        var i = _chunk.Count;
        _chunk.SetStart(i, start);
        _chunk.Duration[i] = duration;
        _chunk.Source[i] = source;
        _chunk.Destination[i] = destination;
        _chunk.SourcePort[i] = row.SourcePort;
        _chunk.DestinationPort[i] = row.DestinationPort;
        _chunk.Protocol[i] = NameId(into.Protocols, row.Protocol, window);
        _chunk.ApplicationProtocol[i] = NameId(into.ApplicationProtocols, row.ApplicationProtocol, window);
        _chunk.Traits[i] = FlowFlags.Settle(row.Traits) | SensorArtefact.Of(row.Bytes, row.Packets);
        _chunk.Bytes[i] = row.Bytes;
        _chunk.SetBytesOut(i, row.BytesOut);
        _chunk.Packets[i] = row.Packets;
        _seen |= filled;
        Commit();
    }

    /// <summary>
    /// The same for a row whose ends are known. Most rows come here: made into a <see cref="FlowRow"/> first, each would be copied twice.
    /// </summary>
    public void Write(in TemplateRow row, int source, int destination)
    {
        var filled = row.Filled;
        var start = (filled & FlowFields.Start) != 0 ? row.Start : FlowChunk.UnknownStart;
        var duration = (filled & FlowFields.Duration) != 0 ? row.Duration : FlowChunk.Unknown;
        if (row.HasEnd)
        {
            Derive(row.End, ref start, ref duration, ref filled);
        }

        if (into.IsOutside(start))
        {
            LeaveOut();
            return;
        }

        var c = _chunk;
        var i = c.Count;
        c.SetStart(i, start);
        c.Duration[i] = duration;
        c.Source[i] = source;
        c.Destination[i] = destination;
        c.SourcePort[i] = row.SourcePort;
        c.DestinationPort[i] = row.DestinationPort;
        c.Protocol[i] = _protocols.Get(row.Protocol);
        c.ApplicationProtocol[i] = _applications.Get(row.ApplicationProtocol);
        c.Traits[i] = FlowFlags.Settle(row.Traits) | SensorArtefact.Of(row.Bytes, row.Packets);
        c.Bytes[i] = row.Bytes;
        c.SetBytesOut(i, FlowChunk.Unknown);
        c.Packets[i] = row.Packets;
        _seen |= filled | (row.Source.IsKnown ? FlowFields.Source : FlowFields.None)
            | (row.Destination.IsKnown ? FlowFields.Destination : FlowFields.None)
            | (row.Protocol.IsEmpty ? FlowFields.None : FlowFields.Protocol)
            | (row.ApplicationProtocol.IsEmpty ? FlowFields.None : FlowFields.ApplicationProtocol);
        Commit();
    }

    /// <summary>Says that the end with this address will be asked for soon.</summary>
    public HostCache.Key Expect(ReadOnlySpan<byte> ip) => _hosts.Expect(ip);

    /// <summary>
    /// The id of an end of a whole row, with what the row says of it kept; false, with nothing changed that matters, when the general way
    /// has to look.
    /// </summary>
    public bool TryHost(in TemplateEnd end, ReadOnlySpan<byte> row, ReadOnlySpan<DetailMark> marks, FlowField side, out int id)
    {
        var ip = end.Address;
        if (ip.Length is 0 or > 16)
        {
            return TryRareHost(in end, row, marks, side, out id);
        }

        var key = end.Ip.IsEmpty ? _hosts.KeyOf(ip) : end.Key;
        ref var slot = ref _hosts.Find(in key, end.Did);
        if (Unsafe.IsNullRef(ref slot))
        {
            if (!NetAddress.TryParse(ip, out var address))
            {
                id = -1;
                return false;
            }

            slot = ref _hosts.Add(in key, end.Did, into.Hosts.GetOrAdd(address, end.Did));
        }

        id = slot.Id;
        if ((end.Present & ~slot.Known) != 0)
        {
            Keep(id, end.Present, row, marks, side);
            slot.Known = _known[id];
        }

        return true;
    }

    // IPv6 in full, no address, or nothing at all.
    private bool TryRareHost(in TemplateEnd end, ReadOnlySpan<byte> row, ReadOnlySpan<DetailMark> marks, FlowField side, out int id)
    {
        id = -1;
        var address = NetAddress.None;
        if (end.Address.IsEmpty)
        {
            if (end.IsKnown && end.Did == HostTable.NoDid)
            {
                return false;
            }
        }
        else if (!NetAddress.TryParse(end.Address, out address))
        {
            return false;
        }

        id = into.Hosts.GetOrAdd(address, end.Did);
        if (end.IsKnown)
        {
            Keep(id, end.Present, row, marks, side);
        }

        return true;
    }

    private void Keep(int id, DeviceDetails said, ReadOnlySpan<byte> row, ReadOnlySpan<DetailMark> marks, FlowField side)
    {
        if (said != DeviceDetails.None && Lacks(id, said))
        {
            into.Hosts.Describe(id, row, marks, side);
        }
    }

    /// <summary>Hands over the last rows. Nothing is written after it.</summary>
    public void Finish()
    {
        Flush();
        into.Settle();
        _hosts.Return();
    }

    private void Flush()
    {
        into.Seen |= _seen;
        into.Accept(_chunk);
        if (_generation != into.Hosts.Generation)
        {
            // The ids remembered here are others' now.
            _generation = into.Hosts.Generation;
            _hosts.Clear();
            Array.Clear(_known);
        }
    }

    // Sent, so it counts as a row of the answer; not asked for, so it counts nowhere else.
    private void LeaveOut()
    {
        Rows++;
        into.Outside++;
    }

    private void Commit()
    {
        Rows++;
        if (++_chunk.Count == FlowChunk.Capacity)
        {
            Flush();
            _chunk = into.Rent();
        }
    }

    // A start and an end say how long, an end and a length say when.
    private static void Derive(long end, ref long start, ref int duration, ref FlowFields filled)
    {
        if (duration == FlowChunk.Unknown && start != FlowChunk.UnknownStart && end >= start)
        {
            duration = (int)Math.Min(end - start, int.MaxValue);
            filled |= FlowFields.Duration;
        }
        else if (start == FlowChunk.UnknownStart && duration != FlowChunk.Unknown)
        {
            start = end - duration;
            filled |= FlowFields.Start;
        }
    }

    private static ushort NameId(NameTable names, TextSlice name, ReadOnlySpan<byte> window) =>
        name.Length is > 0 and <= JsonScalar.LongestText && !name.Escaped ? names.GetOrAdd(name.In(window))
            : name.Length == 0 ? NameTable.UnknownId
            : names.GetOrAdd(name.ToText(window).AsSpan());

    private int HostId(DeviceEntry device, ReadOnlySpan<byte> window, FlowFields field)
    {
        if (!device.IsKnown)
        {
            return into.Hosts.GetOrAdd(NetAddress.None, HostTable.NoDid);
        }

        _seen |= field;
        var address = NetAddress.None;
        string? name = null;
        if (device.Address.Length > 0 && !TryAddress(device.Address, window, out address))
        {
            name = device.Address.ToText(window);
            if ((device.Present & DeviceDetails.Hostname) == 0)
            {
                device.SetText(DeviceField.Hostname, device.Address);
            }
        }
        else if (device.Address.Length == 0 && device.Did == HostTable.NoDid)
        {
            name = device.Text(DeviceField.Hostname).ToText(window);
        }

        var id = into.Hosts.GetOrAdd(address, device.Did, name);
        if (device.Present != DeviceDetails.None && Lacks(id, device.Present))
        {
            into.Hosts.Describe(id, device.Describe(window));
        }

        return id;
    }

    // Remembers what each endpoint's details already hold, so that they are made into strings once and not a row.
    private bool Lacks(int id, DeviceDetails said)
    {
        if (id >= _known.Length)
        {
            Array.Resize(ref _known, Math.Max(id + 1, _known.Length * 2));
        }

        if ((said & ~_known[id]) == 0)
        {
            return false;
        }

        _known[id] |= (said & DeviceDetails.Types) != 0 ? said | DeviceDetails.Types : said;
        return true;
    }

    private static bool TryAddress(TextSlice text, ReadOnlySpan<byte> window, out NetAddress address) =>
        text.Escaped ? NetAddress.TryParse(text.ToText(window), out address) : NetAddress.TryParse(text.In(window), out address);
}
