namespace DtMcp.Traffic.Questions;

/// <summary>The columns that rows are sorted by.</summary>
public enum SortColumn
{
    Start,
    Bytes,
    Packets,
    Seconds,
    SourcePort,
    DestinationPort,
}

/// <summary>The order of rows: the largest of a column first, the earliest of <see cref="SortColumn.Start"/>.</summary>
/// <param name="Column">What is compared.</param>
/// <param name="IsReversed">Whether the order is turned round.</param>
public readonly record struct RowSort(SortColumn Column, bool IsReversed = false)
{
    /// <summary>A column's word for each of <see cref="SortColumn"/>, in their order.</summary>
    public static IReadOnlyList<string> Words { get; } = ["start", "bytes", "packets", "seconds", "source_port", "destination_port"];

    /// <summary>The column's word.</summary>
    public string Word => Words[(int)Column];

    internal bool IsAscending => (Column == SortColumn.Start) != IsReversed;

    /// <summary>The order of a column's word, <c>-</c> before it turned round; null for any other text.</summary>
    public static RowSort? Of(string text)
    {
        var isReversed = text.StartsWith('-');
        var word = isReversed ? text[1..] : text;
        foreach (var (i, known) in Words.Index())
        {
            if (known == word)
            {
                return new RowSort((SortColumn)i, isReversed);
            }
        }

        return null;
    }

    public override string ToString() => IsReversed ? "-" + Word : Word;
}
