using System.Globalization;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence.Counts;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Queries.Counts;

/// <summary>
/// Makes a table by any dimension in order of any measure. All groups are asked about where they are few; else those with the most
/// connections are in the list, and those with the largest sums are found by the sizes of their records. In an order that would have to be
/// guessed there is no table: records answer then.
/// </summary>
internal sealed class CountAggregate(
    AnalysisSettings settings, CountedEvidence evidence, CountLookup counts, CountTerms terms, CountFigures figures, CountLimits limits)
{
    /// <summary>Whether a table may be told, by what the records themselves have.</summary>
    public static bool MayTell(TableQuery query) => query.Then is null
        && Capabilities.OfCounts(query.By, query.Where, query.OrderBy).IsKnown;

    public Table? Of(TableQuery query, Column[] columns)
    {
        if (CountGroups.Of(query.By, terms.Of(query.Where), query.WithUnknown, counts, terms) is not { } groups)
        {
            return null;
        }

        var (asked, limit) = (CountCosts.Affordable(columns, query.By), query.Top ?? settings.Limit);
        if (groups.IsWhole && groups.Groups.Count <= asked)
        {
            return Build(query, columns, groups, InOrder(query, Rows(query, groups.Groups, asked, groups.ListsExactly)).Take(limit));
        }

        if (query.OrderBy == MeasureKind.Connections && (!query.IsAscending || (groups.IsWhole && groups.ListsExactly)))
        {
            // Those of one number stay in the order of their keys.
            var listed = query.IsAscending ? groups.Groups.OrderBy(group => group.Listed) : (IEnumerable<CountGroup>)groups.Groups;
            var shown = groups.ListsExactly ? limit : Math.Min(limit, asked);
            Say(asked < Math.Min(limit, groups.Groups.Count), Capabilities.AskedForSome);
            var rows = Rows(query, listed.Take(shown), asked, groups.ListsExactly);
            var behind = query.IsAscending ? 0 : groups.MostBehind(rows.Count);
            Say(rows.Exists(row => (row.Value(MeasureKind.Connections) ?? row.Group.Listed) < behind), Capabilities.InDoubtfulOrder);
            return Build(query, columns, groups, groups.ListsExactly ? rows : InOrder(query, rows));
        }

        if (query.IsAscending || !HeavyGroups.Finds(query.By, query.OrderBy))
        {
            limits.Refuse($"which of many have the {(query.IsAscending ? "least" : "most")} of that measure only single records tell");
            return null;
        }

        return Heaviest(query, columns, groups, limit);
    }

    // In order of a sum.
    private Table? Heaviest(TableQuery query, Column[] columns, CountGroups groups, int limit)
    {
        var heavy = new HeavyGroups(counts, terms);
        if (heavy.Find(query.By, terms.Of(query.Where), query.OrderBy, query.WithUnknown) is not { } found)
        {
            return null;
        }

        if (!heavy.IsUnderstood || double.IsPositiveInfinity(heavy.MostUnseen))
        {
            limits.Refuse("the appliance does not select numbers by their size as its search is said to, or has some below zero");
            return null;
        }

        limit = Math.Min(limit, CountCosts.Affordable(columns, query.By));
        var asked = Math.Min(CountCosts.Candidates(columns, query.By, query.OrderBy, limit), found.Count);
        var rows = InOrder(query, Rows(query, found.Take(asked).Select(one => one.Group), asked, isListedExactly: false))
            .Take(limit).ToList();
        var others = Math.Max(found.Count > asked ? found[asked].Most : 0, heavy.MostUnseen);
        if (rows.Count > 0 && rows[^1].Value(query.OrderBy) is { } least && others > least)
        {
            var sure = rows.TakeWhile(row => row.Value(query.OrderBy) >= others).Count();
            limits.Add(Capability.Bounded(string.Create(
                CultureInfo.InvariantCulture,
                $"the first {sure} rows are the largest for certain, for one that is not shown may have up to {others:0}")));
        }

        Say(limit < Math.Min(query.Top ?? settings.Limit, groups.Groups.Count), Capabilities.AskedForSome);
        return Build(query, columns, groups, rows);
    }

    private List<CountRow> Rows(TableQuery query, IEnumerable<CountGroup> groups, int asked, bool isListedExactly) =>
    [
        .. groups.Select((group, place) => new CountRow(
            evidence, figures, limits, query.By, terms.Of(query.Where), group, place < asked, isListedExactly, query.Columns)),
    ];

    private Table Build(TableQuery query, Column[] columns, CountGroups groups, IEnumerable<CountRow> rows)
    {
        if (Keyless(query, groups) is { } keyless and > 0)
        {
            limits.Say(string.Create(
                CultureInfo.InvariantCulture, $"{keyless} connections have no {query.By.Word()} and are in no row."));
        }

        Say(!terms.IsOneAddress && query.By is not (Dimension.Device or Dimension.Source or Dimension.Destination)
            && columns.Any(column => column.Measure?.Kind is MeasureKind.BytesIn or MeasureKind.BytesOut), Capabilities.SelfTwice);
        var by = columns.First(column => column.Measure?.Kind == query.OrderBy).Name;
        var table = new TableBuilder(query.Name, by, [.. columns.Select(column => column.Name)]);
        foreach (var row in rows)
        {
            table.Add([.. columns.Select(row.Of)]);
        }

        return table.Build(groups.Groups.Count) with { MayHaveMore = !groups.IsWhole };
    }

    // Of a device, those that none of them took part in; of a port, those without ports.
    private long? Keyless(TableQuery query, CountGroups groups)
    {
        var where = terms.Of(query.Where);
        return query.By == Dimension.Device
            ? counts.Total(where) - counts.Total(CountTerms.And(where, ConnTerm.Any(terms.NearSource, terms.NearDestination)))
            : groups.ListsExactly ? counts.Total(where) - groups.OfOthers - groups.Groups.Sum(group => group.Listed) : null;
    }

    private void Say(bool isSo, Capability limit)
    {
        if (isSo)
        {
            limits.Add(limit);
        }
    }

    private static IEnumerable<CountRow> InOrder(TableQuery query, IEnumerable<CountRow> rows) => (query.IsAscending
        ? rows.OrderBy(row => row.Value(query.OrderBy) ?? long.MaxValue)
        : rows.OrderByDescending(row => row.Value(query.OrderBy) ?? -1))
            .ThenBy(row => row.Group.Address).ThenBy(row => row.Group.Port).ThenBy(row => row.Group.Key, StringComparer.Ordinal);
}
