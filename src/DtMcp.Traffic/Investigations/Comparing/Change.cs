using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Queries;

namespace DtMcp.Traffic.Investigations.Comparing;

/// <summary>In the order that equal changes are shown.</summary>
internal enum ChangeKind
{
    New,
    Grown,
    Gone,
}

/// <summary>One group that is new, gone or grown.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Key">What it is known by in both windows.</param>
/// <param name="Now">Null when it is gone.</param>
/// <param name="Before">Null when it is new.</param>
/// <param name="Size">How large the change is (<see cref="ComparisonRules.Size"/>).</param>
internal sealed record Change(ChangeKind Kind, string Key, Group? Now, Group? Before, double Size)
{
    public Group Known => Now ?? Before!;

    /// <summary>
    /// All changes of one table, the largest first. <paramref name="scale"/> is how many times longer the later window is;
    /// <paramref name="seen"/> are those that were seen before both windows.
    /// </summary>
    public static IReadOnlyList<Change> Between(
        TableQuery table, (GroupSet Set, IReadOnlyDictionary<string, Group> Groups) now,
        (GroupSet Set, IReadOnlyDictionary<string, Group> Groups) before, double scale, IReadOnlySet<NetAddress>? seen = null)
    {
        List<Change> changes = [];
        foreach (var (key, group) in now.Groups.Where(pair => Counts(table, pair.Value)))
        {
            if (!before.Groups.TryGetValue(key, out var known))
            {
                if (seen?.Contains(NetAddress.OrNone(key)) == true)
                {
                    // Of no use in the other window, but not new: it has grown, where it is as much as that takes.
                    var none = group with { Connections = 0, Bytes = group.Bytes is null ? null : 0 };
                    if (ComparisonRules.HasGrown(group, none, scale))
                    {
                        changes.Add(new Change(ChangeKind.Grown, key, group, none, ComparisonRules.Size(group, none, scale)));
                    }
                }
                else if (!before.Set.MayHaveSeen(table, key))
                {
                    changes.Add(new Change(ChangeKind.New, key, group, null, ComparisonRules.Size(group, null, scale)));
                }
            }
            else if (ComparisonRules.HasGrown(group, known, scale))
            {
                changes.Add(new Change(ChangeKind.Grown, key, group, known, ComparisonRules.Size(group, known, scale)));
            }
        }

        changes.AddRange(before.Groups
            .Where(pair => Counts(table, pair.Value) && !now.Groups.ContainsKey(pair.Key) && !now.Set.MayHaveSeen(table, pair.Key))
            .Select(pair => new Change(ChangeKind.Gone, pair.Key, null, pair.Value, ComparisonRules.Size(null, pair.Value, scale))));
        return
        [
            .. changes.OrderByDescending(change => change.Size).ThenBy(change => change.Kind)
                .ThenBy(change => change.Key, StringComparer.Ordinal),
        ];
    }

    // Ports that systems hand out say nothing unless they are used as a service is.
    private static bool Counts(TableQuery table, Group group) => !table.By.IsPort() || group.Id < ComparisonRules.FirstEphemeralPort
        || group.Connections >= ComparisonRules.EphemeralUses;
}
