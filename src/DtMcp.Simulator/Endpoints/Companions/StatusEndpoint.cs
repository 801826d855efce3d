using System.Text.Json;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary><c>/status</c>: one object; its <c>time</c> is to the minute. Needs Status, which a token good for /network may lack.</summary>
internal sealed class StatusEndpoint : IEndpoint
{
    public string Path => "/status";

    public Permission Needs => Permission.Status;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var (children, fast) = (request.Flag("includechildren") ?? true, request.Flag("fast") ?? false);
        ResponseData.OfObject(request).Write(answer.Json, request.Appliance, (json, appliance) => Write(json, appliance, children, fast));
        answer.Rows = 1;
        return Task.CompletedTask;
    }

    private static void Write(Utf8JsonWriter json, Appliance appliance, bool children, bool fast)
    {
        var records = appliance.Records;
        json.WriteStartObject();
        json.WriteBoolean("excessTraffic", false);
        json.WriteString("time", WireTime.Minutes(appliance.NowMs));
        json.WriteString("installed", "2024-03-11");
        json.WriteString("version", "6.1.23 (emulated)");
        json.WriteString("ipAddress", "127.0.0.1");
        json.WriteString("hostname", "emulated-appliance");
        json.WriteString("type", "master");
        json.WriteNumber("cpu", 11);
        json.WriteNumber("memoryUsed", 47);
        if (children)
        {
            WriteProbe(json);
        }

        json.WriteNumber("connectionsPerMinuteCurrent", InLastHour(appliance) / 60);
        json.WriteStartArray("internalIPRangeList");
        foreach (var range in InternalRanges(appliance.Options))
        {
            json.WriteStringValue(range);
        }

        json.WriteEndArray();
        json.WriteNumber("devices", records.Devices.All.Count);
        json.WriteNumber("subnets", records.Subnets.All.Count);
        if (!fast)
        {
            WriteSubnets(json, records);
        }

        json.WriteEndObject();
    }

    private static void WriteProbe(Utf8JsonWriter json)
    {
        json.WriteStartObject("probes");
        json.WriteStartObject("12");
        json.WriteNumber("id", 12);
        json.WriteString("ipAddress", "127.0.0.1");
        json.WriteString("version", "6.1.23 (emulated)");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSubnets(Utf8JsonWriter json, RecordSet records)
    {
        json.WriteStartArray("subnetData");
        foreach (var subnet in SubnetFacts.Of(records))
        {
            json.WriteStartObject();
            json.WriteNumber("sid", subnet.Subnet.Sid);
            json.WriteString("network", subnet.Subnet.Range.ToString());
            json.WriteNumber("devices", subnet.Devices.Count);
            json.WriteNumber("clientDevices", subnet.Clients);
            json.WriteNumber("recentTrafficPercent", subnet.TrafficPercent);
            json.WriteNumber("recentUnidirectionalTrafficPercent", 0);
            json.WriteString("mostRecentTraffic", subnet.Devices.Count > 0 ? WireTime.Seconds(subnet.LastSeenMs) : "Never");
            json.WriteString("mostRecentDHCP", "Never");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static int InLastHour(Appliance appliance) =>
        appliance.Records.Rows.Length - appliance.Records.FirstAtOrAfter(appliance.NowMs - 3_600_000);

    private static IEnumerable<string> InternalRanges(SimulatorOptions options)
    {
        var instead = options.Internal.Where(entry => !entry.StartsWith('+'));
        return (instead.Any()
            ? instead
            : ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                "fc00::/7"]).Concat(options.Internal.Where(entry => entry.StartsWith('+')).Select(entry => entry[1..]));
    }
}
