using System.Globalization;
using System.Runtime.CompilerServices;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence.NameEntries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.NameLookups;

/// <summary>
/// Names of the connections that are shown, each by itself: the server name or host that this very connection called, found by both its
/// ends and ports and its time (an address may have a thousand names); else the newest answer of DNS before it, the device's own first.
/// Three requests at most.
/// </summary>
internal sealed class RowNames(NameReader reader, InternalRanges inside)
{
    /// <summary>Rows that are looked up; a search names the ends of all of them.</summary>
    private const int MostRows = 100;

    private const int MostRead = 1_000;

    /// <summary>How far the clocks of a connection and of its entry may be apart.</summary>
    private const long Slack = 5_000;

    /// <summary>How long before a connection its name may have been looked up: answers are seldom kept for more than a day.</summary>
    private const long Lookups = 86_400_000;

    private readonly ConditionalWeakTable<Findings, Findings> _named = [];

    /// <summary>The findings with the names of their rows, and a note of where they are from.</summary>
    public async Task<Findings> AddAsync(Findings found, EvidenceWish wish, CancellationToken cancellationToken)
    {
        if (_named.TryGetValue(found, out var before))
        {
            return before;
        }

        var number = found.Tables.ToList().FindIndex(table => table.Name == "traffic");
        if (number < 0 || RowCall.Of(found.Tables[number], inside, MostRows) is not { Count: > 0 } calls)
        {
            return found;
        }

        Dictionary<int, string> called = [];
        Dictionary<int, string> answered = [];
        var names = reader.By(wish);
        try
        {
            foreach (var kind in new[] { NameKind.Ssl, NameKind.Http })
            {
                await AddCalledAsync(
                    kind, names, [.. calls.Where(call => call.HasPorts && !called.ContainsKey(call.Row))], called, cancellationToken)
                    .ConfigureAwait(false);
            }

            await AddAnsweredAsync(names, [.. calls.Where(call => !called.ContainsKey(call.Row))], answered, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (ApplianceException)
        {
            // Names are beside the answer: without them it stands as it is, and they are asked for again.
            return found;
        }

        var named = Named(found, number, called, answered);
        _named.AddOrUpdate(found, named);
        return named;
    }

    private static async Task AddCalledAsync(
        NameKind kind, NameReader reader, List<RowCall> calls, Dictionary<int, string> names, CancellationToken cancellationToken)
    {
        if (calls.Count == 0)
        {
            return;
        }

        var entries = await reader.NewestAsync(
            new NameSearch
            {
                Kind = kind,
                Window = new TimeWindow(calls.Min(call => call.StartMs) - Slack, calls.Max(call => call.EndMs) + Slack),
                Sources = [.. calls.Select(call => call.Source).Distinct()],
                SourcePorts = [.. calls.Select(call => call.SourcePort).Distinct()],
                Hosts = [.. calls.Select(call => call.Destination).Distinct()],
            },
            MostRead, cancellationToken).ConfigureAwait(false);
        foreach (var call in calls)
        {
            if (entries.Where(entry => call.IsOf(entry, Slack)).MinBy(entry => Math.Abs(entry.TimeMs!.Value - call.StartMs)) is { } entry)
            {
                names.TryAdd(call.Row, entry.Name);
            }
        }
    }

    private static async Task AddAnsweredAsync(
        NameReader reader, List<RowCall> calls, Dictionary<int, string> names, CancellationToken cancellationToken)
    {
        if (calls.Count == 0)
        {
            return;
        }

        var entries = await reader.NewestAsync(
            new NameSearch
            {
                Kind = NameKind.Dns,
                Window = new TimeWindow(calls.Min(call => call.StartMs) - Lookups, calls.Max(call => call.StartMs) + Slack),
                Hosts = [.. calls.Select(call => call.Destination).Distinct()],
            },
            MostRead, cancellationToken).ConfigureAwait(false);
        var byAnswer = entries.SelectMany(entry => entry.Answers.Select(answer => (Answer: answer, Entry: entry)))
            .ToLookup(pair => pair.Answer, pair => pair.Entry);
        foreach (var call in calls)
        {
            var earlier = byAnswer[call.Destination].Where(entry => entry.TimeMs <= call.StartMs + Slack);
            if (earlier.MaxBy(entry => (entry.Source == call.Source, entry.TimeMs)) is { } entry)
            {
                names.TryAdd(call.Row, entry.Name);
            }
        }
    }

    // The column may have been left out, since no row had a name.
    private static Findings Named(Findings found, int number, Dictionary<int, string> called, Dictionary<int, string> answered)
    {
        const string Column = "destination_hostname";
        var table = found.Tables[number];
        var columns = table.Columns.ToList();
        var (at, isThere) = (columns.IndexOf(Column), true);
        if (at < 0)
        {
            (at, isThere) = (columns.IndexOf("destination") + 1, false);
            columns.Insert(at, Column);
        }

        var (ofCalls, ofAnswers) = (0, 0);
        var rows = new List<IReadOnlyList<Cell>>(table.Rows.Count);
        for (var row = 0; row < table.Rows.Count; row++)
        {
            List<Cell> cells = [.. table.Rows[row]];
            if (!isThere)
            {
                cells.Insert(at, Cell.Absent);
            }

            // What a connection called is its own; what was looked up says no more than what is there already.
            if (called.GetValueOrDefault(row) is { } own && cells[at] != Cell.Of(own))
            {
                cells[at] = Cell.Of(own);
                ofCalls++;
            }
            else if (answered.GetValueOrDefault(row) is { } earlier && cells[at].Kind == CellKind.Absent)
            {
                cells[at] = Cell.Of(earlier);
                ofAnswers++;
            }

            rows.Add(cells);
        }

        if (ofCalls + ofAnswers == 0)
        {
            return found;
        }

        var tables = found.Tables.ToArray();
        tables[number] = table with { Columns = columns, Rows = rows };
        return found with
        {
            Tables = tables,
            Notes =
            [
                .. found.Notes,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Names of far ends that rows do not tell: {ofCalls} are what the connection itself called (TLS, HTTP), {ofAnswers} " +
                    $"are of the DNS answer before it."),
            ],
        };
    }
}
