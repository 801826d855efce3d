namespace DtMcp.Traffic.Answers;

/// <summary>What a cell holds.</summary>
public enum CellKind
{
    /// <summary>Nothing is known: left out, never 0.</summary>
    Absent,
    Integer,
    Number,
    Text,
    Boolean,
    Integers,
    Texts,

    /// <summary>A time, which is shown in the zone of the answer.</summary>
    Moment,
}

/// <summary>
/// One value of an answer. Text may come from the network and is untrusted: renderers make it safe. A list knows how many values there are
/// in all (<see cref="ListOf"/>), the busiest first.
/// </summary>
public readonly record struct Cell
{
    private Cell(CellKind kind, long integer = 0, double number = 0, object? reference = null)
    {
        Kind = kind;
        Integer = integer;
        Number = number;
        _reference = reference;
    }

    private readonly object? _reference;

    public static Cell Absent => default;

    /// <summary>Bytes of memory, its text or list with it.</summary>
    public long Size => 32 + _reference switch
    {
        string text => 24 + (2L * text.Length),
        IReadOnlyList<long> numbers => 32 + (8L * numbers.Count),
        IReadOnlyList<string> texts => 32 + texts.Sum(text => 32 + (2L * text.Length)),
        _ => 0,
    };

    public CellKind Kind { get; }

    /// <summary>The value of an integer; 1 for true; of a list, how many values there are in all.</summary>
    public long Integer { get; }

    /// <summary>Shown with one decimal.</summary>
    public double Number { get; }

    public bool Boolean => Integer == 1;

    /// <summary>The text; of a moment, how UTC shows it.</summary>
    public string Text => Kind == CellKind.Moment ? MomentIn(TimeZoneInfo.Utc) : (string)_reference!;

    public IReadOnlyList<long> Integers => (IReadOnlyList<long>)_reference!;

    public IReadOnlyList<string> Texts => (IReadOnlyList<string>)_reference!;

    public long ListOf => Integer;

    public static Cell Of(long value) => new(CellKind.Integer, value);

    public static Cell Of(long? value) => value is { } known ? Of(known) : Absent;

    public static Cell Of(double value) => new(CellKind.Number, number: value);

    public static Cell Of(bool value) => new(CellKind.Boolean, value ? 1 : 0);

    public static Cell Of(string? value) => value is null ? Absent : new(CellKind.Text, reference: value);

    /// <summary>A sentence of our own, which is kept longer than a name from the network.</summary>
    public static Cell Sentence(string value) => new(CellKind.Text, 1, reference: value);

    /// <summary>Whether a text is our own sentence.</summary>
    public bool IsSentence => Kind == CellKind.Text && Integer == 1;

    /// <summary>A time in milliseconds since 1970 to the second; absent where no calendar shows it.</summary>
    public static Cell Second(long? value) => value is { } time && TimeText.IsShown(time) ? new(CellKind.Moment, time) : Absent;

    /// <summary>The start of an hour or another step of time; absent where no calendar shows it.</summary>
    public static Cell Step(long? value) => value is { } time && TimeText.IsShown(time) ? new(CellKind.Moment, time, number: 1) : Absent;

    /// <summary>How a zone shows a moment.</summary>
    public string MomentIn(TimeZoneInfo zone) => (Number == 1 ? TimeText.Step(Integer, zone) : TimeText.Second(Integer, zone))!;

    /// <summary>A list of numbers, of which <paramref name="of"/> exist in all.</summary>
    public static Cell List(IReadOnlyList<long> values, long of) => new(CellKind.Integers, of, reference: values);

    public static Cell List(IReadOnlyList<string> values, long of) => new(CellKind.Texts, of, reference: values);
}
