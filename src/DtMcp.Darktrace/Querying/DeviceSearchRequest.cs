namespace DtMcp.Darktrace.Querying;

/// <summary><c>GET /devicesearch?count=50&amp;query=hostname:"fin*" tag:"Security Device"&amp;offset=0</c>.</summary>
internal static class DeviceSearchRequest
{
    internal const string Endpoint = "/devicesearch";

    /// <summary>The most that one page may hold.</summary>
    internal const int PageSize = 300;

    internal static ApplianceRequest Build(DeviceSearchQuery query, int count, int offset)
    {
        Argument.CheckText("seensince", query.SeenSince, "It is a span, such as 3600, 2min, 1hour or 6day.");
        return new ParameterList()
            .Add("count", Math.Min(count, PageSize))
            .Add("query", query.Compose())
            .Add("offset", offset)
            .Add("seensince", query.SeenSince)
            .To(Endpoint);
    }
}
