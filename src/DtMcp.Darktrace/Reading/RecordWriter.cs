using System.Text;

namespace DtMcp.Darktrace.Reading;

/// <summary>Puts records of Advanced Search (Zeek's conn.log) into a set.</summary>
internal sealed class RecordWriter(FlowSet into)
{
    private const string At = "source.@fields.";

    private FlowChunk _chunk = into.Rent();
    private FlowFields _seen;

    public long Rows { get; private set; }

    public void Write(FlatEntry entry)
    {
        var c = _chunk;
        var i = c.Count;
        var filled = FlowFields.None;
        var protocol = Field(entry, "proto");
        var isIcmp = protocol is not null && protocol.StartsWith("icmp", StringComparison.OrdinalIgnoreCase);
        c.Source[i] = Host(Field(entry, "sourceip", "id.origh"), FlowFields.Source, ref filled);
        c.Destination[i] = Host(Field(entry, "destip", "id.resph"), FlowFields.Destination, ref filled);
        c.SourcePort[i] = Port(entry, "sourceport", "id.origp", isIcmp, FlowFields.SourcePort, ref filled);
        c.DestinationPort[i] = Port(entry, "destport", "id.respp", isIcmp, FlowFields.DestinationPort, ref filled);
        c.Protocol[i] = Name(into.Protocols, protocol, FlowFields.Protocol, ref filled);
        c.ApplicationProtocol[i] = Name(into.ApplicationProtocols, Field(entry, "service"), FlowFields.ApplicationProtocol, ref filled);
        c.SetStart(i, Start(entry, ref filled));
        c.Duration[i] = Duration(entry, ref filled);
        var (sent, received) = (Size(entry, "origbytes"), Size(entry, "respbytes"));
        var (sentPackets, receivedPackets) = (Size(entry, "origpkts"), Size(entry, "resppkts"));
        c.Bytes[i] = (sent ?? 0) + (received ?? 0);
        c.SetBytesOut(i, sent ?? FlowChunk.Unknown);
        c.Packets[i] = (sentPackets ?? 0) + (receivedPackets ?? 0);
        filled |= sent is null && received is null ? FlowFields.None : FlowFields.Bytes;
        filled |= sent is null ? FlowFields.None : FlowFields.BytesOut;
        filled |= sentPackets is null && receivedPackets is null ? FlowFields.None : FlowFields.Packets;
        var state = Field(entry, "connstate");
        var said = state is null ? FlowTraits.None : FlowFlags.Of(Encoding.UTF8.GetBytes(state));
        filled |= said == FlowTraits.None ? FlowFields.None : FlowFields.State;
        c.Traits[i] = FlowFlags.Settle(said) | SensorArtefact.OfSide(sent, sentPackets) | SensorArtefact.OfSide(received, receivedPackets);
        c.Count = i + 1;
        _seen |= filled;
        Rows++;
        if (c.Count == FlowChunk.Capacity)
        {
            Flush();
            _chunk = into.Rent();
        }
    }

    public void Flush()
    {
        into.Seen |= _seen;
        into.Accept(_chunk);
    }

    // A size that is none is unknown, and told.
    private long? Size(FlatEntry entry, string name)
    {
        var size = entry.Whole(At + name);
        if (size is < 0 or > JsonScalar.LargestSize)
        {
            into.Odd.Add(size < 0 ? OddKind.Size : OddKind.LargeSize, name, entry.Text(At + name)!);
        }

        return size < 0 ? null : entry.Size(At + name);
    }

    private static string? Field(FlatEntry entry, string name, string? otherwise = null) =>
        (entry.Text(At + name) ?? (otherwise is null ? null : entry.Text(At + otherwise))) is { } text and not "-" and not "(empty)" ? text : null;

    // ts counts seconds with a fraction; @timestamp is an ISO time in UTC.
    private static long Start(FlatEntry entry, ref FlowFields filled)
    {
        if ((Field(entry, "ts") is { } text && JsonScalar.TryMilliseconds(Encoding.UTF8.GetBytes(text), out var ms) && JsonScalar.IsTime(ms))
            || (entry.Time("source.@timestamp") is { } iso && Is(iso, out ms))
            || (entry.Time(At + "ts") is { } other && Is(other, out ms)))
        {
            filled |= FlowFields.Start;
            return ms;
        }

        return FlowChunk.UnknownStart;
    }

    private static bool Is(long time, out long ms)
    {
        ms = time;
        return true;
    }

    private static int Duration(FlatEntry entry, ref FlowFields filled)
    {
        if (Field(entry, "duration") is { } text && JsonScalar.TryMilliseconds(Encoding.UTF8.GetBytes(text), out var ms) && ms >= 0)
        {
            filled |= FlowFields.Duration;
            return (int)Math.Min(ms, int.MaxValue);
        }

        return FlowChunk.Unknown;
    }

    private ushort Port(FlatEntry entry, string name, string otherwise, bool isIcmp, FlowFields field, ref FlowFields filled)
    {
        var port = entry.Whole(At + name) ?? entry.Whole(At + otherwise);
        if (port is null)
        {
            return 0;
        }

        if (port is < 0 or > ushort.MaxValue)
        {
            into.Odd.Add(OddKind.Port, name, entry.Text(At + name) ?? entry.Text(At + otherwise)!);
            return 0;
        }

        // Zeek puts an ICMP type and code there.
        filled |= field;
        return isIcmp ? (ushort)0 : (ushort)port;
    }

    private static ushort Name(NameTable names, string? name, FlowFields field, ref FlowFields filled)
    {
        if (name is null)
        {
            return NameTable.UnknownId;
        }

        filled |= field;
        return names.GetOrAdd(name.AsSpan());
    }

    private int Host(string? ip, FlowFields field, ref FlowFields filled)
    {
        if (ip is null)
        {
            return into.Hosts.GetOrAdd(NetAddress.None, HostTable.NoDid);
        }

        filled |= field;
        return NetAddress.TryParse(ip, out var address)
            ? into.Hosts.GetOrAdd(address, HostTable.NoDid)
            : into.Hosts.GetOrAdd(NetAddress.None, HostTable.NoDid, ip);
    }
}
