namespace DtMcp.Darktrace.Requests;

/// <summary>In which order devices come; the appliance's own is by when they were last seen, the one silent longest first.</summary>
internal enum DeviceOrder
{
    LastSeenFirst,

    /// <summary>By when they were first seen, the oldest first: pages do not shift while devices are seen.</summary>
    FirstSeen,
}

/// <summary><c>GET /devicesearch?count=50&amp;query=hostname:"fin*" tag:"Security
/// Device"&amp;offset=0&amp;orderBy=lastSeen&amp;order=desc</c>.</summary>
internal static class DeviceSearchRequest
{
    internal const string Endpoint = "/devicesearch";

    /// <summary>The most that one page may hold.</summary>
    internal const int PageSize = 300;

    internal static ApplianceRequest Build(DeviceSearchQuery query, int count, int offset, DeviceOrder order)
    {
        Argument.CheckText("seensince", query.SeenSince, "It is a span, such as 3600, 2min, 1hour or 6day.");
        return new ParameterList()
            .Add("count", Math.Min(count, PageSize))
            .Add("query", query.Compose())
            .Add("offset", offset)
            .Add("orderBy", order == DeviceOrder.FirstSeen ? "firstSeen" : "lastSeen")
            .Add("order", order == DeviceOrder.FirstSeen ? "asc" : "desc")
            .Add("seensince", query.SeenSince)
            .To(Endpoint);
    }
}
