using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic;

/// <summary>Says in words that nothing matches: empty tables and zeros alone look as if something had gone wrong.</summary>
internal static class NothingFound
{
    public static IEnumerable<string> Notes(Question question, Gathered gathered, Findings findings)
    {
        if (gathered.Rows?.Flows is not { } flows || findings.Tables.Count == 0 || findings.Tables.Any(table => table.Of > 0)
            || findings.Totals.Any(total => total.Value is { Kind: CellKind.Integer, Integer: > 0 }))
        {
            yield break;
        }

        yield return flows.Count == 0 && AskedFilters.Of(question, question.Filters).Count == 0
            ? "No connection starts in this window: ask a longer one. check_appliance tells what can be read."
            : "No connection matches: leave out a filter, or ask a longer window.";
    }
}
