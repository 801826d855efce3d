using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Joining;

/// <summary>Row lists of several appliances: what each has most of first, in turn.</summary>
internal static class JoinedList
{
    /// <summary>Whole lists as one; of lists that are not whole it cannot be told how many values there are.</summary>
    public static Cell Of(Cell one, Cell other) => (one.Kind, other.Kind) switch
    {
        (CellKind.Integers, CellKind.Integers) when IsWhole(one, one.Integers) && IsWhole(other, other.Integers) =>
            List(InTurn(one.Integers, other.Integers)),
        (CellKind.Texts, CellKind.Texts) when IsWhole(one, one.Texts) && IsWhole(other, other.Texts) =>
            List(InTurn(one.Texts, other.Texts)),
        _ => Cell.Absent,
    };

    /// <summary>As many values as rows hold.</summary>
    public static Cell Short(Cell cell) => cell.Kind switch
    {
        CellKind.Integers => Cell.List([.. cell.Integers.Take(Table.MaxListed)], cell.ListOf),
        CellKind.Texts => Cell.List([.. cell.Texts.Take(Table.MaxListed)], cell.ListOf),
        _ => cell,
    };

    private static bool IsWhole<T>(Cell cell, IReadOnlyList<T> values) => cell.ListOf == values.Count;

    private static Cell List(List<long> values) => Cell.List(values, values.Count);

    private static Cell List(List<string> values) => Cell.List(values, values.Count);

    private static List<T> InTurn<T>(IReadOnlyList<T> one, IReadOnlyList<T> other) =>
    [
        .. one.Select((value, at) => (value, at)).Concat(other.Select((value, at) => (value, at)))
            .OrderBy(entry => entry.at).Select(entry => entry.value).Distinct(),
    ];
}
