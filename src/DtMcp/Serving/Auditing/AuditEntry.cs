using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;

namespace DtMcp.Serving.Auditing;

/// <summary>One call, as its line tells it.</summary>
internal sealed record AuditEntry
{
    // Longer than any host name, subject or time; a filter of many addresses is cut, and says so.
    private const int LongestValue = 512;

    public Caller? Caller { get; init; }

    public required string Tool { get; init; }

    /// <summary>The parameters that the tool has: what else was given is counted, not shown.</summary>
    public required IReadOnlyList<Parameter> Known { get; init; }

    public required IReadOnlyList<KeyValuePair<string, JsonElement>> Given { get; init; }

    /// <summary><c>answered</c>, <c>refused</c> or <c>given_up</c>.</summary>
    public string Outcome { get; init; } = "";

    public string? Code { get; init; }

    public int? AnswerBytes { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>What was read for it; null when that is not known.</summary>
    public AskProgress? Read { get; init; }

    /// <summary>One line of JSON in ASCII: whatever text it holds breaks no line and no terminal.</summary>
    public string ToJson(DateTimeOffset at, Redaction redaction)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("event", "tool_call");
            json.WriteString("user", Caller?.User is { } user ? redaction.Of(user) : null);
            json.WriteString("identity", Caller?.Identity);
            json.WriteString("address", Caller?.Address?.ToString());
            json.WriteString("tool", Tool);
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

            if (Read is { } read)
            {
                json.WriteNumber("connections_read", read.Connections);
                json.WriteNumber("bytes_read", read.Bytes);
            }

            json.WriteEndObject();
        }

        return Encoding.ASCII.GetString(buffer.WrittenSpan);
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

            var text = redaction.Of(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
            json.WriteString(name, text.Length <= LongestValue ? text : text[..LongestValue] + "...");
        }

        json.WriteEndObject();
        if (unknown > 0)
        {
            json.WriteNumber("unknown_arguments", unknown);
        }
    }
}
