using DtMcp.Darktrace.Flows;

namespace DtMcp.Darktrace.Reading.Rows;

/// <summary>Where each value of one row stands and what it means.</summary>
internal sealed class RowTrace
{
    private readonly List<Mark> _marks = [];
    private UInt128 _keys;

    /// <summary>The row's opening brace.</summary>
    public int Start { get; private set; }

    /// <summary>Behind the row's closing brace; 0 when the row did not end.</summary>
    public int Length { get; private set; }

    /// <summary>Whether no known key came twice.</summary>
    public bool IsPlain { get; private set; }

    public IReadOnlyList<Mark> Marks => _marks;

    public void Begin(int start)
    {
        _marks.Clear();
        _keys = 0;
        IsPlain = true;
        (Start, Length) = (start, 0);
    }

    public void Key(FlowField field)
    {
        var bit = field == FlowField.Other ? UInt128.Zero : UInt128.One << (int)field;
        IsPlain &= (_keys & bit) == 0;
        _keys |= bit;
    }

    /// <summary>Notes a value; of a text the part between the quotes.</summary>
    public void Value(FlowField field, int start, int end, bool isText) =>
        _marks.Add(new Mark(field, (isText ? start + 1 : start) - Start, (isText ? end - 1 : end) - Start, isText));

    public void End(int end) => Length = end - Start;

    /// <summary>One value, from the row's first byte on.</summary>
    internal readonly record struct Mark(FlowField Field, int Start, int End, bool IsText);
}
