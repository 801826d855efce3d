using System.Globalization;
using System.Text.Json;
using DtMcp.Simulator.Endpoints.Companions;

namespace DtMcp.Simulator.Endpoints.AiAnalyst;

/// <summary>
/// <c>/aianalyst/incidentevents</c>: an array. Types vary as they do between versions: every other <c>groupScore</c> is a text and every
/// other <c>summary</c> an object.
/// </summary>
internal sealed class IncidentEventsEndpoint : IEndpoint
{
    public string Path => "/aianalyst/incidentevents";

    public Permission Needs => Permission.Visualizer;

    public Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken)
    {
        var fields = ResponseData.OfElements(request);
        answer.Json.WriteStartArray();
        foreach (var incident in IncidentQuery.Of(request))
        {
            fields.Write(answer.Json, incident, Write);
            answer.Rows++;
        }

        answer.Json.WriteEndArray();
        return Task.CompletedTask;
    }

    private static void Write(Utf8JsonWriter json, Incident incident)
    {
        var isOdd = incident.Breach.Pbid % 2 == 1;
        json.WriteStartObject();
        json.WriteString("summariser", "BeaconSummary");
        json.WriteBoolean("acknowledged", incident.Breach.AcknowledgedBy is not null);
        json.WriteBoolean("pinned", incident.IsPinned);
        json.WriteNumber("createdAt", incident.LastMs + 60_000);
        json.WriteStartArray("attackPhases");
        json.WriteNumberValue(2);
        json.WriteEndArray();
        json.WriteString("title", incident.Title);
        json.WriteString("id", incident.Id);
        json.WriteString("category", incident.Category);
        json.WriteString("currentGroup", incident.Group);
        json.WriteNumber("aiaScore", incident.Score);
        if (isOdd)
        {
            json.WriteString("groupScore", incident.Score.ToString(CultureInfo.InvariantCulture));
            json.WriteStartObject("summary");
            json.WriteString("valueType", "formatString");
            json.WriteString("value", "{}");
            json.WriteStartArray("replacements");
            json.WriteStringValue(incident.Breach.Description);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        else
        {
            json.WriteNumber("groupScore", incident.Score);
            json.WriteString("summary", incident.Breach.Description);
            json.WriteStartArray("mitreTactics");
            json.WriteStringValue("command-and-control");
            json.WriteEndArray();
        }

        json.WriteStartArray("periods");
        json.WriteStartObject();
        json.WriteNumber("start", incident.FirstMs);
        json.WriteNumber("end", incident.LastMs);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("breachDevices");
        if (incident.Device is { } device)
        {
            json.WriteStartObject();
            json.WriteString("identifier", device.Facts.Hostname);
            json.WriteString("hostname", device.Facts.Hostname);
            json.WriteString("ip", incident.Breach.Device.ToString());
            json.WriteNull("mac");
            json.WriteNull("subnet");
            json.WriteNumber("did", device.Did);
            json.WriteNumber("sid", device.Sid);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("relatedBreaches");
        json.WriteStartObject();
        json.WriteString("modelName", incident.Breach.ModelName.Replace("::", " / ", StringComparison.Ordinal));
        json.WriteNumber("pbid", incident.Breach.Pbid);
        json.WriteNumber("threatScore", incident.Score);
        json.WriteNumber("timestamp", incident.Breach.TimeMs);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("details");
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
