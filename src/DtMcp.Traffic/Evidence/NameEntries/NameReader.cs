using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence.NameEntries;

/// <summary>
/// Reads names: from the history as far as it has them, the rest from the appliance, within the same bounds and in one order, so that
/// answers are the same. And by counts alone, how often others used the same names.
/// </summary>
internal sealed class NameReader(ApplianceNames appliance, CollectedNames? collected = null)
{
    /// <summary>Entries of one kind that a question reads, the newest: some 35 MB on the wire.</summary>
    public const int MostRead = 50_000;

    // Requests that ask what others did, a kind.
    private const int MostBatches = 24;
    private const int MostInBatch = 64;

    /// <summary>The same for a question that wishes for a kind of evidence.</summary>
    public NameReader By(EvidenceWish wish) =>
        wish is EvidenceWish.Auto or EvidenceWish.History ? this : new NameReader(appliance);

    /// <summary>Names of all kinds, and of a device how often others used them.</summary>
    public async Task<NameEvidence> ReadAsync(NameAsk ask, CancellationToken cancellationToken)
    {
        var (evidence, held, away) = await JoinAsync(
            ask.Window, held => ReadWithOthersAsync(ask, held, cancellationToken), cancellationToken).ConfigureAwait(false);
        return evidence with
        {
            Notes =
            [
                .. held is null ? [] : new[] { held.Told }, .. away is null ? [] : new[] { HistoryReader.Away(away) }, .. evidence.Notes,
            ],
        };
    }

    /// <summary>The newest entries of some kinds.</summary>
    public async Task<NameEvidence> ReadAsync(NameAsk ask, IReadOnlyList<NameKind> kinds, CancellationToken cancellationToken) =>
        (await JoinAsync(ask.Window, held => ReadAsync(ask, kinds, held, cancellationToken), cancellationToken)
            .ConfigureAwait(false)).Read;

    /// <summary>One page of the newest entries of a kind, for names beside other figures.</summary>
    public async Task<IReadOnlyList<NameRecord>> NewestAsync(NameSearch search, int most, CancellationToken cancellationToken) =>
        (await JoinAsync(search.Window, held => NewestAsync(search, most, held, cancellationToken), cancellationToken)
            .ConfigureAwait(false)).Read;

    private async Task<NameEvidence> ReadWithOthersAsync(NameAsk ask, HeldNames? held, CancellationToken cancellationToken)
    {
        var evidence = await ReadAsync(ask, Enum.GetValues<NameKind>(), held, cancellationToken).ConfigureAwait(false);
        if (ask.Sources.Count == 0 || evidence.Records.Count == 0)
        {
            return evidence;
        }

        List<string> notes = [.. evidence.Notes];
        var others = await OthersAsync(ask, evidence.Records, held, notes, cancellationToken).ConfigureAwait(false);
        return evidence with { OfOthers = others, Notes = notes };
    }

    private async Task<NameEvidence> ReadAsync(
        NameAsk ask, IReadOnlyList<NameKind> kinds, HeldNames? held, CancellationToken cancellationToken)
    {
        if (held is null || held.Late is not null)
        {
            appliance.Check();
        }

        List<(NameKind, NameRecord)> records = [];
        List<string> notes = [];
        var (total, isWhole) = (0L, true);
        foreach (var kind in kinds)
        {
            var (read, matching, isPartial) = await ReadAsync(ask.Of(kind), held, cancellationToken).ConfigureAwait(false);
            records.AddRange(InOrder(read).Select(record => (kind, record)));
            total += matching ?? read.Count;
            if (read.Count >= MostRead && (matching is null || matching > read.Count))
            {
                isWhole = false;
                notes.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Only the newest {read.Count} of {(matching is { } all ? $"{all}" : "more")} {Word(kind)} entries were read: " +
                    $"figures of them are at least that. " +
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

    private async Task<(List<NameRecord> Records, long? Total, bool IsPartial)> ReadAsync(
        NameSearch search, HeldNames? held, CancellationToken cancellationToken)
    {
        var (read, total, isPartial) = held is null
            ? await appliance.ReadAsync(search, MostRead, cancellationToken).ConfigureAwait(false)
            : held.Late is { } late
                ? await appliance.ReadAsync(search with { Window = late }, MostRead, cancellationToken).ConfigureAwait(false)
                : ([], 0, false);
        if (held is null)
        {
            return (read, total, isPartial);
        }

        var room = Math.Max(0, MostRead - read.Count);
        var older = room == 0 ? [] : await held.NewestAsync(search, room, cancellationToken).ConfigureAwait(false);
        total += older.Count < room ? older.Count : await held.CountAsync(search, cancellationToken).ConfigureAwait(false);
        read.AddRange(older);
        return (read, total, isPartial);
    }

    private async Task<IReadOnlyList<NameRecord>> NewestAsync(
        NameSearch search, int most, HeldNames? held, CancellationToken cancellationToken)
    {
        var newest = held is null
            ? await appliance.NewestAsync(search, most, cancellationToken).ConfigureAwait(false)
            : held.Late is { } late
                ? await appliance.NewestAsync(search with { Window = late }, most, cancellationToken).ConfigureAwait(false)
                : [];
        return held is null || newest.Count >= most
            ? InOrder(newest)
            : InOrder([.. newest, .. await held.NewestAsync(search, most - newest.Count, cancellationToken).ConfigureAwait(false)]);
    }

    private async Task<Dictionary<string, long>> OthersAsync(NameAsk ask, IReadOnlyList<(NameKind Kind, NameRecord Record)> records,
        HeldNames? held, List<string> notes, CancellationToken cancellationToken)
    {
        // The least used first: those are what is looked for.
        var names = records.CountBy(pair => pair.Record.Name).Where(pair => DarktraceClient.CanSearchName(pair.Key))
            .OrderBy(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key).ToList();
        Dictionary<string, long> others = held is null
            ? [] : new(await held.OfOthersAsync(ask.Sources, names, cancellationToken).ConfigureAwait(false));
        if (held is { Late: null })
        {
            foreach (var name in names)
            {
                others.TryAdd(name, 0);
            }

            return others;
        }

        var asked = ask with { Window = held?.Late ?? ask.Window };
        var checkedNames = 0;
        try
        {
            for (var batches = 0; checkedNames < names.Count && batches < MostBatches; batches++)
            {
                var batch = names[checkedNames..Math.Min(names.Count, checkedNames + MostInBatch)];
                while (batch.Count > 1 && !DarktraceClient.CanCount(OfOthers(asked, NameKind.Http, batch)))
                {
                    batch = batch[..(batch.Count / 2)];
                }

                foreach (var kind in Enum.GetValues<NameKind>())
                {
                    await appliance.CountAsync(OfOthers(asked, kind, batch), others, cancellationToken).ConfigureAwait(false);
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
            appliance.NoCounts(error);
            notes.Add($"What others looked up is not known of all names: {error.Happened} {error.Remedy}");
            return Checked();
        }

        if (checkedNames < names.Count)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"What others did is known of the {checkedNames} least used names; of the other {names.Count - checkedNames} it was not " +
                $"asked."));
        }

        return Checked();

        Dictionary<string, long> Checked()
        {
            var known = names.Take(checkedNames).ToHashSet(StringComparer.Ordinal);
            return others.Where(pair => known.Contains(pair.Key)).ToDictionary();
        }
    }

    private static NameSearch OfOthers(NameAsk ask, NameKind kind, IReadOnlyList<string> names) => new()
    {
        Kind = kind,
        Window = ask.Window,
        OtherThan = ask.Sources,
        Names = names,
    };

    /// <summary>What is said of entries that are not all there.</summary>
    public static string Partial(NameKind kind) =>
        $"A part of the appliance did not answer: figures of {Word(kind)} entries are at least what they say.";

    private static string Word(NameKind kind) => kind switch { NameKind.Dns => "DNS", NameKind.Ssl => "TLS", _ => "HTTP" };

    // One order for either source: an appliance gives what came last to its index first, and equals in any order.
    private static IReadOnlyList<NameRecord> InOrder(IEnumerable<NameRecord> records) =>
    [
        .. records.OrderByDescending(static record => record.TimeMs ?? 0).ThenBy(static record => record.Source)
            .ThenBy(static record => record.Host).ThenBy(static record => record.Name, StringComparer.Ordinal)
            .ThenBy(static record => record.Ports ?? (-1, -1)),
    ];

    // Where the history fails on the way, the appliance is asked for all.
    private async Task<(T Read, HeldNames? Held, HistoryAwayException? Away)> JoinAsync<T>(
        TimeWindow window, Func<HeldNames?, Task<T>> read, CancellationToken cancellationToken)
    {
        var (held, away) = collected is null
            ? (null, null) : await collected.FindAsync(window, cancellationToken).ConfigureAwait(false);
        if (held is not null)
        {
            try
            {
                return (await read(held).ConfigureAwait(false), held, null);
            }
            catch (HistoryAwayException failed)
            {
                away = collected!.NoteAway(failed);
            }
        }

        return (await read(null).ConfigureAwait(false), null, away);
    }
}
