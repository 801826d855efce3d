using System.Text.Json;

namespace DtMcp.Serving.Auditing;

/// <summary>A request that did not become a call: nobody who may ask, not from there, or too much.</summary>
internal sealed record RefusedRequest : AuditLine
{
    public required int Status { get; init; }

    public required string Path { get; init; }

    /// <summary>What its sender was told.</summary>
    public string? Reason { get; init; }

    /// <summary>Refusals before it that got no line.</summary>
    public long Unshown { get; init; }

    protected override string Event => "request_refused";

    protected override void Write(Utf8JsonWriter json, Redaction redaction)
    {
        json.WriteNumber("status", Status);
        WriteValue(json, "path", Path, redaction);
        if (Reason is not null)
        {
            json.WriteString("reason", Reason);
        }

        if (Unshown > 0)
        {
            json.WriteNumber("unshown", Unshown);
        }
    }
}
