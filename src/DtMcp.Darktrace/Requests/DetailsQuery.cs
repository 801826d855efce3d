using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Requests;

/// <summary>
/// A question to <c>GET /details</c>: single connections and events. It needs <see cref="Did"/> or <see cref="Pbid"/>, and takes
/// <see cref="Window"/> or <see cref="Count"/>, never both.
/// </summary>
public sealed record DetailsQuery
{
    public long? Did { get; init; }

    /// <summary>Id of a model breach.</summary>
    public long? Pbid { get; init; }

    public TimeWindow? Window { get; init; }

    /// <summary>The latest so many, from 1 up.</summary>
    public int? Count { get; init; }

    /// <summary>
    /// <c>connection</c> (the appliance's default), <c>unusualconnection</c>, <c>newconnection</c>, <c>notice</c>, <c>devicehistory</c> or
    /// <c>modelbreach</c>.
    /// </summary>
    public string? EventType { get; init; }

    /// <summary>Whether connections tell their bytes.</summary>
    public bool? IncludeTotalBytes { get; init; }

    public string? ApplicationProtocol { get; init; }

    public string? Protocol { get; init; }

    public int? Port { get; init; }

    public int? SourcePort { get; init; }

    public int? DestinationPort { get; init; }

    public long? Ddid { get; init; }

    public long? Odid { get; init; }

    public string? ExternalHostname { get; init; }

    public TrafficSide? IntExt { get; init; }
}
