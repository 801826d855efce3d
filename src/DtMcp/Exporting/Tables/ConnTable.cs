using DtMcp.Configuration;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;

namespace DtMcp.Exporting.Tables;

/// <summary>
/// Takes connections as they are read and writes them into a file, a part at a time. The columns have Zeek's names where what they hold is
/// what Zeek holds there; <c>total_bytes</c>, <c>total_pkts</c>, <c>state</c>, <c>direction</c>, <c>sensor_artefact</c> and names of ends
/// that have no address are not Zeek's.
/// </summary>
internal sealed class ConnTable : IFlowConsumer
{
    /// <summary>
    /// Rows of a part: they take 1.5 MB while they wait, and their words as much again. More make the file a little smaller.
    /// </summary>
    private const int Capacity = 8_192;

    private readonly Column _start = new("ts", ColumnKind.Time, Capacity);
    private readonly EndColumns _source = new("orig", Capacity);
    private readonly EndColumns _destination = new("resp", Capacity);
    private readonly Column _protocol = new("proto", ColumnKind.Word, Capacity);
    private readonly Column _service = new("service", ColumnKind.Word, Capacity);
    private readonly Column _duration = new("duration", ColumnKind.Seconds, Capacity);
    private readonly Column _sent = new("orig_bytes", ColumnKind.Count, Capacity);
    private readonly Column _received = new("resp_bytes", ColumnKind.Count, Capacity);
    private readonly Column _bytes = new("total_bytes", ColumnKind.Count, Capacity);
    private readonly Column _packets = new("total_pkts", ColumnKind.Count, Capacity);
    private readonly Column _state = new("state", ColumnKind.Word, Capacity);
    private readonly Column _direction = new("direction", ColumnKind.Word, Capacity);
    private readonly Column _artefact = new("sensor_artefact", ColumnKind.Flag, Capacity);
    private ITableFile? _file;
    private int _rows;
    private readonly Garbage _garbage = new();
    private Sum _allBytes;
    private Sum _allPackets;

    public ConnTable() => Columns =
    [
        _start, .. _source.Id, .. _destination.Id, _protocol, _service, _duration, _sent, _received, _bytes, _packets, _state, _direction,
        _artefact, .. _source.Details, .. _destination.Details,
    ];

    public IReadOnlyList<Column> Columns { get; }

    public long Rows { get; private set; }

    /// <summary>Bytes of all rows.</summary>
    public long Bytes => _allBytes;

    public long Packets => _allPackets;

    /// <summary>Begins a table anew, into a file.</summary>
    public void Begin(ITableFile file)
    {
        (_file, _rows, Rows, _allBytes, _allPackets) = (file, 0, 0, default, default);
        Forget();
    }

    public void Consume(FlowSet flows, FlowChunk chunk)
    {
        _allBytes = _allBytes.Plus(chunk.Bytes.AsSpan(0, chunk.Count));
        _allPackets = _allPackets.Plus(chunk.Packets.AsSpan(0, chunk.Count));
        for (var i = 0; i < chunk.Count; i++)
        {
            Add(flows, chunk, i);
            if (_rows == Capacity)
            {
                Write();
            }
        }

        _garbage.Collect();
    }

    public void Weigh(EndpointWeights weights)
    {
    }

    public void Remap(EndpointRemap remap)
    {
        _source.Forget();
        _destination.Forget();
    }

    /// <summary>Writes the last rows, and the end of the file.</summary>
    public void Finish()
    {
        Write();
        _file!.Finish(Columns);
    }

    private void Add(FlowSet flows, FlowChunk chunk, int i)
    {
        var (row, seen) = (_rows++, flows.Seen);
        Rows++;
        _start[row] = chunk.Start(i) is var start && start == FlowChunk.UnknownStart ? Column.None : start;
        _source.Set(row, flows.Hosts, chunk.Source[i], seen.HasFlag(FlowFields.SourcePort) ? chunk.SourcePort[i] : null);
        _destination.Set(
            row, flows.Hosts, chunk.Destination[i], seen.HasFlag(FlowFields.DestinationPort) ? chunk.DestinationPort[i] : null);
        _protocol[row] = _protocol.Words.Of(Known(flows.Protocols, chunk.Protocol[i]));
        _service[row] = _service.Words.Of(Known(flows.ApplicationProtocols, chunk.ApplicationProtocol[i]));
        _duration[row] = chunk.Duration[i] is var duration && duration == FlowChunk.Unknown
            ? Column.None
            : BitConverter.DoubleToInt64Bits(duration / 1000.0);
        var (bytes, sent) = (chunk.Bytes[i], chunk.BytesOut[i]);
        var isSplit = sent != FlowChunk.Unknown;
        _sent[row] = isSplit ? sent : Column.None;
        _received[row] = isSplit ? bytes - sent : Column.None;
        _bytes[row] = seen.HasFlag(FlowFields.Bytes) ? bytes : Column.None;
        _packets[row] = seen.HasFlag(FlowFields.Packets) ? chunk.Packets[i] : Column.None;
        var traits = chunk.Traits[i];
        _state[row] = _state.Words.Of(
            traits.HasFlag(FlowTraits.Established) ? "established" : traits.HasFlag(FlowTraits.Failed) ? "failed" : null);
        _direction[row] = _direction.Words.Of(
            traits.HasFlag(FlowTraits.MarkedInternal) ? "internal" : traits.HasFlag(FlowTraits.MarkedExternal) ? "external" : null);
        _artefact[row] = traits.HasFlag(FlowTraits.SensorArtefact) ? 1 : 0;
    }

    private void Write()
    {
        if (_rows == 0)
        {
            return;
        }

        try
        {
            _file!.Write(Columns, _rows);
        }
        catch (IOException full)
        {
            // Thrown among those who read, it would be taken for a fault of the appliance's answer.
            throw new SetupException($"The file cannot be written: {full.Message}");
        }

        _rows = 0;
        Forget();
    }

    private void Forget()
    {
        _source.Forget();
        _destination.Forget();
        foreach (var column in Columns)
        {
            column.Words.Clear();
        }
    }

    private static string? Known(NameTable names, ushort id) => id == NameTable.UnknownId ? null : names[id];
}
