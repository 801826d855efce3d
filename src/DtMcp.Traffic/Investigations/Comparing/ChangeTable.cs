using DtMcp.Traffic.Answers;

namespace DtMcp.Traffic.Investigations.Comparing;

/// <summary>What is new, gone or grown between two windows, the largest change first; new before grown before gone.</summary>
internal static class ChangeTable
{
    /// <summary>In the order they are shown.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["new", "grown", "gone"];

    /// <summary>
    /// The table; null when nothing changed or one window does not know. <paramref name="counts"/> gets its lines of each kind.
    /// </summary>
    public static Table? Of(string name, string[] identity, WindowUsage nowUsage, WindowUsage beforeUsage,
        Func<WindowUsage, Dictionary<string, Usage>?> of, double scale, int limit, Dictionary<string, long> counts)
    {
        if (of(nowUsage) is not { } now || of(beforeUsage) is not { } before)
        {
            return null;
        }

        List<(int Kind, string Key, Usage? Now, Usage? Before)> changes = [];
        foreach (var (key, usage) in now)
        {
            if (!before.TryGetValue(key, out var known))
            {
                if (!beforeUsage.MayHaveSeen(key))
                {
                    changes.Add((0, key, usage, null));
                }
            }
            else if (HasGrown(usage.Bytes, known.Bytes, scale, ComparisonRules.MoreBytes)
                || HasGrown(usage.Connections, known.Connections, scale, ComparisonRules.MoreConnections))
            {
                changes.Add((1, key, usage, known));
            }
        }

        changes.AddRange(before.Where(pair => !now.ContainsKey(pair.Key) && !nowUsage.MayHaveSeen(pair.Key)).Select(pair =>
            (2, pair.Key, (Usage?)null, (Usage?)pair.Value)));
        if (changes.Count == 0)
        {
            return null;
        }

        foreach (var change in changes)
        {
            counts[Kinds[change.Kind]] = counts.GetValueOrDefault(Kinds[change.Kind]) + 1;
        }

        var table = new TableBuilder(name, "change", ["change", .. identity, "connections", "connections_before", "bytes", "bytes_before"]);
        foreach (var (kind, _, after, prior) in changes
            .OrderBy(change => change.Kind)
            .ThenByDescending(change => (change.Now?.Bytes ?? 0) + (change.Kind == 2 ? change.Before?.Bytes ?? 0 : 0))
            .ThenByDescending(change => (change.Now ?? change.Before)!.Connections ?? 0)
            .ThenBy(change => change.Key, StringComparer.Ordinal)
            .Take(limit))
        {
            table.Add([Cell.Of(Kinds[kind]), .. (after ?? prior)!.Identity, Cell.Of(after?.Connections), Cell.Of(prior?.Connections),
                Cell.Of(after?.Bytes), Cell.Of(prior?.Bytes)]);
        }

        return table.Build(changes.Count);
    }

    private static bool HasGrown(long? now, long? before, double scale, long more) =>
        now is { } after && before is { } prior && after >= ComparisonRules.Times * prior * scale && after - (prior * scale) >= more;
}
