using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Requests;

/// <summary>
/// A question to <c>GET /network</c> with its 16 filters (docs/APPLIANCE-API.md, /network: parameters), the time pair as one
/// <see cref="Window"/>. Absent filters are null. Build with <c>init</c>; <c>NetworkRequest.Build</c> validates it and gives the ordered
/// parameters.
/// </summary>
public sealed record NetworkQuery
{
    /// <summary>Device id; negative ids exist.</summary>
    public long? Did { get; init; }

    public NetAddress? Ip { get; init; }

    /// <summary>A subnet's <c>sid</c>.</summary>
    public long? ViewSubnet { get; init; }

    /// <summary>The <c>name</c> of a metric in <c>/metrics</c>; no SaaS metrics.</summary>
    public string? Metric { get; init; }

    public TrafficSide? IntExt { get; init; }

    /// <summary>IP protocol, a name or code of <c>/enums</c>.</summary>
    public string? Protocol { get; init; }

    public string? ApplicationProtocol { get; init; }

    /// <summary>Either port, 0 to 65535.</summary>
    public int? Port { get; init; }

    public int? SourcePort { get; init; }

    public int? DestinationPort { get; init; }

    public bool? FullDeviceDetails { get; init; }

    /// <summary>One top-level name; comma lists are the row shape's and pass through.</summary>
    public string? ResponseData { get; init; }

    /// <summary>Asked as <c>starttime</c>+<c>endtime</c>; null asks nothing, and the appliance takes its last hour.</summary>
    public TimeWindow? Window { get; init; }

    /// <summary>Whether the window goes out as <c>from</c>+<c>to</c> (second resolution) instead of milliseconds.</summary>
    public bool WindowAsText { get; init; }
}
