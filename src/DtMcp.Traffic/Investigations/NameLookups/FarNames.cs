using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Evidence.NameEntries;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Investigations.NameLookups;

/// <summary>
/// Names of far ends that no answer named, from DNS answers and TLS server names of the window: of the rows that are shown alone, in two
/// requests at most, kept for some minutes. And the other way round: the addresses of a name.
/// </summary>
internal sealed class FarNames(NameReader reader, InternalRanges inside, TimeProvider time)
{
    /// <summary>Addresses that one answer asks for, and entries that are read for them.</summary>
    private const int MostAsked = 50;
    private const int MostRead = 1_000;

    /// <summary>Addresses whose names are kept.</summary>
    private const int MostKept = 10_000;

    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);

    private static readonly string[] Ends = ["ip", "destination", "source", "peer"];

    private readonly ConcurrentDictionary<NetAddress, (string? Name, DateTimeOffset At)> _known = new();

    // What was named before, while no more is known: the same findings are the same answer, and are laid out once.
    private readonly ConditionalWeakTable<Findings, Tuple<long, Findings>> _named = [];
    private long _learned;

    /// <summary>The findings with the names that are known, and a note where there are any.</summary>
    public async Task<Findings> AddAsync(
        Findings found, TimeWindow window, EvidenceWish wish, CancellationToken cancellationToken)
    {
        var places = found.Tables.SelectMany((table, number) => Places(table).Select(place => (number, place.Row, place.At, place.Address)))
            .ToList();
        if (places.Count == 0)
        {
            return found;
        }

        await LearnAsync([.. places.Select(place => place.Address).Distinct().Take(MostAsked)], window, reader.By(wish), cancellationToken)
            .ConfigureAwait(false);
        var learned = Volatile.Read(ref _learned);
        if (_named.TryGetValue(found, out var before) && before.Item1 == learned)
        {
            return before.Item2;
        }

        var whole = Named(found, places);
        _named.AddOrUpdate(found, Tuple.Create(learned, whole));
        return whole;
    }

    private Findings Named(Findings found, List<(int Number, int Row, int At, NetAddress Address)> places)
    {
        var named = places.Where(place => _known.TryGetValue(place.Address, out var known) && known.Name is not null).ToList();
        if (named.Count == 0)
        {
            return found;
        }

        var tables = found.Tables.ToArray();
        foreach (var (number, row, at, address) in named)
        {
            var rows = tables[number].Rows.ToArray();
            IReadOnlyList<Cell> cells = [.. rows[row].Select((cell, column) => column == at ? Cell.Of(_known[address].Name) : cell)];
            rows[row] = cells;
            tables[number] = tables[number] with { Rows = rows };
        }

        return found with
        {
            Tables = tables,
            Notes =
            [
                .. found.Notes,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Names of {named.Select(place => place.Address).Distinct().Count()} far ends are from DNS answers and TLS server " +
                    $"names of this window."),
            ],
        };
    }

    /// <summary>The addresses that a name stood for in a window, the commonest first; none where that cannot be asked.</summary>
    public async Task<IReadOnlyList<NetAddress>> AddressesOfAsync(
        string name, TimeWindow window, EvidenceWish wish, CancellationToken cancellationToken)
    {
        var plain = name.Trim().TrimEnd('.').ToLowerInvariant();
        if (!plain.Contains('.', StringComparison.Ordinal) || !Darktrace.DarktraceClient.CanSearchName(plain))
        {
            return [];
        }

        var search = new NameSearch { Kind = NameKind.Dns, Window = window, Names = [plain] };
        var names = reader.By(wish);
        var answers = (await NewestAsync(names, search, cancellationToken).ConfigureAwait(false)).SelectMany(record => record.Answers);
        var called = (await NewestAsync(names, search with { Kind = NameKind.Ssl }, cancellationToken).ConfigureAwait(false))
            .Select(record => record.Host);
        return
        [
            .. answers.Concat(called).Where(address => address.IsPresent).CountBy(address => address)
                .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => pair.Key),
        ];
    }

    private async Task LearnAsync(
        List<NetAddress> addresses, TimeWindow window, NameReader from, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        addresses.RemoveAll(address => _known.TryGetValue(address, out var known) && now - known.At <= Keep);
        if (addresses.Count == 0)
        {
            return;
        }

        Dictionary<NetAddress, string> names = [];
        var search = new NameSearch { Kind = NameKind.Dns, Window = window, Hosts = addresses };
        foreach (var record in await NewestAsync(from, search, cancellationToken).ConfigureAwait(false))
        {
            foreach (var answer in record.Answers)
            {
                names.TryAdd(answer, record.Name);
            }
        }

        if (addresses.Where(address => !names.ContainsKey(address)).ToList() is { Count: > 0 } rest)
        {
            foreach (var record in await NewestAsync(from, search with { Kind = NameKind.Ssl, Hosts = rest }, cancellationToken)
                .ConfigureAwait(false))
            {
                names.TryAdd(record.Host, record.Name);
            }
        }

        if (_known.Count > MostKept)
        {
            _known.Clear();
        }

        foreach (var address in addresses)
        {
            _known[address] = (names.GetValueOrDefault(address), now);
        }

        Interlocked.Increment(ref _learned);
    }

    // Names are beside the answer: without them it stands as it is.
    private static async Task<IReadOnlyList<NameRecord>> NewestAsync(
        NameReader from, NameSearch search, CancellationToken cancellationToken)
    {
        try
        {
            return await from.NewestAsync(search, MostRead, cancellationToken).ConfigureAwait(false);
        }
        catch (ApplianceException)
        {
            return [];
        }
    }

    // Cells that are empty beside an address outside.
    private IEnumerable<(int Row, int At, NetAddress Address)> Places(Table table)
    {
        var columns = table.Columns.ToList();
        foreach (var end in Ends)
        {
            var own = columns.IndexOf(end + "_hostname");
            var (key, name) = (columns.IndexOf(end), own >= 0 ? own : columns.IndexOf("hostname"));
            if (key < 0 || name < 0)
            {
                continue;
            }

            for (var row = 0; row < table.Rows.Count; row++)
            {
                var cells = table.Rows[row];
                if (cells[name].Kind == CellKind.Absent && cells[key] is { Kind: CellKind.Text } cell
                    && NetAddress.TryParse(cell.Text, out var address) && !inside.Contains(address))
                {
                    yield return (row, name, address);
                }
            }
        }
    }
}
