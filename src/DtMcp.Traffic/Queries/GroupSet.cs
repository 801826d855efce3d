using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Queries;

/// <summary>One group of a table, by a key that means the same in another window. What the evidence does not tell is null.</summary>
/// <param name="Identify">Makes the cells that say who it is; asked for the few that are shown.</param>
/// <param name="Id">What <paramref name="Identify"/> goes by; the number of a port.</param>
/// <param name="Connections">Connections.</param>
/// <param name="Bytes">Bytes of both directions.</param>
internal sealed record Group(Func<int, IReadOnlyList<Cell>> Identify, int Id, long? Connections, long? Bytes)
{
    public IReadOnlyList<Cell> Identity => Identify(Id);
}

/// <summary>All groups of one window, table by table; those of a table are null where the evidence has none.</summary>
internal sealed class GroupSet(Func<TableQuery, IReadOnlyDictionary<string, Group>?> of, Func<TableQuery, string, bool>? mayHaveSeen = null)
{
    public static readonly GroupSet Unknown = new(_ => null);

    public IReadOnlyDictionary<string, Group>? Of(TableQuery table) => of(table);

    /// <summary>Whether the window may have had a group of this key, though it is not among them: it was evicted.</summary>
    public bool MayHaveSeen(TableQuery table, string key) => mayHaveSeen?.Invoke(table, key) == true;
}
