using System.Text.Json;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace DtMcp.Serving;

/// <summary>
/// Answers for clients that run code over them (<c>DTMCP_STRUCTURED=on</c>): each tool declares the schema of its JSON form and gives
/// nothing else. Not by default, because some clients show the model only the JSON, which costs it twice the tokens of the text.
/// </summary>
internal static class StructuredAnswers
{
    // One schema for all: totals and rows have the columns that the question's evidence can tell.
    private static readonly Lazy<JsonElement> Schema = new(() => JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": {
            "tool": { "type": "string" },
            "scope": { "type": "object", "description": "What was asked of what: window in UTC, filters, evidence, connections_read." },
            "device": { "type": "object", "description": "Who the device is, where one was asked for." },
            "totals": { "type": "object", "description": "Figures over all that fits; unknown ones are left out." },
            "tables": {
              "type": "object",
              "description": "Tables by name.",
              "additionalProperties": {
                "type": "object",
                "properties": {
                  "of": { "type": "integer", "description": "How many rows there are; fewer may be shown." },
                  "rows": { "type": "array", "items": { "type": "object" } }
                },
                "required": ["of", "rows"]
              }
            },
            "notes": { "type": "array", "items": { "type": "string" } },
            "next": { "type": "array", "items": { "type": "string" }, "description": "Calls worth making." },
            "cursor": { "type": "string", "description": "The next page, where there is one." }
          },
          "required": ["tool", "scope", "totals", "tables", "notes", "next"]
        }
        """));

    private static readonly JsonElement Form = JsonElement.Parse("\"json\"");

    /// <summary>A tool as <c>tools/list</c> shows it then.</summary>
    public static Tool Describe(ToolDefinition tool, IReadOnlyList<Parameter> parameters)
    {
        var described = ToolServer.Describe(tool, [.. parameters.Where(parameter => parameter != Parameters.Format)]);
        described.OutputSchema = Schema.Value;
        return described;
    }

    /// <summary>The arguments with the one form there is.</summary>
    public static IEnumerable<KeyValuePair<string, JsonElement>> Asked(
        ToolDefinition tool, IEnumerable<KeyValuePair<string, JsonElement>> given) =>
        tool.Parameters.Contains(Parameters.Format)
            ? given.Where(pair => pair.Key != Parameters.Format.Name).Append(KeyValuePair.Create(Parameters.Format.Name, Form))
            : given;
}
