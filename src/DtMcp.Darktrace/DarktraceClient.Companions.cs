using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace;

/// <content>The endpoints beside <c>/network</c>: small answers, read whole within 32 MiB.</content>
public sealed partial class DarktraceClient
{
    /// <summary><c>/enums</c>: names and codes that filters take. Without a category it is every one of them, over 2 MiB.</summary>
    public Task<IReadOnlyList<EnumCategory>> GetEnumsAsync(string? category, CancellationToken cancellationToken) =>
        AskAsync(CompanionRequest.Enums(category), (ref reader) => EnumCategory.Parse(ref reader, category), cancellationToken);

    /// <summary><c>/metrics</c>: every metric, over 1 MiB on a real appliance.</summary>
    public Task<IReadOnlyList<MetricDescription>> GetMetricsAsync(CancellationToken cancellationToken) =>
        ListAsync(CompanionRequest.Metrics(), MetricDescription.Parse, cancellationToken);

    /// <summary><c>/metricdata</c>: metrics over time, one series a metric.</summary>
    public Task<IReadOnlyList<MetricSeries>> GetMetricDataAsync(MetricDataQuery query, CancellationToken cancellationToken) =>
        ListAsync(MetricDataRequest.Build(query), MetricSeries.Parse, cancellationToken);

    /// <summary><c>/devices</c>.</summary>
    public Task<IReadOnlyList<Device>> GetDevicesAsync(DevicesQuery query, CancellationToken cancellationToken) =>
        ListAsync(DevicesRequest.Build(query), Device.Parse, cancellationToken);

    /// <summary>
    /// <c>/devices</c> as a stream, however long: each device goes to <paramref name="each"/> as it comes; when it throws, nothing that
    /// was given is to be used.
    /// Returns how many elements the list had.
    /// </summary>
    public Task<long> ReadDevicesAsync(DevicesQuery query, Action<Device> each, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(each);
        return _sender.AskAsync(
            DevicesRequest.Build(query),
            async (body, token) =>
            {
                var elements = 0L;
                await CompanionList.ReadAsync(
                    body,
                    (ref reader) =>
                    {
                        elements++;
                        if (JsonFields.IsObject(ref reader) && Device.Parse(ref reader) is { } device)
                        {
                            each(device);
                        }
                    },
                    token).ConfigureAwait(false);
                return elements;
            },
            cancellationToken);
    }

    /// <summary>
    /// <c>/devicesearch</c>: up to <paramref name="max"/> devices (from 1 up), those seen last first. One page of 300 is asked in that
    /// order; more are asked by when they
    /// were first seen, since that order does not change while devices are seen.
    /// </summary>
    public async Task<DeviceSearchResult> SearchDevicesAsync(DeviceSearchQuery query, int max, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        if (max <= DeviceSearchRequest.PageSize)
        {
            var only = await PageAsync(max, 0, DeviceOrder.LastSeenFirst).ConfigureAwait(false);
            return new DeviceSearchResult(Math.Max(only.Total, only.Devices.Count), [.. only.Devices.Take(max)]);
        }

        List<Device> devices = [];
        HashSet<long> known = [];
        for (var offset = 0; ;)
        {
            var page = await PageAsync(max - devices.Count, offset, DeviceOrder.FirstSeen).ConfigureAwait(false);
            offset += page.Devices.Count;
            devices.AddRange(page.Devices.Where(device => known.Add(device.Did)).Take(max - devices.Count));
            if (page.Devices.Count == 0 || offset >= page.Total || devices.Count >= max)
            {
                return new DeviceSearchResult(
                    Math.Max(page.Total, devices.Count),
                    [.. devices.OrderByDescending(device => device.Details.LastSeen ?? 0).ThenBy(device => device.Did)]);
            }
        }

        Task<DeviceSearchResult> PageAsync(int count, int offset, DeviceOrder order) =>
            AskAsync(DeviceSearchRequest.Build(query, count, offset, order), (ref reader) => DeviceSearchResult.Parse(ref reader),
                cancellationToken);
    }

    /// <summary><c>/subnets</c>: all, or the one of an id.</summary>
    public Task<IReadOnlyList<SubnetInfo>> GetSubnetsAsync(long? sid, CancellationToken cancellationToken) =>
        ListAsync(CompanionRequest.Subnets(sid), SubnetInfo.Parse, cancellationToken);

    /// <summary><c>/endpointdetails</c> of an address or a host name (exactly one), with the devices that spoke with it if asked.</summary>
    public Task<EndpointDetails> GetEndpointDetailsAsync(
        NetAddress? ip, string? hostname, bool devices, CancellationToken cancellationToken) =>
        AskAsync(CompanionRequest.EndpointDetails(ip, hostname, devices), (ref reader) => EndpointDetails.Parse(ref reader),
            cancellationToken);

    /// <summary><c>/details</c>: single connections and events; bytes where they are asked for.</summary>
    public Task<IReadOnlyList<DeviceEvent>> GetDetailsAsync(DetailsQuery query, CancellationToken cancellationToken) =>
        ListAsync(DetailsRequest.Build(query), DeviceEvent.Parse, cancellationToken);

    /// <summary><c>/modelbreaches</c> of a window, of one device or of all.</summary>
    public Task<IReadOnlyList<ModelBreach>> GetModelBreachesAsync(TimeWindow window, long? did, CancellationToken cancellationToken) =>
        ListAsync(CompanionRequest.ModelBreaches(window, did), ModelBreach.Parse, cancellationToken);

    /// <summary><c>/aianalyst/incidentevents</c> of a window, of one device or of all.</summary>
    public Task<IReadOnlyList<IncidentEvent>> GetIncidentEventsAsync(TimeWindow window, long? did, CancellationToken cancellationToken) =>
        ListAsync(CompanionRequest.IncidentEvents(window, did), IncidentEvent.Parse, cancellationToken);

    /// <summary><c>/endpointdetails</c> of an address outside with its score: since when it is known, and how many speak with it.</summary>
    public Task<EndpointDetails> GetEndpointScoreAsync(NetAddress ip, CancellationToken cancellationToken) =>
        AskAsync(CompanionRequest.EndpointDetails(ip, null, devices: false, score: true), (ref reader) => EndpointDetails.Parse(ref reader),
            cancellationToken);

    /// <summary><c>/status</c>, from the appliance's cache. Its permission is one that a token good for <c>/network</c> may lack.</summary>
    public Task<ApplianceStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        AskAsync(CompanionRequest.Status(), (ref reader) => ApplianceStatus.Parse(ref reader), cancellationToken);

    /// <summary><c>/summarystatistics</c>.</summary>
    public Task<SummaryStatistics> GetSummaryStatisticsAsync(CancellationToken cancellationToken) =>
        AskAsync(CompanionRequest.SummaryStatistics(), (ref reader) => SummaryStatistics.Parse(ref reader), cancellationToken);

    private Task<T> AskAsync<T>(ApplianceRequest request, CompanionParser<T> parse, CancellationToken cancellationToken) =>
        _sender.AskAsync(request, (body, token) => CompanionBody.ReadAsync(body, parse, token), cancellationToken);

    private Task<IReadOnlyList<T>> ListAsync<T>(ApplianceRequest request, ItemParser<T> parse, CancellationToken cancellationToken)
        where T : class =>
        AskAsync<IReadOnlyList<T>>(request, (ref reader) => JsonFields.Items(ref reader, parse), cancellationToken);
}
