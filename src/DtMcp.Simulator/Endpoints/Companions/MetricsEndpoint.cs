using System.Globalization;
using System.Text.Json;
using DtMcp.Simulator.Endpoints.Network;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary><c>/metrics</c>: an array; <c>/metrics/{mlid}</c>: one object.</summary>
internal sealed class MetricsEndpoint(bool one) : IEndpoint
{
    private static readonly string[] FilterTypes = ["Feature model", "Direction", "Protocol", "Application protocol", "Source port",
        "Destination port", "Internal source device type"];

    public string Path => one ? "/metrics/" : "/metrics";

    public Permission Needs => Permission.Visualizer | Permission.PlatformAccountsConsole | Permission.ViewModels | Permission.EditModels;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var fields = ResponseData.OfElements(request);
        if (one)
        {
            var metric = int.TryParse(request.Rest, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? NetworkMetric.All.FirstOrDefault(metric => metric.Mlid == number)
                : null;
            fields.Write(answer.Json, metric ?? throw new NotFoundException($"no metric {request.Rest}"), Write);
            answer.Rows = 1;
            return Task.CompletedTask;
        }

        answer.Json.WriteStartArray();
        foreach (var metric in NetworkMetric.All)
        {
            fields.Write(answer.Json, metric, Write);
            answer.Rows++;
        }

        answer.Json.WriteEndArray();
        return Task.CompletedTask;
    }

    private static void Write(Utf8JsonWriter json, NetworkMetric metric)
    {
        json.WriteStartObject();
        json.WriteNumber("mlid", metric.Mlid);
        json.WriteString("name", metric.Name);
        json.WriteString("label", metric.Label);
        DeviceJson.WriteText(json, "set", SetOf(metric));
        json.WriteString("units", metric.Units);
        json.WriteStartArray("filtertypes");
        foreach (var filter in FilterTypes)
        {
            json.WriteStringValue(filter);
        }

        json.WriteEndArray();
        json.WriteNumber("unitsinterval", 3600);
        json.WriteNumber("lengthscale", metric.IsVolume ? 599_997_600 : 9_999_960);
        json.WriteEndObject();
    }

    // C is for visual analysis only.
    private static string? SetOf(NetworkMetric metric) => metric.Name switch
    {
        "internaldatatransfervolume" or "externaldatatransfervolume" => "A",
        "multicasts" or "activeconnections" => "C",
        _ => null,
    };
}
