using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Darktrace.Reading.Counts;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace;

/// <content>Counts that the appliance makes itself: no record moves, whatever the window holds.</content>
public sealed partial class DarktraceClient
{
    /// <summary>Whether a search is short enough to be counted: counts are asked by path alone.</summary>
    public static bool CanCount(ConnSearch search) => CountRequest.Fits(ConnSearchText.Build(search));

    /// <summary>
    /// <c>/advancedsearch/api/analyze/{field}/terms</c>: the commonest values of a field among the records that a search finds.
    /// </summary>
    public Task<CountedValues> CountValuesAsync(ConnSearch search, ConnField field, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        return CountAsync(CountRequest.Values(ConnSearchText.Build(search), Inserted(search.Window), field), CountedValues.Parse,
            cancellationToken);
    }

    /// <summary><c>/advancedsearch/api/analyze/{field}/mean</c>: what the numbers of a field come to.</summary>
    public Task<FieldSums> SumAsync(ConnSearch search, ConnField field, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        return CountAsync(CountRequest.Sums(ConnSearchText.Build(search), Inserted(search.Window), field), FieldSums.Parse,
            cancellationToken);
    }

    /// <summary>
    /// <c>/advancedsearch/api/graph/count</c>, or <c>/mean</c> of a field: one day of a course over the time of insertion, the last of the
    /// window or so many days before it.
    /// </summary>
    public Task<CountCourse> GraphAsync(ConnSearch search, TimeSpan interval, ConnField? mean, int day, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        return CountAsync(CountRequest.Course(ConnSearchText.Build(search), Inserted(search.Window), interval, mean, day),
            CountCourse.Parse, cancellationToken);
    }

    /// <summary>How many days the graphs of a window have, by UTC midnights.</summary>
    public int GraphDays(TimeWindow window)
    {
        const long DayMs = 86_400_000;
        var inserted = Inserted(window);
        return (int)((inserted.EndMs / DayMs) - (inserted.StartMs / DayMs)) + 1;
    }

    private async Task<T> CountAsync<T>(ApplianceRequest asked, CompanionParser<T> parse, CancellationToken cancellationToken)
        where T : CountAnswer
    {
        var answer = await AskAsync(asked, parse, cancellationToken).ConfigureAwait(false);
        return answer.Error is { } error ? throw Sending.ApplianceFailures.RefusedInWords(asked, error) : answer;
    }
}
