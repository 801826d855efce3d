using System.Text;
using DtMcp.Darktrace.Values;
using DtMcp.History.Reading;
using DtMcp.History.Schema;
using DtMcp.History.Wire;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Queries;
using DtMcp.Traffic.Questions;

namespace DtMcp.History.Counting;

/// <summary>
/// Counts in ClickHouse. Whole hours are counted in the roll-up where that holds all that is asked; the ends of a window, and what it does
/// not hold, among the connections.
/// </summary>
internal sealed class HistoryCounts(HistoryServer server, HistoryTables tables, HoursOfEnds ends)
{
    // Sums beyond could pass 2^63 in a number of 64 bits; half of it leaves room for what a float does not tell.
    private const double MostSum = 4e18;

    // Ends that are named in a query: each is a literal of 60 characters.
    private const int MostNamed = 2_000;

    public async Task<IReadOnlyList<HistorySums>> SumAsync(
        HistorySelection rows, IReadOnlyList<Terms> wheres, CancellationToken cancellationToken)
    {
        var sums = new HistorySums[wheres.Count];
        foreach (var piece in Pieces(rows, null, await HoursAsync(rows, cancellationToken).ConfigureAwait(false)))
        {
            var words = new RowWords(rows, piece.Table.IsRolled);
            List<Sql> columns = [Sql.Of($"sum(toFloat64(bytes))"), Sql.Of($"sum(toFloat64(packets))")];
            foreach (var where in wheres.Select(words.Where))
            {
                columns.AddRange([piece.Table.Count(where), Sql.Of($"sumIf(bytes, {where})"), Sql.Of($"sumIf(packets, {where})")]);
                columns.AddRange(Detail(piece.Table, words, null, where));
                columns.Add(piece.Table.Count(Sql.Of($"{where} AND lacking != 0")));
            }

            using var answer = await server.AskAsync(
                Sql.Of($"""
                    SELECT 1, {Sql.List(columns)} FROM {piece.Table.Table} WHERE {Where(rows, piece, words.Filters())} FORMAT RowBinary
                    """),
                new QueryLimits(), cancellationToken).ConfigureAwait(false);
            var reader = new RowBinaryReader(answer);
            if (!await reader.NextAsync().ConfigureAwait(false))
            {
                continue;
            }

            if (reader.F64() > MostSum | reader.F64() > MostSum)
            {
                throw new NotCountedException("Sums may be larger than a number.");
            }

            for (var i = 0; i < sums.Length; i++)
            {
                Read(reader, hasDetail: true, out var some);
                sums[i] = sums[i].Plus(some) with { Nameless = sums[i].Nameless + (long)reader.U64() };
            }

            await answer.EndAsync().ConfigureAwait(false);
        }

        return sums;
    }

    public async Task GroupAsync(HistorySelection rows, HistoryGroups groups, HistoryGroupTaker take, CancellationToken cancellationToken)
    {
        foreach (var piece in Pieces(rows, groups, await HoursAsync(rows, cancellationToken).ConfigureAwait(false)))
        {
            var words = new RowWords(rows, piece.Table.IsRolled);
            var keys = Keys(rows, groups, words);
            var condition = Sql.All(
            [
                words.Where(groups.Where), .. keys.Select(key => key.Exists),
                .. groups.Among is { } among ? [AddressWords.In(among, keys[0].Columns[0])] : Array.Empty<Sql>(),
            ]);
            List<Sql> figures = [piece.Table.Count()];
            if (groups.Of is null)
            {
                figures.AddRange([Sql.Of($"sum(bytes)"), Sql.Of($"sum(packets)")]);
                figures.AddRange(groups.HasDetail ? Detail(piece.Table, words, Sees(groups, keys), Sql.Of($"1")) : []);
            }

            var by = Sql.List(keys.SelectMany(key => key.Columns));
            await ReadAsync(
                Sql.Of($"""
                    SELECT 1, {by}, {Sql.List(figures)} FROM {piece.Table.Table} WHERE {Where(rows, piece, [.. words.Filters(), condition])}
                    GROUP BY {by} LIMIT {(long)groups.Most + 1} FORMAT RowBinary
                    """),
                keys, groups, take, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<IReadOnlyList<string>> ServicesAsync(HistorySelection rows, CancellationToken cancellationToken)
    {
        HashSet<string> services = [];
        foreach (var piece in Pieces(rows, null, await HoursAsync(rows, cancellationToken).ConfigureAwait(false)))
        {
            var words = new RowWords(rows, piece.Table.IsRolled);
            services.UnionWith(await server.ReadAsync(
                Sql.Of($"""
                    SELECT 1, service FROM {piece.Table.Table} WHERE {Where(rows, piece, words.Filters())} GROUP BY service FORMAT RowBinary
                    """),
                static row => Encoding.UTF8.GetString(row.Text()), cancellationToken).ConfigureAwait(false));
        }

        return [.. services];
    }

    public async Task<HistoryRecord> RecordOfAsync(HistorySelection rows, CancellationToken cancellationToken)
    {
        // Numbers of different values do not add up: all hours from one table.
        var (held, hours) = (rows.Span.Hours, await HoursAsync(rows, cancellationToken).ConfigureAwait(false));
        var never = new HistoryRecord(held[0].StartMs, held.Count, 0, 0, 0, 0);
        if (hours.Count == 0)
        {
            return never;
        }

        var table = CountedTable.Of(tables, hours.All(static hour => hour.IsRolled));
        var (words, all) = (new RowWords(rows, table.IsRolled), Sql.Of($"1"));
        var isSource = End.Source.IsOne([rows.Search.Ip!.Value]);
        var found = await server.ReadAsync(
            Sql.Of($"""
                SELECT 1, {CountedTable.First(all)}, {table.Last(all)},
                uniqExactIf(if({isSource}, dst, src), if({isSource}, {words.NearDestination}, {words.NearSource})), uniqExact(day)
                FROM {table.Table} WHERE {Where(rows, new Piece(table, hours, HasEnds: !table.IsRolled), words.Filters())} FORMAT RowBinary
                """),
            row => new HistoryRecord(
                held[0].StartMs, held.Count, row.I64(), row.I64(), (long)row.U64(), (long)row.U64()),
            cancellationToken).ConfigureAwait(false);
        return found is [var one] ? one : never;
    }

    public async Task<HistorySides> SidesAsync(
        HistorySpan span, InternalRanges ranges, CancellationToken cancellationToken)
    {
        if (ranges.IsGiven || span.Hours.Count == 0)
        {
            return HistorySides.AsRanges;
        }

        var address = Sql.Name("address");
        var (never, own) = (
            AddressWords.In(InternalRanges.NeverOutside, address), AddressWords.In(ranges.Own, address));
        var odd = await server.ReadAsync(
            Sql.Of($"""
                SELECT 1, address, argMin(side, hour) AS said FROM {tables.Ends} WHERE appliance = {span.Appliance}
                AND part IN ({Parts(span.Hours)}) AND side > 0 AND lacking = 0 AND NOT {never} GROUP BY address
                HAVING (said = 1) != {own} LIMIT {MostNamed + 1L} FORMAT RowBinary
                """),
            static row => (Address: row.Address(), IsInside: row.U8() == 1), cancellationToken).ConfigureAwait(false);
        return odd.Count > MostNamed
            ? throw new NotCountedException("More ends are held for inside or outside against the ranges than a query can name.")
            : new HistorySides([.. odd.Where(end => end.IsInside).Select(end => end.Address)],
                [.. odd.Where(end => !end.IsInside).Select(end => end.Address)]);
    }

    private async Task ReadAsync(
        Sql query, List<KeyWords> keys, HistoryGroups groups, HistoryGroupTaker take, CancellationToken cancellationToken)
    {
        using var answer = await server.AskAsync(query, new QueryLimits { WaitsForEnd = false }, cancellationToken).ConfigureAwait(false);
        var reader = new RowBinaryReader(answer);
        var (read, values) = (0, new HistoryKey[keys.Count]);
        try
        {
            while (await reader.NextAsync().ConfigureAwait(false))
            {
                if (++read > groups.Most)
                {
                    throw new NotCountedException("There are more groups than are kept apart.");
                }

                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = Key(reader, keys[i].Kind);
                }

                HistorySums sums;
                if (groups.Of is null)
                {
                    Read(reader, groups.HasDetail, out sums);
                }
                else
                {
                    sums = new HistorySums { Connections = (long)reader.U64() };
                }

                take(values, sums);
            }
        }
        finally
        {
            await answer.StopAsync().ConfigureAwait(false);
        }
    }

    private static HistoryKey Key(RowBinaryReader reader, KeyKind kind)
    {
        switch (kind)
        {
            case KeyKind.Address:
                return new HistoryKey(reader.Address(), null, 0);
            case KeyKind.Endpoint:
                var (address, isLacking, name) = (reader.Address(), reader.U8() != 0, Text(reader.Text()));
                return new HistoryKey(isLacking ? NetAddress.None : address, isLacking ? name : null, 0);
            case KeyKind.Word:
                return new HistoryKey(NetAddress.None, Text(reader.Text()), 0);
            default:
                return new HistoryKey(NetAddress.None, null, kind switch
                {
                    KeyKind.Port => reader.U16(),
                    KeyKind.Small => reader.U8(),
                    _ => reader.I64(),
                });
        }
    }

    private static string? Text(ReadOnlySpan<byte> text) => text.IsEmpty ? null : Encoding.UTF8.GetString(text);

    private static void Read(RowBinaryReader reader, bool hasDetail, out HistorySums sums)
    {
        sums = new HistorySums { Connections = (long)reader.U64(), Bytes = reader.I64(), Packets = reader.I64() };
        if (hasDetail)
        {
            (sums.BytesIn, sums.BytesOut, sums.Failed) = (reader.I64(), reader.I64(), (long)reader.U64());
            (sums.First, sums.Last) = (reader.I64(), reader.I64());
        }
    }

    private static IReadOnlyList<Sql> Detail(CountedTable table, RowWords words, Sql? isSource, Sql where) =>
    [
        .. isSource is null ? table.BytesNear(words, where) : table.BytesAs(isSource, where),
        table.Count(Sql.Of($"{where} AND {RowWords.Failed}")), CountedTable.First(where), table.Last(where),
    ];

    // As whom bytes in and out are seen.
    private static Sql? Sees(HistoryGroups groups, List<KeyWords> keys) =>
        groups.Then is { } then && !KeyWords.IsOfOneEnd(groups.By) && KeyWords.IsOfOneEnd(then) ? keys[1].IsSource : keys[0].IsSource;

    private static List<KeyWords> Keys(HistorySelection rows, HistoryGroups groups, RowWords words)
    {
        List<KeyWords> keys = [KeyWords.Of(groups.By, groups.IsSecond, words, rows.HasNameless, groups.StepMs)];
        if (groups.Then is { } then)
        {
            keys.Add(KeyWords.Of(then, groups.IsSecond, words, rows.HasNameless, groups.StepMs));
        }

        if (groups.Of is { } value)
        {
            keys.Add(value.By is { } of
                ? KeyWords.Of(of, false, words, rows.HasNameless, groups.StepMs)
                : KeyWords.Peer(groups, words, rows.HasNameless));
        }

        return keys;
    }

    private static Sql Where(HistorySelection rows, Piece piece, IEnumerable<Sql> conditions) => Sql.All(
    [
        Sql.Of($"appliance = {rows.Span.Appliance}"), Sql.Of($"part IN ({Parts(piece.Hours)})"),
        .. piece.HasEnds ? new[] { HistoryFilter.Starts(rows.Search.Window) } : [],
        .. conditions,
    ]);

    private async Task<IReadOnlyList<HistoryHour>> HoursAsync(HistorySelection rows, CancellationToken cancellationToken) =>
        (await ends.NarrowAsync(rows.Span, rows.Search, cancellationToken).ConfigureAwait(false)).Hours;

    // The hours of a window, those that are cut by its ends apart where the rest is counted in the roll-up.
    private IEnumerable<Piece> Pieces(HistorySelection rows, HistoryGroups? groups, IReadOnlyList<HistoryHour> hours)
    {
        var window = rows.Search.Window;
        if (hours.Count == 0)
        {
            yield break;
        }

        bool IsCut(HistoryHour hour) => hour.StartMs < window.StartMs || hour.EndMs > window.EndMs;
        HistoryHour[] whole = RolledUp.Holds(rows, groups) ? [.. hours.Where(hour => hour.IsRolled && !IsCut(hour))] : [];
        HistoryHour[] rest = whole.Length == 0 ? [.. hours] : [.. hours.Where(hour => !hour.IsRolled || IsCut(hour))];
        if (whole.Length > 0)
        {
            yield return new Piece(CountedTable.Of(tables, isRolled: true), whole, HasEnds: false);
        }

        if (rest.Length > 0)
        {
            yield return new Piece(CountedTable.Of(tables, isRolled: false), rest, Array.Exists(rest, IsCut));
        }
    }

    private static ulong[] Parts(IEnumerable<HistoryHour> hours) => [.. hours.Select(static hour => hour.Part)];

    private sealed record Piece(CountedTable Table, IReadOnlyList<HistoryHour> Hours, bool HasEnds);
}
