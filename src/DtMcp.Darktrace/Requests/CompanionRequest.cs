using DtMcp.Darktrace.Values;

namespace DtMcp.Darktrace.Requests;

/// <summary>The questions with one or two parameters (docs/APPLIANCE-API.md, Companions).</summary>
internal static class CompanionRequest
{
    internal const string EnumsEndpoint = "/enums";
    internal const string MetricsEndpoint = "/metrics";
    internal const string SubnetsEndpoint = "/subnets";
    internal const string EndpointDetailsEndpoint = "/endpointdetails";
    internal const string ModelBreachesEndpoint = "/modelbreaches";
    internal const string IncidentEventsEndpoint = "/aianalyst/incidentevents";
    internal const string StatusEndpoint = "/status";
    internal const string SummaryStatisticsEndpoint = "/summarystatistics";

    /// <summary><c>/enums?responsedata=Application protocol</c>; the whole list is over 2 MiB.</summary>
    internal static ApplianceRequest Enums(string? category)
    {
        Argument.CheckText("category", category, "It is the name of a category, such as Protocol.");
        return new ParameterList().Add("responsedata", category).To(EnumsEndpoint);
    }

    internal static ApplianceRequest Metrics() => new ParameterList().To(MetricsEndpoint);

    internal static ApplianceRequest Subnets(long? sid) => new ParameterList().Add("sid", sid).To(SubnetsEndpoint);

    /// <summary><c>/endpointdetails?ip=203.0.113.77&amp;devices=true</c> or <c>?hostname=</c>.</summary>
    internal static ApplianceRequest EndpointDetails(NetAddress? ip, string? hostname, bool devices, bool score = false)
    {
        if (ip is null == hostname is null)
        {
            Argument.Refuse("ip", "and hostname are both or neither given", "Give exactly one of them.");
        }

        Argument.CheckText("hostname", hostname, "It is a host name.");
        return new ParameterList().Add("ip", ip).Add("hostname", hostname).Add("devices",
            devices ? true : null).Add("score", score ? true : null).To(EndpointDetailsEndpoint);
    }

    /// <summary><c>/modelbreaches?did=212&amp;starttime=...&amp;endtime=...&amp;minimal=true&amp;includeacknowledged=true</c>; without a
    /// window it would be a year,
    /// and without the last one those that somebody acknowledged are left out.</summary>
    internal static ApplianceRequest ModelBreaches(TimeWindow window, long? did)
    {
        Argument.CheckWindow(window);
        return new ParameterList().Add("did", did).Add(window).Add("minimal", true).Add("includeacknowledged",
            true).Add("includebreachurl", true).To(ModelBreachesEndpoint);
    }

    /// <summary><c>/aianalyst/incidentevents?did=212&amp;starttime=...&amp;endtime=...&amp;includeacknowledged=true&amp;
    /// includeallpinned=false</c>: without the last one, those that somebody pinned come whatever the window.</summary>
    internal static ApplianceRequest IncidentEvents(TimeWindow window, long? did)
    {
        Argument.CheckWindow(window);
        return new ParameterList().Add("did", did).Add(window).Add("includeacknowledged", true).Add("includeallpinned",
            false).To(IncidentEventsEndpoint);
    }

    /// <summary><c>/status?fast=true&amp;includechildren=false</c>: from the appliance's cache, without its probes.</summary>
    internal static ApplianceRequest Status() => new ParameterList().Add("fast", true).Add("includechildren", false).To(StatusEndpoint);

    internal static ApplianceRequest SummaryStatistics() => new ParameterList().To(SummaryStatisticsEndpoint);
}
