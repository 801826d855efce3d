using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DtMcp.Serving.Auditing;

/// <summary>One line: when, what happened, who, from where, and what the kind of event has to say.</summary>
internal abstract record AuditLine
{
    // Longer than any host name, subject or time; a filter of many addresses is cut, and says so.
    private const int LongestValue = 512;

    public Caller? Caller { get; init; }

    protected abstract string Event { get; }

    /// <summary>One line of JSON in ASCII: whatever text it holds breaks no line and no terminal.</summary>
    public string ToJson(DateTimeOffset at, Redaction redaction)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("event", Event);
            json.WriteString("user", Caller?.User is { } user ? redaction.Of(user) : null);
            json.WriteString("identity", Caller?.Identity);
            json.WriteString("address", Caller?.Address?.ToString());
            Write(json, redaction);
            json.WriteEndObject();
        }

        return Encoding.ASCII.GetString(buffer.WrittenSpan);
    }

    protected abstract void Write(Utf8JsonWriter json, Redaction redaction);

    protected static void WriteValue(Utf8JsonWriter json, string name, string value, Redaction redaction)
    {
        var text = redaction.Of(value);
        json.WriteString(name, text.Length <= LongestValue ? text : text[..LongestValue] + "...");
    }
}
