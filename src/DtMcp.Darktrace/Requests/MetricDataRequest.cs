using System.Globalization;

namespace DtMcp.Darktrace.Requests;

/// <summary>
/// <c>GET /metricdata?metric=externaldatatransfervolume&amp;did=212&amp;interval=3600&amp;starttime=...&amp;endtime=...</c>.
/// </summary>
internal static class MetricDataRequest
{
    internal const string Endpoint = "/metricdata";

    internal static ApplianceRequest Build(MetricDataQuery query)
    {
        if (query.Metrics.Count == 0)
        {
            Argument.Refuse("metric", "is missing", "Name at least one metric, such as datatransfervolume.");
        }

        var parameters = new ParameterList();
        for (var i = 0; i < query.Metrics.Count; i++)
        {
            Argument.CheckText("metric", query.Metrics[i], "It is one name from the appliance's list of metrics.");
            parameters.Add(query.Metrics.Count == 1 ? "metric" : string.Create(CultureInfo.InvariantCulture, $"metric{i + 1}"),
                query.Metrics[i]);
        }

        Argument.CheckPort("port", query.Port);
        Argument.CheckPort("sourceport", query.SourcePort);
        Argument.CheckPort("destinationport", query.DestinationPort);
        Argument.CheckText("protocol", query.Protocol, "It is an IP protocol, such as TCP.");
        Argument.CheckText("applicationprotocol", query.ApplicationProtocol, "It is an application protocol, such as HTTPS.");
        Argument.CheckPositive("interval", query.IntervalSeconds);
        Argument.CheckWindow(query.Window);
        return parameters
            .Add("did", query.Did)
            .Add("ddid", query.Ddid)
            .Add("odid", query.Odid)
            .Add("port", query.Port)
            .Add("sourceport", query.SourcePort)
            .Add("destinationport", query.DestinationPort)
            .Add("protocol", query.Protocol)
            .Add("applicationprotocol", query.ApplicationProtocol)
            .Add("interval", query.IntervalSeconds)
            .Add(query.Window)
            .To(Endpoint);
    }
}
