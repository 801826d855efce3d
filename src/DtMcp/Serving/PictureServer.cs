using System.Text.Json;
using System.Text.Json.Nodes;
using DtMcp.Drawing;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using ModelContextProtocol.Protocol;

namespace DtMcp.Serving;

/// <summary>
/// Pictures for clients that show them (MCP Apps, 2026-01-26): one page, and a tool for that page alone. The page asks the tool for what
/// the assistant asked before, which is answered from memory; so the model reads the text and pays for no picture.
/// </summary>
internal sealed class PictureServer(IToolRunner runner)
{
    /// <summary>The extension, as clients and servers announce it.</summary>
    public const string Extension = "io.modelcontextprotocol/ui";

    public const string Uri = "ui://dtmcp/chart.html";

    public const string MimeType = "text/html;profile=mcp-app";

    public const string ToolName = "draw_answer";

    /// <summary>Rows that a picture of single connections is drawn of.</summary>
    private const int MostRows = 2_000;

    private static readonly JsonElement Schema = JsonElement.Parse(
        """
        {"type":"object","properties":{"tool":{"type":"string","description":"The tool that answers."},
        "arguments":{"type":"object","description":"Its arguments."}},"required":["tool"],"additionalProperties":false}
        """);

    /// <summary>The tool of the page; a client shows it to no model.</summary>
    public static Tool Tool => new()
    {
        Name = ToolName,
        Title = "Pictures of an answer",
        Description = "For the chart view: an answer's tables as pictures.",
        InputSchema = Schema,
        Annotations = new ToolAnnotations { ReadOnlyHint = true, IdempotentHint = true },
        Meta = new JsonObject { ["ui"] = new JsonObject { ["visibility"] = new JsonArray("app") } },
    };

    /// <summary>Whether a client may show pictures: it says so, or over HTTP before 2026-07-28 nobody knows what it says.</summary>
    public static bool MayShow(ClientCapabilities? client) => client is null || client.Extensions?.ContainsKey(Extension) == true;

    /// <summary>Whether there are pictures of a tool's answers.</summary>
    public static bool Draws(ToolDefinition tool) => tool.Parameters.Contains(Parameters.Last);

    /// <summary>The tool with the page that shows its answers, where one does.</summary>
    public static Tool WithPage(ToolDefinition tool, Tool described)
    {
        if (Draws(tool))
        {
            described.Meta = new JsonObject { ["ui"] = new JsonObject { ["resourceUri"] = Uri } };
        }

        return described;
    }

    /// <summary>The page. It needs nothing from anywhere, which is what a client allows by default.</summary>
    public static ResourceContents Page()
    {
        using var page = new StreamReader(typeof(PictureServer).Assembly.GetManifestResourceStream("chart.html")!);
        return new TextResourceContents
        {
            Uri = Uri,
            MimeType = MimeType,
            Text = page.ReadToEnd(),
            Meta = new JsonObject { ["ui"] = new JsonObject { ["prefersBorder"] = true } },
        };
    }

    public async Task<CallToolResult> DrawAsync(IDictionary<string, JsonElement>? asked, CancellationToken cancellationToken)
    {
        var name = Text(asked, "tool") ?? "";
        var given = Given(asked);
        if (runner.Take(name, given) is not { } tool)
        {
            var hint = NearestName.Hint(name, runner.Tools.Select(known => known.Name));
            return Said($"invalid_argument: There is no tool {Refusal.Shown(name)}. {hint}");
        }

        var outcome = await runner.RunAsync(tool, Asked(tool, given), noBudget: true, progress: null, cancellationToken);
        if (outcome.IsError || outcome.Json is null)
        {
            return Said(outcome.Text);
        }

        var sheet = Sheet.Parse(outcome.Json);
        var words = given.Where(pair => pair.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            .ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        var pictures = Picture.Of(sheet, (table, row) => NextQuestion.Of(sheet, words, table, row));
        var drawn = new JsonObject
        {
            ["tool"] = sheet.Tool,
            ["scope"] = sheet.Scope,
            ["pictures"] = new JsonArray([.. pictures.Select(picture => (JsonNode)new JsonObject
            {
                ["name"] = picture.Name,
                ["svg"] = picture.Svg,
                ["figures"] = new JsonArray([.. picture.Figures.Select(figure => (JsonNode)JsonValue.Create(figure))]),
            })]),
        };
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = $"{pictures.Count} pictures of {sheet.Tool}: {sheet.Scope}" }],
            StructuredContent = JsonElement.Parse(drawn.ToJsonString()),
        };
    }

    // Whole tables: a picture takes what it has room for.
    private static List<KeyValuePair<string, JsonElement>> Asked(ToolDefinition tool, Dictionary<string, JsonElement> given)
    {
        Dictionary<string, JsonElement> asked = new(given, StringComparer.Ordinal);
        asked[Parameters.Format.Name] = JsonElement.Parse("\"json\"");
        asked[Parameters.Detail.Name] = JsonElement.Parse("\"full\"");
        asked.Remove(Parameters.Cursor.Name);
        if (tool is GetNetworkTraffic)
        {
            asked[Parameters.Limit.Name] = JsonElement.Parse($"{MostRows}");
        }

        return [.. asked];
    }

    private static Dictionary<string, JsonElement> Given(IDictionary<string, JsonElement>? asked) =>
        asked is not null && asked.TryGetValue("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.Object
            ? arguments.EnumerateObject().GroupBy(pair => pair.Name).ToDictionary(pair => pair.Key, pair => pair.Last().Value) : [];

    private static string? Text(IDictionary<string, JsonElement>? asked, string name) =>
        asked is not null && asked.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static CallToolResult Said(string error) => new() { Content = [new TextContentBlock { Text = error }], IsError = true };
}
