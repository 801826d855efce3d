using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Reading.Records;

/// <summary>Asks for one page of a window: rows from an offset on, at most so many, into a space.</summary>
internal delegate Task<RecordsPage> AskRecords(
    TimeWindow window, long offset, int size, RecordsSpace into, CancellationToken cancellationToken);

/// <summary>A page that was read, and where its rows are.</summary>
internal readonly record struct ReadPage(RecordsPage Page, RecordsSpace Space);

/// <summary>What became of a part: pages that hold all of it, or the parts that it has to be asked in.</summary>
/// <param name="Total">The appliance's count.</param>
/// <param name="Pages">Its pages, in order; null when it is to be divided.</param>
/// <param name="Division">Parts in order of time; null when it was read.</param>
internal sealed record PartOutcome(long Total, IReadOnlyList<ReadPage>? Pages, IReadOnlyList<TimeWindow>? Division)
{
    /// <summary>Whether it is divided because it took too long.</summary>
    public bool IsTooSlow { get; init; }

    /// <summary>Whether every row that the appliance counts was on a page.</summary>
    public bool IsWhole { get; init; } = true;
}

/// <summary>
/// Reads one part of a window, page by page. A page that breaks is asked again on its own; a part that is too large for its pages, takes
/// too long, or changes while it is read is divided.
/// </summary>
internal sealed class RecordsPart(TimeWindow window, RecordsLimits limits, RecordsSpaces spaces, AskRecords ask)
{
    private const int Attempts = 3;

    private readonly List<ReadPage> _pages = [];

    public TimeWindow Window { get; } = window;

    /// <summary>How often in a row it was halved because it took too long: each costs a whole timeout.</summary>
    public int Timeouts { get; init; }

    /// <summary>Whether it is a part of another, so that an appliance that takes no notice of windows shows.</summary>
    public bool IsDivided { get; init; }

    public Task<PartOutcome>? Reading { get; private set; }

    public void Start(CancellationToken cancellationToken) => Reading = ReadAsync(cancellationToken);

    private async Task<PartOutcome> ReadAsync(CancellationToken cancellationToken)
    {
        var outcome = await ReadPagesAsync(cancellationToken).ConfigureAwait(false);
        if (outcome.Pages is null)
        {
            _pages.ForEach(read => spaces.Return(read.Space));
        }

        return outcome;
    }

    private async Task<PartOutcome> ReadPagesAsync(CancellationToken cancellationToken)
    {
        long offset = 0, total = 0, outside = 0;
        while (true)
        {
            RecordsPage page;
            try
            {
                page = await AskAsync(offset, cancellationToken).ConfigureAwait(false);
            }
            catch (ApplianceException error) when (error.Error == ApplianceError.Timeout && Timeouts < RecordsLimits.TimeoutHalvings
                && Window.LengthMs > 1)
            {
                return Divide(total, 2) with { IsTooSlow = true };
            }
            catch (ApplianceException error) when (offset > 0 && RecordsLimits.IsTooDeep(error.Error))
            {
                // An index gives so many rows of one search by offset, and no more.
                limits.Deepest = Math.Min(limits.Deepest, offset);
                if (outside <= offset / RecordsLimits.UnheededShare && Window.LengthMs > 1)
                {
                    return Divide(total);
                }

                return new PartOutcome(total, _pages, null) { IsWhole = false };
            }

            var isChanged = offset > 0 && page.Total != total;
            (offset, total, outside) = (offset + page.Hits, page.Total, outside + page.Outside);
            if (isChanged && Window.LengthMs > 1)
            {
                // Entries came in between, which moves those of later pages: shorter parts fit one page.
                return Divide(total);
            }

            if (offset >= total)
            {
                return new PartOutcome(total, _pages, null);
            }

            if (page.Hits == 0)
            {
                limits.Deepest = offset == 0 ? limits.Deepest : Math.Min(limits.Deepest, offset);
            }

            // Where many rows lie outside, the appliance takes no notice of the window: parts of it would give the same again.
            var isHeeded = outside <= offset / RecordsLimits.UnheededShare;
            if (!isHeeded && IsDivided)
            {
                throw new ApplianceException(
                    ApplianceError.BadAnswer, "The appliance takes no notice of the time that a search is for.",
                    "Ask for a shorter window.");
            }

            if (offset > 0 && isHeeded && Window.LengthMs > 1 && total > limits.MostPaged(IsDivided))
            {
                return Divide(total);
            }

            if (page.Hits == 0)
            {
                // An instant that cannot be divided, or an appliance that counts more than it gives.
                return new PartOutcome(total, _pages, null) { IsWhole = false };
            }
        }
    }

    private async Task<RecordsPage> AskAsync(long offset, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var space = spaces.Rent();
            try
            {
                var page = await ask(Window, offset, AdvancedSearchRequest.PageSize, space, cancellationToken).ConfigureAwait(false);
                _pages.Add(new ReadPage(page, space));
                return page;
            }
            catch (ApplianceException error) when (RecordsLimits.IsWorthAnotherTry(error.Error) && attempt < Attempts)
            {
                // Of a page that broke nothing is used.
                spaces.Return(space);
            }
        }
    }

    private PartOutcome Divide(long total) => Divide(total, (int)Math.Clamp((total / limits.RowsOfPart) + 1, 2, RecordsLimits.MostParts));

    private PartOutcome Divide(long total, int parts)
    {
        parts = (int)Math.Min(parts, Window.LengthMs);
        var windows = new TimeWindow[parts];
        var start = Window.StartMs;
        for (var i = 0; i < parts; i++)
        {
            var end = i == parts - 1 ? Window.EndMs : Window.StartMs + (long)((Int128)Window.LengthMs * (i + 1) / parts) - 1;
            windows[i] = new TimeWindow(start, end);
            start = end + 1;
        }

        return new PartOutcome(total, null, windows);
    }
}

/// <summary>How large parts are, and how deep an appliance lets them be paged.</summary>
internal sealed class RecordsLimits
{
    /// <summary>How often in a row a part is halved because it took too long.</summary>
    public const int TimeoutHalvings = 2;

    /// <summary>Parts that one is divided into at most: what is denser is divided again.</summary>
    public const int MostParts = 1_000;

    /// <summary>A window of which more than a fourth of the rows lies outside is not heeded.</summary>
    public const int UnheededShare = 4;

    /// <summary>
    /// Rows that a part is meant to have: one page, and a fifth more where it is denser than the rest. Parts cost a request each.
    /// </summary>
    public const int RowsMeant = AdvancedSearchRequest.PageSize / 5 * 4;

    /// <summary>Rows that one part is paged for: deep pages are dear, since the appliance sorts all that is before them.</summary>
    private const long MostRowsPaged = 5L * AdvancedSearchRequest.PageSize;

    /// <summary>The same of the whole window: beyond two pages parts are read side by side instead.</summary>
    private const long MostRowsUndivided = 2L * AdvancedSearchRequest.PageSize;

    private long _deepest = long.MaxValue;

    /// <summary>Where pages of this appliance have ended before their total.</summary>
    public long Deepest
    {
        get => Volatile.Read(ref _deepest);
        set => Volatile.Write(ref _deepest, Math.Max(1, value));
    }

    public long RowsOfPart => Math.Min(RowsMeant, Math.Max(1, Deepest / 2));

    public long MostPaged(bool isDivided) => Math.Min(Deepest, isDivided ? MostRowsPaged : MostRowsUndivided);

    /// <summary>What an appliance may answer to a page that is deeper than it allows.</summary>
    public static bool IsTooDeep(ApplianceError error) =>
        error is ApplianceError.RequestRejected or ApplianceError.ApplianceBusy or ApplianceError.BadAnswer;

    public static bool IsWorthAnotherTry(ApplianceError error) =>
        error is ApplianceError.BadAnswer or ApplianceError.ApplianceBusy or ApplianceError.Unreachable;
}
