using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Hunts.Planted;

/// <summary>One made-up connection.</summary>
internal readonly record struct Row(long Start, string Source, string Destination, int Port, string Protocol, long Sent, long Received,
    double Seconds, bool Failed);

/// <summary>Made-up connections, and as columns: with the bytes apart (as records have them) or together (as rows of /network).</summary>
internal sealed class Rows
{
    public List<Row> All { get; } = [];

    public void Tcp(double start, string source, string destination, int port, double sent, double received, double seconds = 1) =>
        All.Add(new Row((long)start, source, destination, port, "tcp", (long)sent, (long)received, seconds, false));

    public void Udp(double start, string source, string destination, int port, double sent, double received, double seconds = 0.05) =>
        All.Add(new Row((long)start, source, destination, port, "udp", (long)sent, (long)received, seconds, false));

    public void Refused(double start, string source, string destination, int port) =>
        All.Add(new Row((long)start, source, destination, port, "tcp", 0, 0, 0, true));

    public FlowSet Build(long from = long.MinValue, long to = long.MaxValue, bool split = true, Random? shuffle = null)
    {
        var rows = All.Where(row => row.Start >= from && row.Start < to).ToArray();
        if (shuffle is null)
        {
            Array.Sort(rows, static (a, b) => a.Start.CompareTo(b.Start));
        }
        else
        {
            shuffle.Shuffle(rows);
        }

        var flows = new FlowSet { Seen = (FlowFields)8191 & ~(split ? FlowFields.None : FlowFields.BytesOut) };
        var chunk = flows.Rent();
        foreach (var row in rows)
        {
            var i = chunk.Count++;
            chunk.SetStart(i, row.Start);
            chunk.Duration[i] = (int)Math.Min(int.MaxValue, row.Seconds * 1000);
            (chunk.Source[i], chunk.Destination[i]) = (Host(flows, row.Source), Host(flows, row.Destination));
            (chunk.SourcePort[i], chunk.DestinationPort[i]) = (50_000, (ushort)row.Port);
            chunk.Protocol[i] = flows.Protocols.GetOrAdd(row.Protocol);
            chunk.ApplicationProtocol[i] = NameTable.UnknownId;
            chunk.Bytes[i] = row.Sent + row.Received;
            chunk.SetBytesOut(i, split ? row.Sent : FlowChunk.Unknown);
            chunk.Packets[i] = row.Failed ? 1 : 6 + ((row.Sent + row.Received) / 1_000);
            chunk.Traits[i] = row.Failed ? FlowTraits.Failed : FlowTraits.None;
            if (chunk.Count == FlowChunk.Capacity)
            {
                flows.Accept(chunk);
                chunk = flows.Rent();
            }
        }

        flows.Accept(chunk);
        return flows;
    }

    private static int Host(FlowSet flows, string address) =>
        NetAddress.TryParse(address, out var parsed) ? flows.Hosts.GetOrAdd(parsed, HostTable.NoDid)
            : throw new ArgumentException($"{address} is no address.", nameof(address));
}
