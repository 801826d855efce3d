using System.Globalization;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Records;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Questions;

namespace DtMcp.Traffic.Evidence;

/// <summary>Reads connection records of Advanced Search into the same columns as flows.</summary>
internal sealed class RecordReader(DarktraceClient client, InvestigatorOptions options, TimeProvider time)
{
    /// <summary>
    /// From so many rows on what the reading took besides (pages, names as they came) is let go at once, before the analysis takes as much
    /// again.
    /// </summary>
    private const long ManyRows = 250_000;

    /// <summary>
    /// Why records do not serve a question, or null. They know addresses only: a device without one and a subnet without a range cannot be
    /// found among them.
    /// </summary>
    public static string? WhyNot(Ask ask, InvestigatorOptions options) => ask switch
    {
        _ when options.Evidence == EvidencePolicy.Network => "No records: DTMCP_EVIDENCE=network leaves them out.",
        { Evidence: EvidenceWish.Network } => "No records: evidence=network leaves them out.",
        _ when ask.Filters.ResponseData is not null || ask.Filters.Metric is not null =>
            "No records: a question with responsedata or metric is one to /network alone.",
        _ when ask.Filters.Did is { } did && ask.Focus is not { Addresses.Count: > 0 } => string.Create(
            CultureInfo.InvariantCulture,
            $"No records: they hold addresses only, and the appliance tells none that device {did} had in this window. Ask with ip= if " +
            $"an address is known."),
        _ when ask.Filters.ViewSubnet is { } sid && ask.Subnet is null => string.Create(
            CultureInfo.InvariantCulture,
            $"No records: they hold addresses only, and the appliance tells no range of subnet {sid}. Ask with subnet= and its range."),
        _ => null,
    };

    /// <summary>The filters that a search of records takes; the others select rows here.</summary>
    public static NetworkQuery Pushable(Ask ask) => new()
    {
        Did = ask.Filters.Did,
        Ip = ask.Filters.Ip,
        Port = ask.Filters.Port,
        SourcePort = ask.Filters.SourcePort,
        DestinationPort = ask.Filters.DestinationPort,
        Protocol = ask.Filters.Protocol,
        ApplicationProtocol = ask.Filters.ApplicationProtocol,
    };

    /// <summary>The search for records of a window that pushed filters select.</summary>
    /// <param name="filters">Those that a search takes.</param>
    /// <param name="window">The starts.</param>
    /// <param name="ips">The addresses of the device in question.</param>
    public static ConnSearch Search(NetworkQuery filters, TimeWindow window, IReadOnlyList<NetAddress>? ips)
    {
        var application = filters.ApplicationProtocol;
        return new ConnSearch
        {
            Window = window,
            Ips = ips,
            Ip = filters.Ip,
            Port = filters.Port,
            SourcePort = filters.SourcePort,
            DestinationPort = filters.DestinationPort,
            Protocol = filters.Protocol?.ToLowerInvariant(),
            Services = application is null ? null : ApplicationNames.ServicesOf(application),
            UnknownService = application is not null && ApplicationNames.IsUnknown(application),
            UnknownServicePort = application is not null && ApplicationNames.IsHttps(application) ? ApplicationNames.HttpsPort : null,
        };
    }

    public async Task<Capture> ReadAsync(CaptureKey key, DeviceFocus? focus, IFlowConsumer? overflow, IProgress<AskProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var meter = new ReadMeter(progress, time, "reading records");
        var flows = new FlowSet(options.MaxFlows, overflow, options.MaxHosts);
        using var attempt = meter.Attempt();
        var search = Search(key.Filters, key.Window, key.Filters.Did is null ? null : focus?.Addresses);
        var result = await client.SearchConnectionsAsync(search, flows, attempt, cancellationToken).ConfigureAwait(false);
        attempt.Keep();
        if (flows.Kept >= ManyRows)
        {
            // Given back to the system: large arrays of pages make no room for the small ones of an analysis.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        return CaptureOf(key, EvidenceKind.Records, time.GetUtcNow(), flows, result);
    }

    /// <summary>What a search for records came to, as it is kept.</summary>
    public static Capture CaptureOf(
        CaptureKey key, EvidenceKind evidence, DateTimeOffset readAt, FlowSet flows, RecordsResult result) => new()
        {
            Key = key,
            Evidence = evidence,
            ReadAt = readAt,
            Flows = flows,
            NotRead = result.Complete ? 0 : Math.Max(1, result.Total - result.Outside - result.Read),
            AtLeast = result.IsPartial,
            Notes = [.. Caveats.OfRecords(result, flows)],
        };
}
