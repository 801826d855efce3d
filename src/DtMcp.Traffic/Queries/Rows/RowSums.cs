using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries.Rows.Selecting;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>Figures over all rows that meet some terms.</summary>
internal sealed class RowSums(RowSelection selection, RowFacts facts)
{
    private KeyDetail _detail;

    public RowSelection Selection { get; } = selection;

    /// <summary>Whether bytes and packets are summed; else rows are only counted.</summary>
    public bool Weighs { get; set; }

    /// <summary>Whether bytes by direction, failures, first and last are told.</summary>
    public bool HasDetail { get; set; }

    public long Connections { get; private set; }

    public Sum Bytes { get; private set; }

    public Sum Packets { get; private set; }

    public ref readonly KeyDetail Detail => ref _detail;

    /// <summary>Adds what was counted elsewhere.</summary>
    public void Add(in HistorySums counted)
    {
        Connections += counted.Connections;
        Bytes += counted.Bytes;
        Packets += counted.Packets;
        _detail.Add(counted);
    }

    public void Take(FlowSet flows, FlowChunk chunk)
    {
        Connections += Selection.Count;
        if (Selection.IsAll && (Weighs || HasDetail))
        {
            Bytes = Bytes.Plus(chunk.Bytes.AsSpan(0, chunk.Count));
            Packets = Packets.Plus(chunk.Packets.AsSpan(0, chunk.Count));
        }
        else if (Weighs || HasDetail)
        {
            (Bytes, Packets) = flows.IsFull ? Stopping(chunk) : Added(chunk);
        }

        for (var k = 0; k < Selection.Count && HasDetail; k++)
        {
            AddDetail(chunk, Selection.IsAll ? k : Selection.Rows[k]);
        }
    }

    private (Sum Bytes, Sum Packets) Added(FlowChunk chunk)
    {
        var (bytes, packets, sizes, numbers) = (Bytes.Value, Packets.Value, chunk.Bytes, chunk.Packets);
        foreach (var i in Selection.Rows.AsSpan(0, Selection.Count))
        {
            bytes += sizes[i];
            packets += numbers[i];
        }

        return ((Sum)bytes, (Sum)packets);
    }

    private (Sum Bytes, Sum Packets) Stopping(FlowChunk chunk)
    {
        var (bytes, packets) = (Bytes, Packets);
        foreach (var i in Selection.Rows.AsSpan(0, Selection.Count))
        {
            bytes += chunk.Bytes[i];
            packets += chunk.Packets[i];
        }

        return (bytes, packets);
    }

    private void AddDetail(FlowChunk chunk, int i)
    {
        _detail.Add(chunk, i);
        _detail.AddDirections(chunk, i, facts.Near(chunk, i));
    }
}
