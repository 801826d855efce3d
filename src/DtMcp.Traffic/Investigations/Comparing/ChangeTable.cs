using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Queries;

namespace DtMcp.Traffic.Investigations.Comparing;

/// <summary>Changes as a table: what changed, with the figures of both windows.</summary>
internal static class ChangeTable
{
    /// <summary>The table; null when nothing changed.</summary>
    public static Table? Of(TableQuery table, IReadOnlyList<Change> changes, int limit)
    {
        if (changes.Count == 0)
        {
            return null;
        }

        var identity = table.Columns.Where(column => column.Measure is null).Select(column => column.Name);
        var built = new TableBuilder(
            table.Name, "change", ["change", .. identity, "connections", "connections_before", "bytes", "bytes_before"]);
        foreach (var change in changes.Take(limit))
        {
            built.Add([Cell.Of(Word(change.Kind)), .. change.Known.Identity, Cell.Of(change.Now?.Connections),
                Cell.Of(change.Before?.Connections), Cell.Of(change.Now?.Bytes), Cell.Of(change.Before?.Bytes)]);
        }

        return built.Build(changes.Count);
    }

    public static string Word(ChangeKind kind) => kind switch
    {
        ChangeKind.New => "new",
        ChangeKind.Grown => "grown",
        _ => "gone",
    };
}
