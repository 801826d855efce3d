using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Requests;

/// <summary>A question to <c>GET /devices</c>. Without <see cref="SeenSince"/> the appliance takes the last 7 days.</summary>
public sealed record DevicesQuery
{
    public long? Did { get; init; }

    public NetAddress? Ip { get; init; }

    public string? Mac { get; init; }

    /// <summary>Subnet id.</summary>
    public long? Sid { get; init; }

    /// <summary>Seconds (<c>3600</c>) or a span (<c>2min</c>, <c>1hour</c>, <c>6day</c>), at least one second.</summary>
    public string? SeenSince { get; init; }

    /// <summary>Most devices, from 1 up.</summary>
    public int? Count { get; init; }

    public bool? IncludeTags { get; init; }

    /// <summary>The members of each device that are wanted, joined by commas, such as <c>did,hostname</c>; null for all.</summary>
    public string? ResponseData { get; init; }
}
