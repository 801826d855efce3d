namespace DtMcp.Darktrace.Requests;

/// <summary><c>GET /details?did=212&amp;port=443&amp;starttime=...&amp;endtime=...</c>.</summary>
internal static class DetailsRequest
{
    internal const string Endpoint = "/details";

    internal static ApplianceRequest Build(DetailsQuery query)
    {
        Check(query);
        return new ParameterList()
            .Add("did", query.Did)
            .Add("pbid", query.Pbid)
            .Add("eventtype", query.EventType)
            .Add("applicationprotocol", query.ApplicationProtocol)
            .Add("protocol", query.Protocol)
            .Add("port", query.Port)
            .Add("sourceport", query.SourcePort)
            .Add("destinationport", query.DestinationPort)
            .Add("ddid", query.Ddid)
            .Add("odid", query.Odid)
            .Add("externalhostname", query.ExternalHostname)
            .Add("intext", query.IntExt?.Word())
            .Add("includetotalbytes", query.IncludeTotalBytes)
            .Add("count", query.Count)
            .Add(query.Window)
            .To(Endpoint);
    }

    private static void Check(DetailsQuery query)
    {
        if (query is { Did: null, Pbid: null })
        {
            Argument.Refuse("did", "is missing", "Details need a device (did) or a model breach (pbid).");
        }

        if (query is { Window: not null, Count: not null })
        {
            Argument.Refuse("count", "cannot go with a time", "Give a count or a time window, not both.");
        }

        if (query.EventType is not (null or "connection" or "unusualconnection" or "newconnection" or "notice" or "devicehistory"
            or "modelbreach"))
        {
            Argument.Refuse(
                "eventtype",
                $"is {Argument.Shown(query.EventType)}",
                "It is one of connection, unusualconnection, newconnection, notice, devicehistory, modelbreach.");
        }

        Argument.CheckPositive("count", query.Count);
        Argument.CheckPort("port", query.Port);
        Argument.CheckPort("sourceport", query.SourcePort);
        Argument.CheckPort("destinationport", query.DestinationPort);
        Argument.CheckText("protocol", query.Protocol, "It is an IP protocol, such as TCP.");
        Argument.CheckText("applicationprotocol", query.ApplicationProtocol, "It is an application protocol, such as HTTPS.");
        Argument.CheckText("externalhostname", query.ExternalHostname, "It is a host name.");
        Argument.CheckWindow(query.Window);
    }
}
