using System.Text;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.History.Schema;
using DtMcp.History.Wire;
using DtMcp.Traffic.Evidence.Collected;

namespace DtMcp.History.Reading;

/// <summary>Reads entries of names back into the records that they were collected from, and counts them.</summary>
internal sealed class NameRows(HistoryServer server, HistoryTables tables)
{
    /// <summary>Letters of names that one query names: a server takes 256 KB of text, and four of it are a byte here.</summary>
    private const int MostLetters = 20_000;

    public async Task<IReadOnlyList<NameRecord>> NewestAsync(
        HistorySpan span, NameSearch search, int most, CancellationToken cancellationToken)
    {
        if (span.Hours.Count == 0)
        {
            return [];
        }

        using var answer = await server.AskAsync(
            Sql.Of($"""
                SELECT 1, time, src, host, told, sport, hport, name, answers, failure, agent FROM {tables.Names}
                WHERE {Where(span, search)} ORDER BY time DESC, src, host, name LIMIT {most} FORMAT RowBinary
                """),
            new QueryLimits { WaitsForEnd = false }, cancellationToken).ConfigureAwait(false);
        var reader = new RowBinaryReader(answer);
        List<NameRecord> records = [];
        try
        {
            while (await reader.NextAsync().ConfigureAwait(false))
            {
                records.Add(Read(reader));
            }
        }
        finally
        {
            await answer.StopAsync().ConfigureAwait(false);
        }

        return records;
    }

    public async Task<long> CountAsync(HistorySpan span, NameSearch search, CancellationToken cancellationToken)
    {
        if (span.Hours.Count == 0)
        {
            return 0;
        }

        var query = Sql.Of($"SELECT 1, count() FROM {tables.Names} WHERE {Where(span, search)} FORMAT RowBinary");
        return (await server.ReadAsync(query, static row => (long)row.U64(), cancellationToken).ConfigureAwait(false))[0];
    }

    public async Task<IReadOnlyDictionary<string, long>> OfOthersAsync(HistorySpan span, TimeWindow window,
        IReadOnlyList<NetAddress> than, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        if (span.Hours.Count == 0)
        {
            return counts;
        }

        foreach (var some in Chunks(names))
        {
            var query = Sql.Of($"""
                SELECT 1, name, count() FROM {tables.Names} WHERE {Within(span, window)} AND name IN ({Texts(some)})
                AND NOT {AddressWords.In(than, Sql.Name("src"))} GROUP BY name FORMAT RowBinary
                """);
            foreach (var (name, count) in await server.ReadAsync(
                query, static row => (Encoding.UTF8.GetString(row.Text()), (long)row.U64()), cancellationToken).ConfigureAwait(false))
            {
                counts[name] = count;
            }
        }

        return counts;
    }

    private static NameRecord Read(RowBinaryReader row)
    {
        var (time, source, host, told) = (row.I64(), row.Address(), row.Address(), row.U8());
        var (from, to) = (row.U16(), row.U16());
        var name = Encoding.UTF8.GetString(row.Text());
        var answers = row.Addresses();
        var (failure, agent) = (Encoding.UTF8.GetString(row.Text()), Encoding.UTF8.GetString(row.Text()));
        return new NameRecord(time, source, (told & NameBits.Host) != 0 ? host : NetAddress.None, name)
        {
            Ports = (told & NameBits.Ports) != 0 ? (from, to) : null,
            Answers = answers,
            Failure = (told & NameBits.Failure) != 0 ? failure : null,
            UserAgent = (told & NameBits.UserAgent) != 0 ? agent : null,
        };
    }

    private static Sql Within(HistorySpan span, TimeWindow window)
    {
        ulong[] parts = [.. span.Hours.Select(static hour => hour.Part)];
        return Sql.Of($"""
            appliance = {span.Appliance} AND part IN ({parts}) AND time >= {window.StartMs} AND time <= {window.EndMs}
            """);
    }

    private static Sql Where(HistorySpan span, NameSearch search)
    {
        // What the appliance would refuse is refused here.
        DarktraceClient.CheckNames(search);
        List<Sql> all = [Within(span, search.Window), Sql.Of($"kind = {(long)search.Kind}")];
        if (search.Sources is { Count: > 0 } sources)
        {
            all.Add(AddressWords.In(sources, Sql.Name("src")));
        }

        if (search.SourcePorts is { Count: > 0 } ports)
        {
            all.Add(Sql.Of($"sport IN ({Sql.List(ports.Select(port => Sql.Of($"{port}")))})"));
        }

        if (search.OtherThan is { Count: > 0 } others)
        {
            all.Add(Sql.Of($"NOT {AddressWords.In(others, Sql.Name("src"))}"));
        }

        if (search.Hosts is { Count: > 0 } hosts)
        {
            all.Add(search.Kind == NameKind.Dns
                ? Sql.Of($"hasAny(answers, [{Sql.List(hosts.Select(host => Sql.Of($"{host}")))}])")
                : Sql.Of($"({AddressWords.In(hosts, Sql.Name("host"))} AND bitAnd(told, {NameBits.Host}) != 0)"));
        }

        if (search.Names is { Count: > 0 } names)
        {
            all.Add(Sql.Of($"name IN ({Texts(names)})"));
        }

        if (search.Pattern is { } pattern)
        {
            all.Add(Sql.Of($"name LIKE {Like(pattern)}"));
        }

        return Sql.All(all);
    }

    private static Sql Texts(IEnumerable<string> texts) => Sql.List(texts.Select(text => Sql.Of($"{text.ToLowerInvariant()}")));

    // A pattern has letters, digits, dots, hyphens, underscores and stars.
    private static string Like(string pattern) => pattern.ToLowerInvariant()
        .Replace("_", "\\_", StringComparison.Ordinal).Replace('*', '%');

    private static IEnumerable<IReadOnlyList<string>> Chunks(IReadOnlyList<string> names)
    {
        List<string> some = [];
        var letters = 0;
        foreach (var name in names)
        {
            if (some.Count > 0 && letters + name.Length > MostLetters)
            {
                yield return some;
                (some, letters) = ([], 0);
            }

            some.Add(name);
            letters += name.Length + 1;
        }

        if (some.Count > 0)
        {
            yield return some;
        }
    }
}
