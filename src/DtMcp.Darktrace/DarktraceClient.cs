using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Querying;
using DtMcp.Darktrace.Reading;
using DtMcp.Darktrace.Sending;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Darktrace;

/// <summary>
/// The Darktrace API: one method an endpoint, every one a signed request that only reads. Every method throws <see cref="ApplianceException"/> for a failure and
/// <see cref="OperationCanceledException"/> for the caller's own cancellation. Safe for use by many at once.
/// </summary>
public sealed partial class DarktraceClient : IDisposable
{
    private readonly Sender _sender;

    private DarktraceClient(Sender sender) => _sender = sender;

    /// <summary>The appliance's clock as its last answer gave it (whole seconds), or null before the first.</summary>
    public DateTimeOffset? LastServerDate => _sender.Clock.Last;

    /// <summary>A client for one appliance. Nothing is sent, and little built, before the first question.</summary>
    /// <exception cref="ApplianceException">A setting is unusable (<see cref="ApplianceError.InvalidArgument"/>).</exception>
    public static DarktraceClient Create(DarktraceOptions options, TimeProvider timeProvider, ILoggerFactory? loggerFactory) =>
        Create(options, timeProvider, loggerFactory, null);

    internal static DarktraceClient Create(DarktraceOptions options, TimeProvider timeProvider, ILoggerFactory? loggerFactory, HttpMessageHandler? wire)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        OptionsCheck.Run(options);
        return new DarktraceClient(new Sender(options, timeProvider, (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<DarktraceClient>(), wire));
    }

    /// <summary><c>/network</c>. Flows go into <paramref name="into"/> as they are read; when it throws, what is in there is not to be used.</summary>
    public Task<NetworkAnswer> GetNetworkAsync(NetworkQuery query, FlowSet into, IProgress<ReadProgress>? progress, CancellationToken cancellationToken) =>
        _sender.AskAsync(
            NetworkRequest.Build(query),
            (body, token) => NetworkReader.ReadAsync(body, into, progress, token),
            cancellationToken);

    /// <summary>
    /// Advanced Search for connection records, all pages, up to <paramref name="maxRows"/> rows (from 1 up). Rows enter <paramref name="into"/> a whole window at
    /// a time.
    /// </summary>
    public Task<RecordsResult> SearchConnectionsAsync(
        ConnSearch search, FlowSet into, long maxRows, IProgress<ReadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        var text = ConnSearchText.Build(search);
        var pager = new RecordsPager(
            (window, offset, size, rows, token) => _sender.AskAsync(
                AdvancedSearchRequest.Build(text, window, offset, size), (body, inner) => AdvancedSearchReader.ReadAsync(body, rows, inner), token),
            into,
            maxRows,
            progress);
        return pager.ReadAsync(search.Window, cancellationToken);
    }

    public void Dispose() => _sender.Dispose();
}
