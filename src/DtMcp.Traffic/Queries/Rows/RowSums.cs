using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
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

    public void Take(FlowChunk chunk)
    {
        Connections += Selection.Count;
        if (!Weighs && !HasDetail)
        {
            return;
        }

        if (Selection.IsAll)
        {
            Bytes = Bytes.Plus(chunk.Bytes.AsSpan(0, chunk.Count));
            Packets = Packets.Plus(chunk.Packets.AsSpan(0, chunk.Count));
        }

        for (var k = 0; k < Selection.Count && (HasDetail || !Selection.IsAll); k++)
        {
            var i = Selection.IsAll ? k : Selection.Rows[k];
            if (!Selection.IsAll)
            {
                Bytes += chunk.Bytes[i];
                Packets += chunk.Packets[i];
            }

            if (HasDetail)
            {
                AddDetail(chunk, i);
            }
        }
    }

    private void AddDetail(FlowChunk chunk, int i)
    {
        _detail.Add(chunk, i);
        _detail.AddDirections(chunk, i, facts.Near(chunk, i));
    }
}
