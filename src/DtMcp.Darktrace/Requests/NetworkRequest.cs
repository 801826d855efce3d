using System.Collections.Frozen;
using System.Globalization;
using DtMcp.Darktrace.Errors;

namespace DtMcp.Darktrace.Requests;

/// <summary>
/// <c>GET /network?did=212&amp;fulldevicedetails=true&amp;intext=external&amp;starttime=1768464000000&amp;endtime=1768467600000</c>. No
/// filter is required; without a time the appliance takes its last hour.
/// </summary>
public static class NetworkRequest
{
    internal const string Endpoint = "/network";

    private const string AllowedResponseData =
        "Use one of statistics, subnets, devices, externaldevices, metric, connections, or traffic, summary and their fields, or leave " +
        "it out.";

    // The guide's six top-level names, then those of the row shape, which may come as a comma list.
    private static readonly FrozenSet<string> ResponseDataNames = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "statistics", "subnets", "devices", "externaldevices", "metric", "connections",
        "traffic", "summary", "data", "sourcedevice", "destinationdevice", "protocol", "sourceport", "destinationport",
        "applicationprotocol",
        "bytes", "packets", "duration", "starttime", "endtime", "direction", "flags", "did", "ip", "hostname", "devicelabel",
        "totalconnections", "totalbytes", "totalpackets", "timerange", "topprotocols", "topports",
        "timestamp", "device", "bytes_in", "bytes_out", "packets_in", "packets_out");

    /// <summary>Checks every filter and puts them in order. Nothing is sent.</summary>
    /// <exception cref="ApplianceException">A filter is unusable (<see cref="ApplianceError.InvalidArgument"/>).</exception>
    public static ApplianceRequest Build(NetworkQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        Check(query);
        var parameters = new ParameterList()
            .Add("did", query.Did)
            .Add("ip", query.Ip)
            .Add("viewsubnet", query.ViewSubnet)
            .Add("fulldevicedetails", query.FullDeviceDetails)
            .Add("intext", query.IntExt?.Word())
            .Add("metric", query.Metric)
            .Add("protocol", query.Protocol)
            .Add("applicationprotocol", query.ApplicationProtocol)
            .Add("port", query.Port)
            .Add("sourceport", query.SourcePort)
            .Add("destinationport", query.DestinationPort)
            .Add("responsedata", query.ResponseData);
        return AddWindow(parameters, query).To(Endpoint);
    }

    private static void Check(NetworkQuery query)
    {
        const string AllowedMetric = "It is one name from the appliance's list of metrics, such as datatransfervolume.";
        Argument.CheckText("metric", query.Metric, AllowedMetric);
        if (query.Metric?.Contains(',') == true)
        {
            Argument.Refuse("metric", "holds a comma, and a list gives unrelated data", AllowedMetric);
        }

        Argument.CheckText("protocol", query.Protocol, "It is an IP protocol, such as TCP, or leave it out.");
        Argument.CheckText("applicationprotocol", query.ApplicationProtocol,
            "It is an application protocol, such as HTTPS, or leave it out.");
        Argument.CheckPort("port", query.Port);
        Argument.CheckPort("sourceport", query.SourcePort);
        Argument.CheckPort("destinationport", query.DestinationPort);
        CheckResponseData(query.ResponseData);
        Argument.CheckWindow(query.Window);
    }

    private static void CheckResponseData(string? responseData)
    {
        Argument.CheckText("responsedata", responseData, AllowedResponseData);
        foreach (var name in responseData?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            if (!ResponseDataNames.Contains(name))
            {
                Argument.Refuse("responsedata", $"names {Argument.Shown(name)}, which no answer has", AllowedResponseData);
            }
        }
    }

    // Text has whole seconds; a window with a fraction keeps it by going out in milliseconds.
    private static ParameterList AddWindow(ParameterList parameters, NetworkQuery query) => query switch
    {
        { WindowAsText: true, Window: { } window } when window.StartMs % 1000 == 0 && window.EndMs % 1000 == 0 =>
            parameters.Add("from", Text(window.StartMs)).Add("to", Text(window.EndMs)),
        _ => parameters.Add(query.Window),
    };

    private static string Text(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
