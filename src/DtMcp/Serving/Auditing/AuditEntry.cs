using System.Text.Json;
using DtMcp.Tools.Arguments;

namespace DtMcp.Serving.Auditing;

/// <summary>One call, as its line tells it.</summary>
internal sealed record AuditEntry : AuditLine
{
    public required string Tool { get; init; }

    /// <summary>The parameters that the tool has: what else was given is counted, not shown.</summary>
    public required IReadOnlyList<Parameter> Known { get; init; }

    public required IReadOnlyList<KeyValuePair<string, JsonElement>> Given { get; init; }

    /// <summary><c>answered</c>, <c>refused</c> or <c>given_up</c>.</summary>
    public string Outcome { get; init; } = "";

    public string? Code { get; init; }

    public int? AnswerBytes { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>What was asked of the appliance for it, and read.</summary>
    public (long Requests, long Connections, long Bytes) Used { get; init; }

    protected override string Event => "tool_call";

    protected override void Write(Utf8JsonWriter json, Redaction redaction)
    {
        WriteValue(json, "tool", Tool, redaction);
        WriteArguments(json, redaction);
        json.WriteString("outcome", Outcome);
        if (Code is not null)
        {
            json.WriteString("code", Code);
        }

        json.WriteNumber("ms", (long)Duration.TotalMilliseconds);
        if (AnswerBytes is { } bytes)
        {
            json.WriteNumber("answer_bytes", bytes);
        }

        json.WriteNumber("appliance_requests", Used.Requests);
        json.WriteNumber("connections_read", Used.Connections);
        json.WriteNumber("bytes_read", Used.Bytes);
    }

    private void WriteArguments(Utf8JsonWriter json, Redaction redaction)
    {
        var unknown = 0;
        json.WriteStartObject("arguments");
        foreach (var (name, value) in Given.DistinctBy(pair => pair.Key))
        {
            if (!Known.Any(parameter => parameter.Name == name))
            {
                unknown++;
                continue;
            }

            WriteValue(json, name, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(), redaction);
        }

        json.WriteEndObject();
        if (unknown > 0)
        {
            json.WriteNumber("unknown_arguments", unknown);
        }
    }
}
