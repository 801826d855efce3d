using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Joining;

/// <summary>
/// One answer of what several appliances found. No connection is in two of them, so sums add up. What is the same wherever it is seen (a
/// host outside, a port, a country, an hour) is one row; what is an appliance's own (a device, a finding) stays its own; each row says
/// whose it is. Pure.
/// </summary>
internal static class JoinedDigest
{
    private const string Own = "appliances";

    /// <param name="question">What was asked of each.</param>
    /// <param name="answers">What each said, of which one at least is an answer.</param>
    public static Digest Of(Question question, IReadOnlyList<ApplianceAnswer> answers)
    {
        List<(string Appliance, Digest Digest)> parts =
            [.. answers.Where(answer => answer.Digest is not null).Select(answer => (answer.Appliance, answer.Digest!))];
        var first = parts[0].Digest;
        var totals = JoinedTotals.Of([.. parts.Select(part => part.Digest.Totals)]);
        List<string> notes = [.. Failures(answers), .. Notes(parts)];
        List<Table> tables = [Each(answers)];
        foreach (var name in parts.SelectMany(part => part.Digest.Tables.Select(table => table.Name)).Distinct())
        {
            List<(string Appliance, Table Table)> having = [.. parts
                .Select(part => (part.Appliance, Table: part.Digest.Tables.FirstOrDefault(table => table.Name == name)!))
                .Where(part => part.Table is not null)];
            tables.Add(JoinedTable.Of(having, question, totals, IsInside, notes));
            if (parts.Count > having.Count)
            {
                var without = parts.Select(part => part.Appliance).Except(having.Select(part => part.Appliance));
                notes.Add($"{name}: {string.Join(", ", without)} cannot tell of it.");
            }
        }

        return new Digest
        {
            Tool = first.Tool,
            Scope = first.Scope with
            {
                Appliance = string.Join(", ", parts.Select(part => part.Appliance)),
                Window = Window(parts.Select(part => part.Digest.Scope.Window)),
                Evidence = Evidence(parts),
                ConnectionsRead = parts.TrueForAll(part => part.Digest.Scope.ConnectionsRead is not null)
                    ? parts.Sum(part => part.Digest.Scope.ConnectionsRead)
                    : null,
                CachedSeconds = parts.Max(part => part.Digest.Scope.CachedSeconds),
                Synthetic = parts.Exists(part => part.Digest.Scope.Synthetic),
            },
            Device = Device([.. parts.Select(part => part.Digest)]),
            DeviceWord = first.DeviceWord,
            Totals = totals,
            Tables = tables,
            Notes = [.. notes.Distinct()],
            Next = [.. Next(parts).Take(question.Detail == Detail.Brief ? 2 : 5)],
        };

        bool IsInside(string appliance, NetAddress address) =>
            answers.First(answer => answer.Appliance == appliance).Internal.Contains(address);
    }

    // What each said by itself: its totals are not all sums.
    private static Table Each(IReadOnlyList<ApplianceAnswer> answers)
    {
        string[] totals = [.. answers.SelectMany(answer => answer.Digest?.Totals ?? []).Select(total => total.Name).Distinct()];
        var table = new TableBuilder(Own, null, ["appliance", "answer", "evidence", "connections_read", .. totals]);
        foreach (var answer in answers)
        {
            table.Add(
            [
                Cell.Of(answer.Appliance), Cell.Of(answer.Failure?.Code ?? "answered"), Cell.Of(answer.Digest?.Scope.Evidence),
                Cell.Of(answer.Digest?.Scope.ConnectionsRead),
                .. totals.Select(name => answer.Digest?.Totals.FirstOrDefault(total => total.Name == name).Value ?? Cell.Absent),
            ]);
        }

        return table.BuildFilled(answers.Count);
    }

    private static IEnumerable<string> Failures(IReadOnlyList<ApplianceAnswer> answers) =>
        answers.Where(answer => answer.Failure is not null).Select(answer => (answer.Tools, Said:
            $"{answer.Appliance} is in none of the figures: {answer.Failure!.Code}: {answer.Failure.Happened} {answer.Failure.Remedy}"))
            .Select(failure => failure.Tools?.Without(failure.Said) ?? failure.Said);

    // What all say is said once.
    private static IEnumerable<string> Notes(List<(string Appliance, Digest Digest)> parts) =>
        parts.SelectMany(part => part.Digest.Notes.Select(note => (note, part.Appliance)))
            .GroupBy(said => said.note, said => said.Appliance)
            .Select(said => said.Distinct().Count() == parts.Count ? said.Key : $"{string.Join(", ", said.Distinct())}: {said.Key}");

    // The first of each in turn.
    private static IEnumerable<string> Next(List<(string Appliance, Digest Digest)> parts) =>
        parts.SelectMany(part => part.Digest.Next.Select((call, at) => (call, at)))
            .OrderBy(next => next.at).Select(next => next.call).Distinct();

    // What is known of a far end is known of it everywhere; a device is one appliance's.
    private static IReadOnlyList<Field>? Device(List<Digest> parts)
    {
        List<IReadOnlyList<Field>> known = [.. parts.Select(part => part.Device).OfType<IReadOnlyList<Field>>()];
        return known.Count == 0 ? null : [.. known[0].Where(field => known.TrueForAll(other => other.Contains(field)))];
    }

    private static string? Evidence(List<(string Appliance, Digest Digest)> parts)
    {
        string[] kinds = [.. parts.Select(part => part.Digest.Scope.Evidence).OfType<string>().Distinct()];
        return kinds.Length == 0 ? null : string.Join(" and ", kinds);
    }

    private static TimeWindow? Window(IEnumerable<TimeWindow?> windows)
    {
        List<TimeWindow> known = [.. windows.OfType<TimeWindow>()];
        return known.Count == 0 ? null : new TimeWindow(known.Min(window => window.StartMs), known.Max(window => window.EndMs));
    }
}
