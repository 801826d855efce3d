using System.Globalization;
using System.Text.Json;

namespace DtMcp.Simulator.Endpoints.Companions;

/// <summary><c>/metrics</c>: an array; <c>/metrics/{mlid}</c>: one object (CONTRACT 3.2).</summary>
internal sealed class MetricsEndpoint(bool one) : IEndpoint
{
    public string Path => one ? "/metrics/" : "/metrics";

    public Permission Needs => Permission.Visualizer | Permission.PlatformAccountsConsole | Permission.ViewModels | Permission.EditModels;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var fields = ResponseData.OfElements(request);
        if (one)
        {
            var metric = int.TryParse(request.Rest, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Metric.All.FirstOrDefault(metric => metric.Number == number) : null;
            fields.Write(answer.Json, metric ?? throw new NotFoundException($"no metric {request.Rest}"), Write);
            answer.Rows = 1;
            return Task.CompletedTask;
        }

        answer.Json.WriteStartArray();
        foreach (var metric in Metric.All)
        {
            fields.Write(answer.Json, metric, Write);
            answer.Rows++;
        }

        answer.Json.WriteEndArray();
        return Task.CompletedTask;
    }

    private static void Write(Utf8JsonWriter json, Metric metric)
    {
        json.WriteStartObject();
        json.WriteNumber("mlid", metric.Number);
        json.WriteString("name", metric.Name);
        json.WriteString("label", metric.Label);
        DeviceJson.WriteText(json, "set", metric.Set);
        json.WriteString("units", metric.CountsBytes ? "bytes" : "");
        json.WriteStartArray("filtertypes");
        foreach (var filter in metric.FilterTypes)
        {
            json.WriteStringValue(filter);
        }

        json.WriteEndArray();
        json.WriteNumber("unitsinterval", 3600);
        json.WriteNumber("lengthscale", metric.CountsBytes ? 599_997_600 : 9_999_960);
        json.WriteEndObject();
    }
}
