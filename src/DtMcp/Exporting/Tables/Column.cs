namespace DtMcp.Exporting.Tables;

/// <summary>A column of a part of a table: so many rows, each with a value or without.</summary>
internal sealed class Column(string name, ColumnKind kind, int capacity)
{
    /// <summary>No value. No time, count or number of seconds has these bits.</summary>
    public const long None = long.MinValue;

    private readonly long[] _values = GC.AllocateUninitializedArray<long>(capacity);

    public string Name { get; } = name;

    public ColumnKind Kind { get; } = kind;

    /// <summary>What the numbers of a <see cref="ColumnKind.Word"/> stand for.</summary>
    public WordList Words { get; } = new();

    public long this[int row]
    {
        get => _values[row];
        set => _values[row] = value;
    }

    /// <summary>The values of the first rows.</summary>
    public ReadOnlySpan<long> First(int rows) => _values.AsSpan(0, rows);
}
