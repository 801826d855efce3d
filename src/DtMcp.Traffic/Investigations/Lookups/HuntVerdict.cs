using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Lookups;

/// <summary>
/// Beside each finding above low what Darktrace itself says: the breach or incident of the same device and time, and since when and how
/// commonly the far end is known. Two requests for the alerts, and one for each of a few far ends.
/// </summary>
internal sealed class HuntVerdict(DarktraceClient client, AlertReader reader, ApplianceMemory memory)
{
    private const string Endpoint = "/endpointdetails";

    /// <summary>Far ends asked about: those of the first findings.</summary>
    private const int MostHosts = 5;

    public async Task<Findings> AddAsync(Findings found, Ask ask, EvidenceKind evidence, CancellationToken cancellationToken)
    {
        var isConnectivity = evidence == EvidenceKind.Connectivity;
        if (found.Subjects.Count == 0 && !isConnectivity)
        {
            return found;
        }

        var (alerts, missing) = await reader.ReadAsync(ask.Window, ask.Focus?.Did ?? ask.Filters.Did, cancellationToken)
            .ConfigureAwait(false);
        List<string> notes = [.. found.Notes, .. missing];
        var known = await KnownAsync(found.Subjects, notes, cancellationToken).ConfigureAwait(false);
        var covered = alerts.Where(alert => found.Subjects.Any(alert.Covers)).ToList();
        if (alerts.Count > 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"Darktrace itself raised {alerts.Count(alert => !alert.IsIncident)} model breaches and " +
                $"{alerts.Count(alert => alert.IsIncident)} incidents in the window; {alerts.Count - covered.Count} of them are of no " +
                $"finding above low here. list_alerts has them."));
        }

        return found with
        {
            Tables =
            [
                .. found.Tables.Select((table, at) => at == 0 ? WithVerdict(table, found.Subjects, alerts, known) : table),
                .. isConnectivity && alerts.Count > 0 ? [AlertList.Table(alerts, ask.Rows)] : Array.Empty<Table>(),
            ],
            Notes = notes,
        };
    }

    private async Task<Dictionary<NetAddress, EndpointDetails>> KnownAsync(IReadOnlyList<Subject> subjects, List<string> notes,
        CancellationToken cancellationToken)
    {
        Dictionary<NetAddress, EndpointDetails> known = [];
        var hosts = subjects.Select(subject => subject.Far).OfType<NetAddress>().Distinct().ToList();
        if (hosts.Count > 0 && !memory.MayTry(Endpoint))
        {
            notes.Add(memory.WhyRefused(Endpoint)!);
            return known;
        }

        foreach (var host in hosts.Take(MostHosts))
        {
            try
            {
                known[host] = await client.GetEndpointScoreAsync(host, cancellationToken).ConfigureAwait(false);
            }
            catch (ApplianceException error)
            {
                var why = $"Since when far ends are known is not told: {error.Happened} {error.Remedy}";
                memory.Remember(Endpoint, error, why);
                notes.Add(why);
                return known;
            }
        }

        if (hosts.Count > MostHosts)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"The appliance was asked about the first {MostHosts} of {hosts.Count} far ends."));
        }

        return known;
    }

    private static Table WithVerdict(Table table, IReadOnlyList<Subject> subjects, IReadOnlyList<Alert> alerts,
        Dictionary<NetAddress, EndpointDetails> known)
    {
        // Short rows have no times: their verdict is short, too.
        var isShort = !table.Columns.Contains("first") && table.Columns.Contains("connections");
        var verdicts = subjects.Select(subject => isShort ? Short(subject, alerts) : Verdict(subject, alerts, known)).ToList();
        return verdicts.TrueForAll(verdict => verdict.Length == 0) ? table : table with
        {
            Columns = [.. table.Columns, "darktrace"],
            Rows =
            [
                .. table.Rows.Select((row, at) => (IReadOnlyList<Cell>)
                [
                    .. row, at < verdicts.Count && verdicts[at].Length > 0 ? Cell.Sentence(verdicts[at]) : Cell.Absent,
                ]),
            ],
        };
    }

    private static string Short(Subject subject, IReadOnlyList<Alert> alerts) => string.Join("; ", alerts
        .Where(alert => alert.Covers(subject)).DistinctBy(alert => alert.IsIncident).OrderBy(alert => alert.IsIncident)
        .Select(alert => alert.IsIncident ? "incident" : $"breach {alert.Id}"));

    private static string Verdict(Subject subject, IReadOnlyList<Alert> alerts, Dictionary<NetAddress, EndpointDetails> known)
    {
        List<string> parts = [];
        var covering = alerts.Where(alert => alert.Covers(subject)).ToList();
        foreach (var kind in covering.GroupBy(alert => alert.IsIncident).OrderBy(kind => kind.Key))
        {
            var (best, others) = (kind.First(), kind.Count() - 1);
            var score = best.Score is { } told ? string.Create(CultureInfo.InvariantCulture, $" {told:0}") : "";
            parts.Add(string.Create(CultureInfo.InvariantCulture,
                $"{(best.IsIncident ? "incident" : "breach " + best.Id)} {PlainText.Of(best.Title ?? "")}{score}")
                + (others > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {others} more") : ""));
        }

        if (subject.Far is { } far && known.TryGetValue(far, out var details))
        {
            parts.AddRange(details.FirstTime is { } first && TimeText.Second(first) is { } text ? [$"far end known since {text} UTC"]
                : Array.Empty<string>());
            parts.AddRange(details.Popularity is { } popularity
                ? [string.Create(CultureInfo.InvariantCulture, $"popularity {popularity:0} of 100")] : Array.Empty<string>());
        }

        return string.Join("; ", parts);
    }
}
