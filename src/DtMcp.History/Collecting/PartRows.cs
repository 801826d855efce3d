using DtMcp.Darktrace.Flows;
using DtMcp.History.Schema;
using DtMcp.History.Wire;

namespace DtMcp.History.Collecting;

/// <summary>
/// Puts the rows of an hour into the history while they are read: so many at a time, whoever reads waits until the server has them.
/// </summary>
internal sealed class PartRows(
    HistoryServer server, HistoryTables tables, string appliance, long hourMs, ulong part, CancellationToken cancellationToken)
    : IFlowConsumer
{
    /// <summary>
    /// Bytes that are sent at once: some hundred thousand rows. Each makes a file that the server merges with others later, so few large
    /// ones are better; they stand in memory once or twice.
    /// </summary>
    private const int Batch = 16 << 20;

    private readonly RowBinaryWriter _rows = new();
    private readonly byte[] _first = First(appliance, hourMs, part);

    public long Rows { get; private set; }

    /// <summary>Bytes that were sent.</summary>
    public long Bytes { get; private set; }

    public void Consume(FlowSet flows, FlowChunk chunk)
    {
        for (var i = 0; i < chunk.Count; i++)
        {
            Add(flows, chunk, i);
        }

        Rows += chunk.Count;
        if (_rows.Length >= Batch)
        {
            Send();
        }
    }

    public void Weigh(EndpointWeights weights)
    {
    }

    public void Remap(EndpointRemap remap)
    {
    }

    /// <summary>Sends the last rows, and what is known of the ends.</summary>
    public void Finish(FlowSet flows)
    {
        Send();
        for (var id = 0; id < flows.Hosts.Count; id++)
        {
            var (address, details) = (flows.Hosts.Address(id), flows.Hosts.Details(id));
            _rows.Raw(_first);
            _rows.Address(address);
            _rows.U8(address.IsPresent ? (byte)0 : (byte)1);
            _rows.Text(NameOf(flows.Hosts, id));
            _rows.U8(flows.Hosts.ReportedInside(id) switch { null => 0, true => 1, false => 2 });
            _rows.Text(details?.Country);
            _rows.Text(details?.Asn);
            if (_rows.Length >= Batch)
            {
                Send(tables.Ends, HistoryTables.EndsColumns);
            }
        }

        Send(tables.Ends, HistoryTables.EndsColumns);
    }

    // An end without an address and without a name is unknown.
    private static string NameOf(HostTable hosts, int id) =>
        hosts.Address(id).IsPresent || hosts.Name(id) is not { } name || NameTable.IsUnknown(name) ? "" : name;

    private void Add(FlowSet flows, FlowChunk chunk, int i)
    {
        var (source, destination) = (chunk.Source[i], chunk.Destination[i]);
        var (from, to) = (flows.Hosts.Address(source), flows.Hosts.Address(destination));
        _rows.Raw(_first);
        _rows.I64(chunk.Start(i));
        _rows.I32(chunk.Duration[i]);
        _rows.Address(from);
        _rows.Address(to);
        _rows.Text(NameOf(flows.Hosts, source));
        _rows.Text(NameOf(flows.Hosts, destination));
        _rows.U8((byte)((from.IsPresent ? 0 : 1) | (to.IsPresent ? 0 : 2)));
        _rows.U16(chunk.SourcePort[i]);
        _rows.U16(chunk.DestinationPort[i]);
        _rows.Text(Known(flows.Protocols, chunk.Protocol[i]));
        _rows.Text(Known(flows.ApplicationProtocols, chunk.ApplicationProtocol[i]));
        _rows.U8((byte)chunk.Traits[i]);
        _rows.I64(chunk.Bytes[i]);
        _rows.I64(chunk.BytesOut[i]);
        _rows.I64(chunk.Packets[i]);
    }

    private static string Known(NameTable names, ushort id) => id == NameTable.UnknownId ? "" : names[id];

    private void Send() => Send(tables.Conn, HistoryTables.ConnColumns);

    private void Send(Sql table, string columns)
    {
        if (_rows.Length > 0)
        {
            server.Insert(HistoryTables.Columns(table, columns), _rows.Rows, cancellationToken);
            Bytes += _rows.Length;
            _rows.Clear();
        }
    }

    /// <summary>The columns that all rows of a part begin with.</summary>
    internal static byte[] First(string appliance, long hourMs, ulong part)
    {
        var first = new RowBinaryWriter();
        first.Text(appliance);
        first.Date(hourMs);
        first.U32((uint)(hourMs / 1000));
        first.U64(part);
        return first.Rows.ToArray();
    }
}
