using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.Counts;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Traffic.Queries;

namespace DtMcp.Traffic.Evidence.Counts;

/// <summary>Asks for counts side by side, as many at once as the client sends; each is tried up to three times on its own.</summary>
internal sealed class CountReader(DarktraceClient client)
{
    private const int Attempts = 3;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Waiting for a place in the client costs nothing.</summary>
    private const int AtOnce = 32;

    /// <summary>Whether all of them are short enough to be asked.</summary>
    public static bool Fit(ConnSearch search, IReadOnlyCollection<CountAsk> asks) =>
        asks.MaxBy(ask => ask.Where?.Text.Length ?? 0) is not { } longest || DarktraceClient.CanCount(Of(search, longest));

    public Task FillAsync(CountBook book, ConnSearch search, IReadOnlyCollection<CountAsk> asks, ReadMeter meter,
        CancellationToken cancellationToken) => Parallel.ForEachAsync(
            asks,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (ask, token) =>
            {
                book.Add(ask, await AskAsync(Of(search, ask), ask, token).ConfigureAwait(false));
                meter.PartDone();
            });

    private async Task<CountAnswer> AskAsync(ConnSearch search, CountAsk ask, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return ask.Kind switch
                {
                    CountKind.Values => await client.CountValuesAsync(search, ask.Field, cancellationToken).ConfigureAwait(false),
                    CountKind.Sums => await client.SumAsync(search, ask.Field, cancellationToken).ConfigureAwait(false),
                    _ => await client.GraphAsync(
                        search, Hour, ask.Field == ConnField.Start ? null : ask.Field, ask.Day, cancellationToken).ConfigureAwait(false),
                };
            }
            catch (ApplianceException error) when (attempt < Attempts
                && error.Error is ApplianceError.BadAnswer or ApplianceError.ApplianceBusy or ApplianceError.Unreachable)
            {
            }
        }
    }

    private static ConnSearch Of(ConnSearch search, CountAsk ask) => ask.Where is not { } where ? search
        : search with { Where = search.Where is { } filter ? ConnTerm.All(filter, where) : where };
}
