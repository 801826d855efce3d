using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence.NameEntries;

/// <summary>
/// Names from Advanced Search within a bound of requests: entries by the page, divided by time since an index gives no deep offsets; and
/// counts of them.
/// </summary>
internal sealed class ApplianceNames(DarktraceClient client, ApplianceMemory memory)
{
    private const string Search = "/advancedsearch/api/search";
    private const string Analyze = "/advancedsearch/api/analyze";

    // Entries of a page where all are read one page after the other: some 1.5 MB on the wire.
    private const int SmallPage = 2_000;

    /// <summary>That Advanced Search was not refused lately.</summary>
    public void Check()
    {
        if (!memory.MayTry(Search))
        {
            throw new ApplianceException(
                ApplianceError.PermissionDenied, memory.WhyRefused(Search) ?? "Names come from Advanced Search, which was refused.",
                "Give the token the permission Advanced Search; check_appliance tells what it may.");
        }
    }

    /// <summary>The newest entries of a search, and how many there are; more than asked for where a part has more.</summary>
    /// <returns>No total where there are more, and the appliance does not say how many.</returns>
    public async Task<(List<NameRecord> Records, long? Total, bool IsPartial)> ReadAsync(
        NameSearch search, int most, CancellationToken cancellationToken)
    {
        List<NameRecord> read = [];
        var newest = new Walk(read.AddRange) { IsEnough = () => read.Count >= most };
        var (total, isPartial) = await WalkAsync(search, newest, cancellationToken).ConfigureAwait(false);
        return (read, newest.IsCut && !newest.IsTold ? null : Math.Max(total, read.Count), isPartial);
    }

    /// <summary>All entries of a search, however many, in order of time: a page at a time, of which none is kept.</summary>
    /// <returns>How many the appliance has, and whether a part of it did not answer.</returns>
    public async Task<(long Total, bool IsPartial)> ReadAllAsync(
        NameSearch search, Action<IReadOnlyList<NameRecord>> take, CancellationToken cancellationToken)
    {
        Check();
        var walk = new Walk(page => take([.. page.OrderBy(static record => record.TimeMs)]))
        {
            PageSize = SmallPage,
            IsOldestFirst = true,
        };
        return await WalkAsync(search, walk, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How many entries a search finds, by a page of one; null where that is not told, or not by all of the appliance.</summary>
    public async Task<long?> TotalAsync(NameSearch search, CancellationToken cancellationToken)
    {
        Check();
        var page = await FirstAsync(search, 1, cancellationToken).ConfigureAwait(false);
        return page.IsPartial ? null : page.Total;
    }

    /// <summary>One page of the newest entries of a kind; none where Advanced Search was refused lately.</summary>
    public async Task<IReadOnlyList<NameRecord>> NewestAsync(NameSearch search, int most, CancellationToken cancellationToken) =>
        memory.MayTry(Search)
            ? (await client.SearchNamesAsync(search, 0, most, cancellationToken).ConfigureAwait(false)).Records
            : [];

    /// <summary>Adds how often each name is among the entries of a search.</summary>
    /// <remarks>An appliance lists only the commonest values: what is not listed may be there, so fewer are asked at once.</remarks>
    public async Task CountAsync(NameSearch search, Dictionary<string, long> into, CancellationToken cancellationToken)
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

    /// <summary>Remembers that counts cannot be had.</summary>
    public void NoCounts(ApplianceException error) =>
        memory.Remember(Analyze, error, $"What others looked up cannot be counted: {error.Happened}");

    private async Task<NamePage> FirstAsync(NameSearch search, int size, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SearchNamesAsync(search, 0, size, cancellationToken).ConfigureAwait(false);
        }
        catch (ApplianceException error)
        {
            memory.Remember(Search, error, $"No records: {error.Happened} {error.Remedy}");
            throw;
        }
    }

    private async Task<(long Total, bool IsPartial)> WalkAsync(NameSearch search, Walk walk, CancellationToken cancellationToken)
    {
        var page = await FirstAsync(search, walk.PageSize, cancellationToken).ConfigureAwait(false);

        // A full page of untold many is taken for half of them.
        var isTold = page.Total is not null || page.Hits < walk.PageSize;
        var total = isTold ? Math.Max(page.Total ?? 0, page.Hits) : 2L * page.Hits;
        if (total <= page.Hits || search.Window.LengthMs <= 1)
        {
            walk.Take(page.Records);
            return (isTold ? total : page.Hits, page.IsPartial);
        }

        walk.IsTold &= isTold;
        var (isPartial, sum) = (page.IsPartial, 0L);
        var parts = Parts(search.Window, total, walk.PageSize);
        foreach (var part in walk.IsOldestFirst ? parts.Reverse() : parts)
        {
            if (walk.IsEnough())
            {
                walk.IsCut = true;
                break;
            }

            var (there, lacks) = await WalkAsync(search with { Window = part }, walk, cancellationToken).ConfigureAwait(false);
            (sum, isPartial) = (sum + there, isPartial || lacks);
        }

        return (isTold ? total : sum, isPartial);
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

    /// <summary>How the entries of a search are gone through.</summary>
    /// <param name="Take">Takes a page of them.</param>
    private sealed record Walk(Action<IReadOnlyList<NameRecord>> Take)
    {
        public int PageSize { get; init; } = DarktraceClient.NamesPageSize;

        /// <summary>Else the newest part comes first.</summary>
        public bool IsOldestFirst { get; init; }

        /// <summary>Whether the appliance said of all windows how many there are.</summary>
        public bool IsTold { get; set; } = true;

        /// <summary>Whether some were left, since no more were wanted.</summary>
        public bool IsCut { get; set; }

        /// <summary>Whether no more are wanted.</summary>
        public Func<bool> IsEnough { get; init; } = static () => false;
    }
}
