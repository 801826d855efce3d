using DtMcp.Darktrace.Flows;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries;

namespace DtMcp.History.Counting;

/// <summary>What the roll-up holds: all but source ports, sizes of single connections, and times within an hour.</summary>
internal static class RolledUp
{
    public static bool Holds(HistorySelection rows, HistoryGroups? groups) =>
        rows.Search is { Port: null, SourcePort: null } && rows.Conditions.MinBytes is null
        && (rows.Seen & FlowFields.State) != 0
        && (groups is null || (Holds(groups.By, groups) && (groups.Then is not { } then || Holds(then, groups))
            && (groups.Of?.By is not { } of || Holds(of, groups))));

    private static bool Holds(Dimension by, HistoryGroups groups) =>
        by != Dimension.SourcePort && (!by.IsOfTime() || groups.StepMs % HistoryHour.LengthMs == 0);
}
