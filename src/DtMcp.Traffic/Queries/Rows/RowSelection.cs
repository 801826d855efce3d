using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Queries.Rows;

/// <summary>The rows of a chunk that meet some terms, for all tables with these terms.</summary>
internal sealed class RowSelection(Terms where)
{
    private readonly int[] _rows = where == Terms.None ? [] : new int[FlowChunk.Capacity];

    public Terms Where { get; } = where;

    public bool IsAll => Where == Terms.None;

    /// <summary>How many rows.</summary>
    public int Count { get; private set; }

    /// <summary>Their places in the chunk, in order; none when all are selected.</summary>
    public int[] Rows => _rows;

    public void Choose(FlowChunk chunk, RowFacts facts)
    {
        if (IsAll)
        {
            Count = chunk.Count;
            return;
        }

        // No branch a row: the place is written anyway and kept where the terms are met.
        var met = facts.Met[..chunk.Count];
        var count = 0;
        for (var i = 0; i < met.Length; i++)
        {
            _rows[count] = i;
            count += (met[i] & Where) == Where ? 1 : 0;
        }

        Count = count;
    }
}

/// <summary>Turns a running number into a row's place in the chunk; a struct for each way, so that loops are compiled for it.</summary>
internal interface IRowOrder
{
    int this[int k] { get; }
}

internal readonly struct EveryRow : IRowOrder
{
    public int this[int k] => k;
}

internal readonly struct ChosenRows(int[] rows) : IRowOrder
{
    public int this[int k] => rows[k];
}
