using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Json;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Reading.Records;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Values;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Darktrace;

/// <summary>
/// The Darktrace API: one method an endpoint, every one a signed request that only reads. Every method throws
/// <see cref="ApplianceException"/> for a failure and
/// <see cref="OperationCanceledException"/> for the caller's own cancellation. Safe for use by many at once.
/// </summary>
public sealed partial class DarktraceClient : IDisposable
{
    // An entry is inserted when its connection has ended, or later; a probe's clock may be a little ahead.
    private const long InsertedBeforeMs = 5 * 60_000;
    private const long InsertedAfterMs = 24 * 3_600_000;

    /// <summary>
    /// The name of its spans (<c>ActivitySource</c>) and metrics (<c>Meter</c>): a span and some counts for each request.
    /// </summary>
    public const string ObservedAs = "DtMcp.Darktrace";

    private readonly Sender _sender;
    private readonly TimeProvider _time;

    private DarktraceClient(Sender sender, TimeProvider time) => (_sender, _time) = (sender, time);

    /// <summary>The appliance's clock as its last answer gave it (whole seconds), or null before the first.</summary>
    public DateTimeOffset? LastServerDate => _sender.Clock.Last;

    /// <summary>How long ago the appliance answered last, though it were a refusal; null before the first time.</summary>
    public TimeSpan? SinceAnswer => _sender.SinceAnswer;

    /// <summary>Requests that wait for a place among those at once.</summary>
    internal int Waiting => _sender.Waiting;

    /// <summary>A client for one appliance. Nothing is sent, and little built, before the first question.</summary>
    /// <exception cref="ApplianceException">A setting is unusable (<see cref="ApplianceError.InvalidArgument"/>).</exception>
    public static DarktraceClient Create(DarktraceOptions options, TimeProvider timeProvider, ILoggerFactory? loggerFactory) =>
        Create(options, timeProvider, loggerFactory, null);

    internal static DarktraceClient Create(DarktraceOptions options, TimeProvider timeProvider, ILoggerFactory? loggerFactory,
        HttpMessageHandler? wire)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        OptionsCheck.Run(options);
        return new DarktraceClient(new Sender(options, timeProvider,
            (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<DarktraceClient>(), wire), timeProvider);
    }

    /// <summary>
    /// <c>/network</c>. Flows go into <paramref name="into"/> as they are read; when it throws, what is in there is not to be used.
    /// </summary>
    public async Task<NetworkAnswer> GetNetworkAsync(NetworkQuery query, FlowSet into, IProgress<ReadProgress>? progress,
        CancellationToken cancellationToken)
    {
        var asked = NetworkRequest.Build(query);
        var before = into.Count;
        var answer = await _sender.AskAsync(
            asked, (body, token) => query.ResponseData is "devices" or "externaldevices"
                ? NetworkReader.ReadNamesAsync(body, into, progress, token)
                : NetworkReader.ReadAsync(body, into, progress, token),
            cancellationToken).ConfigureAwait(false);
        Lane.Current?.Count(rows: into.Count - before);
        return answer.Error is { } error ? throw ApplianceFailures.RefusedInWords(asked, error) : answer;
    }

    /// <summary>
    /// Advanced Search for connection records, all of them. Rows enter <paramref name="into"/> a whole part of the window at a time, in
    /// order of time; what the set does not keep goes to its consumer. The window is one of starts: it is asked exactly by
    /// <c>epochdate</c>, and wider by insertion, the time that the appliance itself selects by.
    /// </summary>
    public Task<RecordsResult> SearchConnectionsAsync(
        ConnSearch search, FlowSet into, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        ConnSearchText.Check(search);
        var pager = new RecordsPager(
            (window, offset, size, rows, token) => PageAsync(search with { Window = window }, offset, size, rows, token),
            into, Math.Min(search.MostAtOnce, _sender.MaxConcurrency), progress);
        return pager.ReadAsync(search.Window, cancellationToken);
    }

    /// <summary>How many connection records match, by the appliance's own count; one of them is read for it.</summary>
    public async Task<long> CountConnectionsAsync(ConnSearch search, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        return (await PageAsync(search, 0, 1, new RecordsSpace(), cancellationToken).ConfigureAwait(false)).Total;
    }

    private async Task<RecordsPage> PageAsync(ConnSearch search, long offset, int size, RecordsSpace rows,
        CancellationToken cancellationToken)
    {
        var asked = AdvancedSearchRequest.Build(ConnSearchText.Build(search), Inserted(search.Window), offset, size);
        var page = await _sender.AskAsync(
            asked, (body, token) =>
                AdvancedSearchReader.ReadAsync(body, rows, search.Window, token), cancellationToken).ConfigureAwait(false);
        Lane.Current?.Count(rows: page.Hits - page.Outside);
        return page.Error is { } error ? throw ApplianceFailures.RefusedInWords(asked, error) : page;
    }

    // No further into the future than it has to be.
    private TimeWindow Inserted(TimeWindow starts)
    {
        var latest = Math.Max(starts.EndMs, _time.GetUtcNow().ToUnixTimeMilliseconds()) + (InsertedAfterMs / 24);
        var most = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        return new TimeWindow(Math.Max(0, starts.StartMs - InsertedBeforeMs),
            Math.Min(Math.Min(starts.EndMs + InsertedAfterMs, latest), most));
    }

    public void Dispose() => _sender.Dispose();
}
