using DtMcp.Darktrace.Flows;

namespace DtMcp.Traffic.Queries.Rows.Selecting;

/// <summary>The rows of a chunk that meet some terms, for all tables with these terms.</summary>
internal sealed class RowSelection(Terms where)
{
    private RowSelection? _among;

    private readonly int[] _rows = where == Terms.None ? [] : new int[FlowChunk.Capacity];

    public Terms Where { get; } = where;

    public bool IsAll => Where == Terms.None;

    /// <summary>How many rows.</summary>
    public int Count { get; private set; }

    /// <summary>Their places in the chunk, in order; none when all are selected.</summary>
    public int[] Rows => _rows;

    /// <summary>Looks only among the rows of another selection, which holds all of these and chooses first.</summary>
    public void LookAmong(RowSelection? other) => _among = other;

    public void Choose(FlowChunk chunk, RowFacts facts)
    {
        if (IsAll)
        {
            Count = chunk.Count;
            return;
        }

        if (_among is not null)
        {
            ChooseAmong(_among, facts);
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

    private void ChooseAmong(RowSelection among, RowFacts facts)
    {
        var met = facts.Met;
        var count = 0;
        foreach (var i in among.Rows.AsSpan(0, among.Count))
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
