using System.Text.Json;
using DtMcp.Simulator.Endpoints.Companions;

namespace DtMcp.Simulator.Endpoints.AiAnalyst;

/// <summary><c>/aianalyst/groups</c>: an array of groups, here of one event each.</summary>
internal sealed class IncidentGroupsEndpoint : IEndpoint
{
    public string Path => "/aianalyst/groups";

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
        json.WriteStartObject();
        json.WriteString("id", incident.Group);
        json.WriteBoolean("active", false);
        json.WriteBoolean("acknowledged", incident.Breach.AcknowledgedBy is not null);
        json.WriteBoolean("pinned", incident.IsPinned);
        json.WriteString("category", incident.Category);
        json.WriteNumber("groupScore", incident.Score);
        json.WriteNumber("start", incident.FirstMs);
        json.WriteNumber("end", incident.LastMs);
        json.WriteStartArray("incidentEvents");
        json.WriteStartObject();
        json.WriteString("uuid", incident.Id);
        json.WriteNumber("start", incident.FirstMs);
        json.WriteString("title", incident.Title);
        if (incident.Device is { } device)
        {
            json.WriteNumber("triggerDid", device.Did);
        }
        else
        {
            json.WriteNull("triggerDid");
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("devices");
        if (incident.Device is { } known)
        {
            json.WriteNumberValue(known.Did);
        }

        json.WriteEndArray();
        json.WriteStartArray("edges");
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
