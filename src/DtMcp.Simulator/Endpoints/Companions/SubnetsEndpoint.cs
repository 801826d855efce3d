using System.Text.Json;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary><c>/subnets</c>: an array. GET only: on an appliance POST edits.</summary>
internal sealed class SubnetsEndpoint : IEndpoint
{
    private const int DefaultDays = 183;

    public string Path => "/subnets";

    public Permission Needs => Permission.Visualizer | Permission.PlatformAccountsConsole | Permission.SubnetAdmin;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var (sid, since, fields) = (request.Number("sid"), SeenSince.Of(request, DefaultDays), ResponseData.OfElements(request));
        answer.Json.WriteStartArray();
        foreach (var subnet in SubnetFacts.Of(request.Records))
        {
            if ((sid is null || subnet.Subnet.Sid == sid) && (subnet.LastSeenMs >= since || subnet.Devices.Count == 0))
            {
                fields.Write(answer.Json, subnet, Write);
                answer.Rows++;
            }
        }

        answer.Json.WriteEndArray();
        return Task.CompletedTask;
    }

    private static void Write(Utf8JsonWriter json, SubnetFacts subnet)
    {
        json.WriteStartObject();
        json.WriteNumber("sid", subnet.Subnet.Sid);
        json.WriteBoolean("auto", subnet.Subnet.Label is null);
        json.WriteBoolean("dhcp", subnet.Clients > subnet.Servers);
        json.WriteNumber("firstSeen", subnet.FirstSeenMs);
        DeviceJson.WriteText(json, "label", subnet.Subnet.Label);
        json.WriteNumber("lastSeen", subnet.LastSeenMs);
        json.WriteNumber("latitude", 0.0);
        json.WriteNumber("longitude", 0.0);
        json.WriteString("network", subnet.Subnet.Range.ToString());
        json.WriteNumber("shid", subnet.Subnet.Sid + 130);
        json.WriteBoolean("uniqueHostnames", false);
        json.WriteBoolean("uniqueUsernames", false);
        json.WriteNumber("confidence", subnet.Subnet.Label is null ? -1 : 2);
        json.WriteNumber("dhcpQuality", 0);
        json.WriteNumber("kerberosQuality", 0);
        json.WriteNumber("recentTrafficPercent", subnet.TrafficPercent);
        json.WriteNumber("clientDevices", subnet.Clients);
        if (subnet.Servers > 0)
        {
            json.WriteNumber("serverDevices", subnet.Servers);
        }

        json.WriteNumber("mostRecentTraffic", subnet.LastSeenMs);
        json.WriteEndObject();
    }
}
