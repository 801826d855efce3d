namespace DtMcp.Darktrace.Requests;

/// <summary><c>GET /devices?did=212&amp;seensince=1hour&amp;count=50&amp;includetags=true</c>.</summary>
internal static class DevicesRequest
{
    internal const string Endpoint = "/devices";

    internal static ApplianceRequest Build(DevicesQuery query)
    {
        Argument.CheckText("mac", query.Mac, "It is a MAC address, such as 02:00:5e:10:00:d4.");
        Argument.CheckText("seensince", query.SeenSince, "It is a span, such as 3600, 2min, 1hour or 6day.");
        Argument.CheckPositive("count", query.Count);
        Argument.CheckText("responsedata", query.ResponseData, "It is names of members joined by commas, such as did,hostname.");
        return new ParameterList()
            .Add("did", query.Did)
            .Add("ip", query.Ip)
            .Add("mac", query.Mac)
            .Add("sid", query.Sid)
            .Add("seensince", query.SeenSince)
            .Add("count", query.Count)
            .Add("includetags", query.IncludeTags)
            .Add("responsedata", query.ResponseData)
            .To(Endpoint);
    }
}
