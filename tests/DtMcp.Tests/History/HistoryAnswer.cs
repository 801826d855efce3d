using System.Text.Json;
using System.Text.Json.Nodes;

namespace DtMcp.Tests.History;

/// <summary>An answer as it is compared with one by other evidence.</summary>
internal static class HistoryAnswer
{
    /// <summary>All but the evidence and the note of the history.</summary>
    public static string Bare(JsonNode answer)
    {
        var bare = answer.DeepClone();
        bare["scope"]!.AsObject().Remove("evidence");
        var notes = bare["notes"]?.AsArray().Where(note => !((string)note!).Contains("From the history", StringComparison.Ordinal))
            .Select(note => (string)note!);
        bare["notes"] = JsonNode.Parse(JsonSerializer.Serialize(notes ?? []));
        return bare.ToJsonString();
    }
}
