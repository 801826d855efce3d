using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;

namespace DtMcp.Simulator.Scenarios;

// Writes connections down as a sensor would: packets that go with the bytes, durations that do not outlast the records.
internal sealed class RecordBuilder(RecordSetBuilder builder, OfficeDays days, SplitMix random)
{
    private readonly byte _tcp = builder.Protocol("tcp");
    private readonly byte _udp = builder.Protocol("udp");
    private readonly byte _icmp = builder.Protocol("icmp");
    private long[] _bytes = new long[4096];

    public OfficeDays Days => days;

    public int Count => builder.Count;

    /// <summary>Payload bytes of all connections so far.</summary>
    public long Bytes { get; private set; }

    public ushort Service(string name) => builder.Service(name);

    public int Address(string address) => builder.Address(IpAddress.Parse(address));

    /// <summary>Bytes of an address so far, both directions.</summary>
    public long BytesOf(Site site) => site.Index < _bytes.Length ? _bytes[site.Index] : 0;

    public void Tcp(long at, int source, int destination, int port, ushort service, double seconds, long sent, long received,
        ConnState state = ConnState.SF) =>
        Add(at, _tcp, source, Ephemeral(), destination, port, service, seconds, sent, received, 4 + (sent / 1380) + (received / 2760),
            3 + (received / 1380) + (sent / 2760), state);

    /// <summary>Nobody answered (S0).</summary>
    public void Unanswered(long at, int source, int destination, int port) =>
        Add(at, _tcp, source, Ephemeral(), destination, port, 0, random.Between(2.9, 3.2), 0, 0, 3, 0, ConnState.S0);

    /// <summary>Refused with a reset (REJ).</summary>
    public void Refused(long at, int source, int destination, int port) =>
        Add(at, _tcp, source, Ephemeral(), destination, port, 0, random.Between(0.0002, 0.002), 0, 0, 1, 1, ConnState.REJ);

    public void Udp(long at, int source, int destination, int port, ushort service, double seconds, long sent, long received,
        int? sourcePort = null) =>
        Add(at, _udp, source, sourcePort ?? Ephemeral(), destination, port, service, seconds, sent, received, 1 + (sent / 1200),
            received == 0 ? 0 : 1 + (received / 1200), received == 0 ? ConnState.S0 : ConnState.SF);

    public void Icmp(long at, int source, int destination, int echoes, bool answered = true) =>
        Add(at, _icmp, source, 0, destination, 0, 0, echoes - 1 + random.Between(0.0005, 0.02), echoes * 32, answered ? echoes * 32 : 0,
            echoes, answered ? echoes : 0, ConnState.OTH);

    private int Ephemeral() => 49152 + random.Below(16384);

    private void Add(long at, byte protocol, int source, int sourcePort, int destination, int port, ushort service, double seconds,
        long sent, long received, long sentPackets, long receivedPackets, ConnState state)
    {
        Bytes += sent + received;
        Tally(source, destination, sent + received);
        builder.Add(new ConnectionRecord
        {
            StartMs = at,
            DurationSeconds = Math.Round(Math.Clamp(seconds, 0, (days.EndMs - at) / 1000.0), 6),
            Source = source,
            Destination = destination,
            SourcePort = (ushort)sourcePort,
            DestinationPort = (ushort)port,
            Protocol = protocol,
            Service = service,
            State = state,
            OrigBytes = sent,
            RespBytes = received,
            OrigPackets = sentPackets,
            RespPackets = receivedPackets,
        });
    }

    private void Tally(int source, int destination, long bytes)
    {
        var last = Math.Max(source, destination);
        if (last >= _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(last + 1, _bytes.Length * 2));
        }

        _bytes[source] += bytes;
        _bytes[destination] += bytes;
    }
}
