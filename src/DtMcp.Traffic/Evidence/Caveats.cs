using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Reading.Records;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence;

/// <summary>
/// Notes on what an answer is worth: rows that disagree with the appliance's own count, filters that cannot be seen to have filtered.
/// </summary>
internal static class Caveats
{
    /// <summary>What a token without Unrestricted Devices gets.</summary>
    public const string Anonymised =
        "The token may not see unrestricted devices, so the appliance anonymises its answers: names are not the real ones. Give the " +
        "token the permission \"Unrestricted Devices\".";

    /// <summary>What sums say that stopped at their end.</summary>
    public static readonly string Full = string.Create(
        CultureInfo.InvariantCulture,
        $"The appliance says sizes that add up to more than can be counted; a sum of {Sum.Most} means at least that.");

    /// <summary>Whether a figure that is told stopped at its end.</summary>
    public static bool IsFull(Findings findings) =>
        findings.Totals.Any(total => IsFull(total.Value)) || findings.Tables.Any(table => table.Rows.Any(row => row.Any(IsFull)));

    private static bool IsFull(Cell cell) => cell is { Kind: CellKind.Integer, Integer: Sum.Most };

    /// <summary>Whether the rows are as many as the appliance says itself.</summary>
    public static IReadOnlyList<string> OfAnswer(NetworkAnswer answer) => answer switch
    {
        { Kind: NetworkAnswerKind.Empty } =>
            ["The appliance answered with nothing at all: it knows no field of that name, or has no data for this window."],
        { ReportedConnections: { } said } when said != answer.Rows =>
            [string.Create(CultureInfo.InvariantCulture,
                $"The appliance's own summary says {said} connections, but it sent {answer.Rows}; figures are of those sent.")],
        _ => OfEntries(answer),
    };

    /// <summary>
    /// What the records read are worth: parts that did not answer, rows not read, starts that are not known, gaps of the sensors.
    /// </summary>
    public static IEnumerable<string> OfRecords(RecordsResult result, FlowSet flows)
    {
        if (result.SilentProbes is { } probes)
        {
            yield return $"{AtLeast}: the probe {PlainText.Of(probes)} did not answer, so what it alone saw is missing. Ask again; " +
                $"nothing of this is kept.";
        }

        if (result.TimedOut)
        {
            yield return $"{AtLeast}: the search ran out of time on the appliance. Ask a shorter window or a filter; nothing of this is " +
                $"kept.";
        }

        if (result.FailedShards > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{AtLeast}: {result.FailedShards} parts of the appliance's index failed. Ask again; nothing of this is kept.");
        }

        if (result.Read + result.Outside < result.Total)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The appliance counts {result.Total} records and gives {result.Read + result.Outside}: figures are of those it gives. " +
                $"Ask a shorter window or a filter.");
        }

        if (result.Outside > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{result.Outside} records that the appliance sent start outside the window and are not counted.");
        }

        if (result.ByInsertion > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{result.ByInsertion} of {result.Read} records do not say when they began: they stand at the whole second in which they " +
                $"were put into the index, so periods and hours are rough.");
        }

        if (result.MissedRows > 0 && (result.MissedBytes >= flows.Bytes / MissedShare || result.MissedRows >= result.Read / MissedShare))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Sensors missed {result.MissedBytes} bytes of payload in {result.MissedRows} of {result.Read} connections (gaps in what " +
                $"reached them): bytes are by sequence numbers, packets are too few there, and other connections may be missing.");
        }
    }

    private const string AtLeast = "Totals are at least what is shown";

    /// <summary>Gaps count from this part of the bytes or connections on: one in a hundred.</summary>
    private const int MissedShare = 100;

    /// <summary>Whether tables or points were too many to be kept.</summary>
    public static IReadOnlyList<string> OfEntries(NetworkAnswer answer) => answer.EntriesNotKept == 0 ? [] :
        [string.Create(CultureInfo.InvariantCulture,
            $"The answer has {answer.EntriesNotKept} more entries than are kept of one answer; figures are of those kept. Ask a shorter " +
            $"window or a filter.")];

    /// <summary>What rows were left out, which sums are at their end, and which names were cut.</summary>
    public static IEnumerable<string> OfRows(FlowSet flows)
    {
        if (flows.Outside > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The appliance sent {flows.Outside} connections that start outside the time asked for; they are left out.");
        }

        if (flows.IsFull)
        {
            yield return Full;
        }

        foreach (var note in OfNames(flows).Concat(OfOddValues(flows.Invalid)))
        {
            yield return note;
        }
    }

    /// <summary>Whether names were cut or left out because they were too many or too long.</summary>
    private static IEnumerable<string> OfNames(FlowSet flows)
    {
        var hosts = flows.Hosts;
        if (hosts.NamesLeftOut > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Endpoints known by a name alone have more text than one reading keeps ({KeptNames.MaxHostBytes >> 20} MiB); those " +
                $"beyond count as one, {KeptNames.Other}.");
        }

        if (hosts.DetailsLeftOut > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Names and details of some endpoints are left out: the answer has more such text than one reading keeps " +
                $"({KeptNames.MaxHostBytes >> 20} MiB).");
        }

        if (hosts.HasCut || flows.Protocols.HasCut || flows.ApplicationProtocols.HasCut)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"Names of more than {KeptNames.Longest} characters are cut; those that begin alike count as one.");
        }
    }

    /// <summary>Values of rows that cannot be right: how many of each kind, the first of them, and what became of them.</summary>
    public static IEnumerable<string> OfOddValues(InvalidValues odd)
    {
        if (odd.Total > 0)
        {
            yield return $"The answer holds values that cannot be right: " +
                $"{string.Join("; ", odd.Kinds.Select(kind => Text(kind.Kind, kind.Count, kind.Example)))}.";
        }
    }

    private static string Text(InvalidKind kind, long count, string example)
    {
        var what = kind switch
        {
            InvalidKind.NoObject => $"rows are no objects (such as {example}), left out",
            InvalidKind.Size => $"sizes are below zero or no number ({example}), counted as 0",
            InvalidKind.LargeSize => $"sizes are beyond 2^53-1 ({example}), counted as that",
            InvalidKind.Port => $"ports are outside 0 to 65535 ({example}), taken as unknown (port 0)",
            InvalidKind.Seconds => $"times are in seconds ({example}), taken as such",
            InvalidKind.Microseconds => $"times are in microseconds ({example}), taken as such",
            InvalidKind.Nanoseconds => $"times are in nanoseconds ({example}), taken as such",
            _ => $"other values cannot be read ({example}), taken as unknown",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{count} {what}");
    }

    /// <summary>Whether a filter on a protocol can be seen in the guide's tables: they must name nothing else.</summary>
    public static IReadOnlyList<string> OfFilters(NetworkQuery filters, IEnumerable<Connectivity> answers)
    {
        List<string> notes = [];
        foreach (var tables in answers)
        {
            Check(notes, "protocol", filters.Protocol, tables.Protocols,
                static (one, other) => one.Equals(other, StringComparison.OrdinalIgnoreCase));
            Check(notes, "applicationprotocol", filters.ApplicationProtocol, tables.ApplicationProtocols, ApplicationNames.AreAlike);
            if ((filters.Port ?? filters.SourcePort ?? filters.DestinationPort) is { } port
                && tables is { RemotePorts: null, LocalPorts: null })
            {
                AddOnce(notes, string.Create(CultureInfo.InvariantCulture,
                    $"Filter not confirmed: this view has no port table, so it cannot be seen that port {port} filtered."));
            }
        }

        return notes;
    }

    private static void Check(List<string> notes, string name, string? wanted, IReadOnlyList<NamedBytes>? table,
        Func<string, string, bool> same)
    {
        if (wanted is null)
        {
            return;
        }

        if (table is null)
        {
            AddOnce(notes, $"Filter not confirmed: this answer has no table of {name}, so it cannot be seen that it filtered.");
        }
        else if (table.Any(row => row.Bytes.Total > 0 && !same(wanted, row.Name)))
        {
            AddOnce(notes, $"Filter not confirmed: the appliance names other values of {name} too, so the figures may be broader than " +
                $"asked.");
        }
    }

    private static void AddOnce(List<string> notes, string note)
    {
        if (!notes.Contains(note))
        {
            notes.Add(note);
        }
    }

    /// <summary>
    /// What to know of a filter by application protocol that is put to records; null when the name means the same there and was met.
    /// </summary>
    public static string? OfApplication(string? wanted, FlowSet records)
    {
        if (wanted is null || ApplicationNames.IsUnknown(wanted))
        {
            return null;
        }

        var name = PlainText.Of(wanted);
        var services = string.Join(" or ", ApplicationNames.ServicesOf(wanted).Select(PlainText.Of));
        if (ApplicationNames.IsHttps(wanted))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Records name application protocols as Zeek does: HTTPS is {services} there, as SSL is, whatever the port. Those to " +
                $"port {ApplicationNames.HttpsPort} without a known service are counted too, an inference from the port.");
        }

        if (!Has(wanted, records))
        {
            var why = ApplicationNames.IsOfZeek(wanted) || ApplicationNames.IsOtherInZeek(wanted)
                ? "it was not seen here"
                : "Zeek is not known to have that name, so this need not mean that there was none";
            return $"No record that was read has the application protocol {name}: records name it as Zeek does, {services} was looked " +
                $"for, and {why}.";
        }

        return ApplicationNames.IsOfZeek(wanted) ? null : $"Records name application protocols as Zeek does: {name} is {services} there.";
    }

    private static bool Has(string wanted, FlowSet records) =>
        records.Count > 0 && Enumerable.Range(1,
            records.ApplicationProtocols.Count - 1).Any(id => ApplicationNames.IsSame(wanted, records.ApplicationProtocols[(ushort)id]));
}
