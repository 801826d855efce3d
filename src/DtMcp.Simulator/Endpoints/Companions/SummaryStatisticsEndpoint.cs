using System.Text.Json;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary><c>/summarystatistics</c>. <c>hours</c> is refused, as live appliances do.</summary>
internal sealed class SummaryStatisticsEndpoint : IEndpoint
{
    private const long Hour = 3_600_000;

    public string Path => "/summarystatistics";

    public Permission Needs => Permission.Visualizer;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        if (request.Has("hours") || (request.Text("eventtype") is null && (request.Has("endtime") || request.Has("to"))))
        {
            throw new InputErrorException("hours is not taken; endtime and to go with eventtype");
        }

        ResponseData.OfObject(request).Write(answer.Json, request.Appliance, Write);
        answer.Rows = 1;
        return Task.CompletedTask;
    }

    private static void Write(Utf8JsonWriter json, Appliance appliance)
    {
        var (records, hour) = (appliance.Records, appliance.NowMs - (appliance.NowMs % Hour));
        var devices = records.Devices.All;
        var servers = devices.Count(device => device.Facts.TypeName?.Contains("server", StringComparison.Ordinal) ?? false);
        json.WriteStartObject();
        json.WriteNumber("usercredentialcount", 0);
        json.WriteNumber("subnets", records.Subnets.All.Count);
        json.WriteNumber("patterns", records.Rows.Length);
        json.WriteStartArray("bandwidth");
        json.WriteStartObject();
        json.WriteNumber("timems", hour);
        json.WriteString("time", WireTime.Seconds(hour));
        json.WriteNumber("kb", Bytes(appliance, hour) / 1000);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteNumber("antigenaDevices", 0);
        json.WriteNumber("antigenaActions", 0);
        json.WriteStartObject("devicecount");
        foreach (var kind in devices.GroupBy(device => device.Facts.TypeName ?? "unknown").OrderBy(kind => kind.Key,
            StringComparer.Ordinal))
        {
            json.WriteNumber(kind.Key, kind.Count());
        }

        json.WriteStartObject("saas");
        json.WriteNumber("total", 0);
        json.WriteEndObject();
        json.WriteNumber("licenseIPCount", devices.Count);
        json.WriteNumber("totalClient", devices.Count - servers);
        json.WriteNumber("totalServer", servers);
        json.WriteNumber("totalOther", 0);
        json.WriteNumber("total", devices.Count);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Of the last whole hour.
    private static long Bytes(Appliance appliance, long hour)
    {
        var (rows, total) = (appliance.Records.Rows, 0L);
        for (var row = appliance.Records.FirstAtOrAfter(hour - Hour); row < rows.Length && rows[row].StartMs < hour; row++)
        {
            total += rows[row].Bytes;
        }

        return total;
    }
}
