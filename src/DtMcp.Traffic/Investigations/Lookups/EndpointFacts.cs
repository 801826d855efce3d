using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Evidence.NameEntries;
using DtMcp.Traffic.Investigations.NameLookups;
using DtMcp.Traffic.Queries.Collected;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.Lookups;

/// <summary>
/// What is known of a far end beside its traffic: the appliance's own details, its names of the window, and the model breaches of the
/// devices that talk to it; and when the history saw it. Four requests at most; each may fail alone, with its reason.
/// </summary>
internal sealed class EndpointFacts(DarktraceClient client, ApplianceMemory memory, NameReader names, PastReader past)
{
    private const string Details = "/endpointdetails";
    private const string Breaches = "/modelbreaches";

    // The newest entries that name it: enough for every name that is in use.
    private const int NewestNames = 1_000;

    public async Task<Findings> AddAsync(Findings found, Ask ask, NetAddress address, int limit, CancellationToken cancellationToken)
    {
        List<string> notes = [.. found.Notes];
        var details = await TryAsync(
            Details, "details of the endpoint", notes,
            () => client.GetEndpointDetailsAsync(address, null, devices: false, cancellationToken)).ConfigureAwait(false);
        var book = await NamesAsync(address, ask, notes, cancellationToken).ConfigureAwait(false);
        var breaches = await TryAsync(
            Breaches, "model breaches", notes,
            () => client.GetModelBreachesAsync(ask.Window, null, cancellationToken)).ConfigureAwait(false);
        var record = await RecordAsync(address, ask.Window.EndMs, notes, cancellationToken).ConfigureAwait(false);
        if (record is not null)
        {
            notes.Add($"first_seen, last_seen, devices_seen and days_seen are of {PastReader.Told(record.FromMs, record.Hours)}"
                + (record.FirstMs == 0 ? ", which never saw it." : "."));
        }

        return found with
        {
            Device = [.. Described(address, details, found), .. Seen(record)],
            DeviceWord = "endpoint",
            Tables =
            [
                .. found.Tables,
                .. book is { Uses.Count: > 0 } ? [NameTable(book, limit)] : Array.Empty<Table>(),
                .. breaches is null || !found.Tables.Any(table => table.Name == "devices")
                    ? Array.Empty<Table>()
                    : [BreachesOf(breaches, found, limit)],
            ],
            Notes = notes,
        };
    }

    private async Task<HistoryRecord?> RecordAsync(
        NetAddress address, long untilMs, List<string> notes, CancellationToken cancellationToken)
    {
        try
        {
            return await past.RecordOfAsync(address, untilMs, cancellationToken).ConfigureAwait(false);
        }
        catch (HistoryAwayException away)
        {
            notes.Add(PastReader.Away(away));
            return null;
        }
    }

    private async Task<NameBook?> NamesAsync(NetAddress address, Ask ask, List<string> notes, CancellationToken cancellationToken)
    {
        List<(NameKind, Darktrace.Reading.NameRecords.NameRecord)> records = [];
        try
        {
            foreach (var kind in new[] { NameKind.Dns, NameKind.Ssl })
            {
                var search = new NameSearch { Kind = kind, Window = ask.Window, Hosts = [address] };
                records.AddRange((await names.By(ask.Evidence).NewestAsync(search, NewestNames, cancellationToken).ConfigureAwait(false))
                    .Select(record => (kind, record)));
            }
        }
        catch (ApplianceException error)
        {
            notes.Add($"No names: {error.Happened} {error.Remedy}");
            return null;
        }

        return new NameBook(records);
    }

    private async Task<T?> TryAsync<T>(string endpoint, string what, List<string> notes, Func<Task<T>> ask)
        where T : class
    {
        if (!memory.MayTry(endpoint))
        {
            notes.Add(memory.WhyRefused(endpoint)!);
            return null;
        }

        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (ApplianceException error)
        {
            var why = $"No {what}: {error.Happened} {error.Remedy}";
            memory.Remember(endpoint, error, why);
            notes.Add(why);
            return null;
        }
    }

    private static List<Field> Described(NetAddress address, EndpointDetails? details, Findings found)
    {
        var devices = found.Tables.FirstOrDefault(table => table.Name == "devices");
        List<Field> fields = [new("ip", Cell.Of(address.ToString()))];
        Add("hostname", Cell.Of(details?.Hostname));
        Add("inside", details?.IsInternal == true ? Cell.Of(true) : Cell.Absent);
        Add("country", Cell.Of(details?.Country));
        Add("city", Cell.Of(details?.City));
        Add("asn", Cell.Of(details?.Asn));
        Add("first_seen_by_appliance", Cell.Second(details?.FirstTime));
        Add("popularity", details?.Popularity is { } popular ? Cell.Of(popular) : Cell.Absent);
        Add("dga_score", details?.DgaScore is { } dga ? Cell.Of(dga) : Cell.Absent);
        Add("devices_in_window", devices is null ? Cell.Absent : Cell.Of(devices.Of));
        return fields;

        void Add(string name, Cell value)
        {
            if (value.Kind != CellKind.Absent)
            {
                fields.Add(new Field(name, value));
            }
        }
    }

    private static IEnumerable<Field> Seen(HistoryRecord? record) => record is not { FirstMs: > 0 } ? [] :
    [
        new("first_seen", Cell.Second(record.FirstMs)), new("last_seen", Cell.Second(record.LastMs)),
        new("devices_seen", Cell.Of(record.Devices)), new("days_seen", Cell.Of(record.Days)),
    ];

    private static Table NameTable(NameBook book, int limit)
    {
        var table = new TableBuilder("names", "uses", "name", "lookups", "calls", "devices", "first", "last");
        foreach (var use in book.Uses.OrderByDescending(use => use.Lookups + use.Calls).ThenBy(use => use.Name, StringComparer.Ordinal)
            .Take(limit))
        {
            table.Add(
                Cell.Of(use.Name), Cell.Of(use.Lookups), Cell.Of(use.Calls), Cell.Of((long)use.Devices.Count),
                Cell.Second(use.First == long.MaxValue ? null : use.First), Cell.Second(use.Last == 0 ? null : use.Last));
        }

        return table.Build(book.Uses.Count);
    }

    private static Table BreachesOf(IReadOnlyList<ModelBreach> breaches, Findings found, int limit)
    {
        var devices = found.Tables.FirstOrDefault(table => table.Name == "devices");
        var at = devices?.Columns.ToList().IndexOf("did") ?? -1;
        var dids = at < 0 ? [] : devices!.Rows.Where(row => row[at].Kind == CellKind.Integer).Select(row => row[at].Integer).ToHashSet();
        var rows = breaches.Where(breach => breach.Device is { } device && dids.Contains(device.Did))
            .OrderByDescending(breach => breach.Score ?? 0).ThenBy(breach => breach.Pbid).ToList();
        var table = new TableBuilder("model_breaches_of_devices", "percentscore", "time", "did", "model", "percentscore", "pbid");
        foreach (var breach in rows.Take(limit))
        {
            table.Add(
                Cell.Second(breach.TimeMs), Cell.Of(breach.Device!.Did), Cell.Of(breach.Model),
                breach.PercentScore is { } percent ? Cell.Of((long)Math.Round(percent)) : Cell.Absent, Cell.Of(breach.Pbid));
        }

        return table.Build(rows.Count) with { IsVerdict = true };
    }
}
