using DtMcp.Darktrace.Reading.Counts;
using DtMcp.Darktrace.Reading.NameRecords;
using DtMcp.Darktrace.Requests.Searches;

namespace DtMcp.Darktrace;

/// <content>Names that were looked up or called, from Advanced Search.</content>
public sealed partial class DarktraceClient
{
    /// <summary>The most entries that one page of names may hold.</summary>
    public const int NamesPageSize = AdvancedSearchRequest.PageSize;

    /// <summary>Whether a name can be searched for as it stands.</summary>
    public static bool CanSearchName(string name) => NameSearchText.CanAsk(name);

    /// <summary>That a search can be asked.</summary>
    /// <exception cref="Errors.ApplianceException">A filter of it cannot.</exception>
    public static void CheckNames(NameSearch search) => NameSearchText.Build(search);

    /// <summary>One page of entries, newest first, from an offset on.</summary>
    public async Task<NamePage> SearchNamesAsync(NameSearch search, long offset, int size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        var asked = AdvancedSearchRequest.Build(NameSearchText.Build(search), Inserted(search.Window), offset, size);
        var page = await AskAsync(asked, NamePage.Parse, cancellationToken).ConfigureAwait(false);
        return page.Error is { } error ? throw Sending.ApplianceFailures.RefusedInWords(asked, error) : page;
    }

    /// <summary>Whether the names that a search finds can be counted: counts are asked by path alone.</summary>
    public static bool CanCount(NameSearch search) => CountRequest.Fits(NameSearchText.Build(search));

    /// <summary><c>/advancedsearch/api/analyze/{name}/terms</c>: the commonest names among the entries that a search finds.</summary>
    public Task<CountedValues> CountNamesAsync(NameSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        return CountAsync(
            CountRequest.Values(NameSearchText.Build(search), Inserted(search.Window), NameSearchText.Field(search.Kind)),
            CountedValues.Parse, cancellationToken);
    }
}
