using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence.NameEntries;

/// <summary>
/// Reads names from Advanced Search within a bound of requests: entries by the page, divided by time since an index gives no deep offsets;
/// and by counts alone, how often others used the same names.
/// </summary>
internal sealed class NameReader(DarktraceClient client, ApplianceMemory memory)
{
    /// <summary>Entries of one kind that a question reads, the newest: some 35 MB on the wire.</summary>
    public const int MostRead = 50_000;

    private const string Search = "/advancedsearch/api/search";
    private const string Analyze = "/advancedsearch/api/analyze";

    // Entries of a page where all are read one page after the other: some 3 MB on the wire.
    private const int SmallPage = 4_000;

    // Requests that ask what others did, a kind.
    private const int MostBatches = 24;
    private const int MostInBatch = 64;

    /// <summary>Names of all kinds, and of a device how often others used them.</summary>
    public async Task<NameEvidence> ReadAsync(NameAsk ask, CancellationToken cancellationToken)
    {
        var evidence = await ReadAsync(ask, Enum.GetValues<NameKind>(), cancellationToken).ConfigureAwait(false);
        if (ask.Sources.Count == 0 || evidence.Records.Count == 0)
        {
            return evidence;
        }

        List<string> notes = [.. evidence.Notes];
        var others = await OthersAsync(ask, evidence.Records, notes, cancellationToken).ConfigureAwait(false);
        return evidence with { OfOthers = others, Notes = notes };
    }

    /// <summary>The newest entries of some kinds.</summary>
    public async Task<NameEvidence> ReadAsync(NameAsk ask, IReadOnlyList<NameKind> kinds, CancellationToken cancellationToken)
    {
        Check();
        List<(NameKind, NameRecord)> records = [];
        List<string> notes = [];
        var (total, isWhole) = (0L, true);
        foreach (var kind in kinds)
        {
            List<NameRecord> read = [];
            var newest = new Walk(read.AddRange) { IsEnough = () => read.Count >= MostRead };
            var (matching, isPartial) = await WalkAsync(ask.Of(kind), newest, cancellationToken).ConfigureAwait(false);
            records.AddRange(read.Select(record => (kind, record)));
            total += Math.Max(matching, read.Count);
            if (matching > read.Count && read.Count >= MostRead)
            {
                isWhole = false;
                notes.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Only the newest {read.Count} of {matching} {Word(kind)} entries were read: figures of them are at least that. " +
                    $"A device, a name or a shorter window reads all."));
            }

            if (isPartial)
            {
                isWhole = false;
                notes.Add(Partial(kind));
            }
        }

        return new NameEvidence { Records = records, Total = total, IsWhole = isWhole, Notes = notes };
    }

    /// <summary>All entries of a search, however many, in order of time: a page at a time, of which none is kept.</summary>
    /// <returns>What is to be said of them; null where they are all.</returns>
    public async Task<string?> ReadAllAsync(
        NameSearch search, Action<IReadOnlyList<NameRecord>> take, CancellationToken cancellationToken)
    {
        Check();
        var walk = new Walk(page => take([.. page.OrderBy(static record => record.TimeMs)]))
        {
            PageSize = SmallPage,
            IsOldestFirst = true,
        };
        var (_, isPartial) = await WalkAsync(search, walk, cancellationToken).ConfigureAwait(false);
        return isPartial ? Partial(search.Kind) : null;
    }

    /// <summary>One page of the newest entries of a kind, for names beside other figures.</summary>
    public async Task<IReadOnlyList<NameRecord>> NewestAsync(NameSearch search, int most, CancellationToken cancellationToken) =>
        memory.MayTry(Search)
            ? (await client.SearchNamesAsync(search, 0, most, cancellationToken).ConfigureAwait(false)).Records
            : [];

    private static string Partial(NameKind kind) =>
        $"A part of the appliance did not answer: figures of {Word(kind)} entries are at least what they say.";

    private void Check()
    {
        if (!memory.MayTry(Search))
        {
            throw new ApplianceException(
                ApplianceError.PermissionDenied, memory.WhyRefused(Search) ?? "Names come from Advanced Search, which was refused.",
                "Give the token the permission Advanced Search; check_appliance tells what it may.");
        }
    }

    private async Task<(long Total, bool IsPartial)> WalkAsync(NameSearch search, Walk walk, CancellationToken cancellationToken)
    {
        NamePage page;
        try
        {
            page = await client.SearchNamesAsync(search, 0, walk.PageSize, cancellationToken).ConfigureAwait(false);
        }
        catch (ApplianceException error)
        {
            memory.Remember(Search, error, $"No records: {error.Happened} {error.Remedy}");
            throw;
        }

        var total = Math.Max(page.Total ?? page.Hits, page.Hits);
        if (total <= page.Hits || search.Window.LengthMs <= 1)
        {
            walk.Take(page.Records);
            return (total, page.IsPartial);
        }

        var isPartial = page.IsPartial;
        var parts = Parts(search.Window, total, walk.PageSize);
        foreach (var part in walk.IsOldestFirst ? parts.Reverse() : parts)
        {
            if (walk.IsEnough())
            {
                break;
            }

            isPartial |= (await WalkAsync(search with { Window = part }, walk, cancellationToken).ConfigureAwait(false)).IsPartial;
        }

        return (total, isPartial);
    }

    // The newest first; a little below a page, so that most of them fit one.
    private static IEnumerable<TimeWindow> Parts(TimeWindow window, long total, int pageSize)
    {
        var size = pageSize * 4 / 5;
        var parts = (int)Math.Clamp((total + size - 1) / size, 2, 1_000);
        var step = Math.Max(1, (window.LengthMs + parts - 1) / parts);
        for (var end = window.EndMs; end >= window.StartMs; end -= step)
        {
            yield return new TimeWindow(Math.Max(window.StartMs, end - step + 1), end);
        }
    }

    private async Task<Dictionary<string, long>> OthersAsync(NameAsk ask, IReadOnlyList<(NameKind Kind, NameRecord Record)> records,
        List<string> notes, CancellationToken cancellationToken)
    {
        // The least used first: those are what is looked for.
        var names = records.CountBy(pair => pair.Record.Name).Where(pair => DarktraceClient.CanSearchName(pair.Key))
            .OrderBy(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key).ToList();
        Dictionary<string, long> others = [];
        var checkedNames = 0;
        try
        {
            for (var batches = 0; checkedNames < names.Count && batches < MostBatches; batches++)
            {
                var batch = names[checkedNames..Math.Min(names.Count, checkedNames + MostInBatch)];
                while (batch.Count > 1 && !DarktraceClient.CanCount(OfOthers(ask, NameKind.Http, batch)))
                {
                    batch = batch[..(batch.Count / 2)];
                }

                foreach (var kind in Enum.GetValues<NameKind>())
                {
                    await CountAsync(OfOthers(ask, kind, batch), others, cancellationToken).ConfigureAwait(false);
                }

                foreach (var name in batch)
                {
                    others.TryAdd(name, 0);
                }

                checkedNames += batch.Count;
            }
        }
        catch (ApplianceException error)
        {
            memory.Remember(Analyze, error, $"What others looked up cannot be counted: {error.Happened}");
            notes.Add($"What others looked up is not known of all names: {error.Happened} {error.Remedy}");
            return others.Where(pair => names.IndexOf(pair.Key) < checkedNames).ToDictionary();
        }

        if (checkedNames < names.Count)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"What others did is known of the {checkedNames} least used names; of the other {names.Count - checkedNames} it was not " +
                $"asked."));
        }

        return others;
    }

    private static NameSearch OfOthers(NameAsk ask, NameKind kind, IReadOnlyList<string> names) => new()
    {
        Kind = kind,
        Window = ask.Window,
        OtherThan = ask.Sources,
        Names = names,
    };

    // An appliance lists only the commonest values: what is not listed may be there, so fewer are asked at once.
    private async Task CountAsync(NameSearch search, Dictionary<string, long> into, CancellationToken cancellationToken)
    {
        var counted = await client.CountNamesAsync(search, cancellationToken).ConfigureAwait(false);
        if (counted.Other > 0 && search.Names is { Count: > 1 } names)
        {
            await CountAsync(search with { Names = [.. names.Take(names.Count / 2)] }, into, cancellationToken).ConfigureAwait(false);
            await CountAsync(search with { Names = [.. names.Skip(names.Count / 2)] }, into, cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (var (key, count) in counted.Values)
        {
            var name = key.TrimEnd('.').ToLowerInvariant();
            into[name] = into.GetValueOrDefault(name) + count;
        }
    }

    private static string Word(NameKind kind) => kind switch { NameKind.Dns => "DNS", NameKind.Ssl => "TLS", _ => "HTTP" };

    /// <summary>How the entries of a search are gone through.</summary>
    /// <param name="Take">Takes a page of them.</param>
    private sealed record Walk(Action<IReadOnlyList<NameRecord>> Take)
    {
        public int PageSize { get; init; } = DarktraceClient.NamesPageSize;

        /// <summary>Else the newest part comes first.</summary>
        public bool IsOldestFirst { get; init; }

        /// <summary>Whether no more are wanted.</summary>
        public Func<bool> IsEnough { get; init; } = static () => false;
    }
}
