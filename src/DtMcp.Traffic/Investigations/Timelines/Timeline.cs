using System.Globalization;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Queries;

namespace DtMcp.Traffic.Investigations.Timelines;

/// <summary>
/// A device's window in order of time: the first contact with each far end that weighs most, uploads, who came in from outside, breaches.
/// Made of tables that a query gives for it, which it takes the place of.
/// </summary>
internal static class Timeline
{
    public const string Out = "contacts_out";
    public const string In = "contacts_in";
    public const string TableName = "timeline";
    private const string Breaches = "model_breaches";

    /// <summary>What has to go out to one far end to be told as an upload; and how many times what came back.</summary>
    private const long UploadBytes = 10_000_000;
    private const int UploadTimes = 2;

    // All far ends of a device, of which the heaviest and the uploads are told.
    private const int MostContacts = 5_000;

    private static readonly Column[] Columns =
    [
        Column.Ip, Column.Hostname, Column.Connections, Column.BytesIn, Column.BytesOut, Column.Of("first", MeasureKind.First),
        Column.Of("last", MeasureKind.Last),
    ];

    /// <summary>The tables that it is made of. Bytes in and out are those of the far end.</summary>
    public static IReadOnlyList<TableQuery> Wanted { get; } =
    [
        new()
        {
            Name = Out,
            By = Dimension.Destination,
            Where = Terms.Started | Terms.External,
            IsFree = true,
            Top = MostContacts,
            Columns = Columns,
        },
        new()
        {
            Name = In,
            By = Dimension.Source,
            Where = Terms.Received | Terms.External,
            IsFree = true,
            Top = MostContacts,
            Columns = Columns,
        },
    ];

    /// <summary>The findings with a timeline in place of the tables that it is made of.</summary>
    public static Findings Told(Findings found, int limit)
    {
        if (found.Tables.FirstOrDefault(table => table.Name == Out) is not { } contacts)
        {
            return found;
        }

        List<Event> events = [];
        var sent = Contacts(contacts).ToList();
        var uploads = sent.Where(contact => contact.In >= UploadBytes && contact.In > contact.Out * UploadTimes).Take(limit).ToList();
        events.AddRange(uploads.Select(contact => new Event(contact.First, "upload", contact)));
        events.AddRange(sent.Except(uploads).Take(limit).Select(contact => new Event(contact.First, "first contact", contact)));
        if (found.Tables.FirstOrDefault(table => table.Name == In) is { } came)
        {
            events.AddRange(Contacts(came).Take(limit).Select(contact => new Event(contact.First, "came in", contact)));
        }

        if (found.Tables.FirstOrDefault(table => table.Name == Breaches) is { } breaches)
        {
            events.AddRange(breaches.Rows.Select(row => new Event(
                row[0].Kind == CellKind.Moment ? row[0].Integer : 0, "model breach", null, row[1])));
        }

        var table = new TableBuilder(
            TableName, "time", "time", "event", "what", "hostname", "connections", "bytes_in", "bytes_out", "until");
        foreach (var one in events.OrderBy(one => one.Time).ThenBy(one => one.Word, StringComparer.Ordinal))
        {
            // Seen from the device: what the far end received went out.
            table.Add(
                Cell.Second(one.Time == 0 ? null : one.Time), Cell.Of(one.Word), one.Contact?.Ip ?? one.What,
                one.Contact?.Hostname ?? Cell.Absent, Cell.Of(one.Contact?.Connections), Cell.Of(one.Contact?.Out),
                Cell.Of(one.Contact?.In), Cell.Second(one.Contact?.Last));
        }

        return found with
        {
            Tables = [table.Build(events.Count), .. found.Tables.Where(other => other.Name is not (Out or In))],
            Notes =
            [
                .. found.Notes,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"timeline: the first contact of the window with the {limit} far ends of most bytes ({sent.Count} in all), uploads " +
                    $"of at least {UploadBytes} bytes and {UploadTimes} times what came back, who came in from outside, and breaches."),
            ],
        };
    }

    private static IEnumerable<Contact> Contacts(Table table)
    {
        var columns = table.Columns.ToList();
        foreach (var row in table.Rows)
        {
            yield return new Contact(
                At(row, "ip"), At(row, "hostname"), Number(row, "connections") ?? 0, Number(row, "bytes_in") ?? 0,
                Number(row, "bytes_out") ?? 0, Number(row, "first") ?? 0, Number(row, "last"));
        }

        Cell At(IReadOnlyList<Cell> row, string name) => columns.IndexOf(name) is >= 0 and var at ? row[at] : Cell.Absent;

        long? Number(IReadOnlyList<Cell> row, string name) =>
            At(row, name) is { Kind: CellKind.Integer or CellKind.Moment } cell ? cell.Integer : null;
    }

    private sealed record Contact(Cell Ip, Cell Hostname, long Connections, long In, long Out, long First, long? Last);

    private sealed record Event(long Time, string Word, Contact? Contact, Cell What = default);
}
