using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace DtMcp.ConformanceServer;

/// <summary>
/// What the conformance suite asks for by name, with the answers that it fixes. Put in front of DtMcp's own handlers: what is not of the
/// suite goes on to them, so that both are listed and served.
/// </summary>
internal static class Fixtures
{
    // A picture of one point, and a sound of none.
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    private static readonly byte[] Wav = Convert.FromBase64String("UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=");

    private static readonly JsonElement NoArguments =
        JsonElement.Parse("""{"type":"object","properties":{},"additionalProperties":false}""");

    private static readonly JsonElement WholeSchema = JsonElement.Parse(
        """
        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
        "$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
        "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},
        "contactMethod":{"type":"string","enum":["phone","email"]},"phone":{"type":"string"},"email":{"type":"string"}},
        "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
        "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},
        "then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false}
        """);

    private delegate Task<CallToolResult> Fixture(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken);

    private static readonly Dictionary<string, Fixture> Tools = new()
    {
        ["test_simple_text"] = (_, _) => Said(new TextContentBlock { Text = "This is a simple text response for testing." }),
        ["test_image_content"] = (_, _) => Said(Picture()),
        ["test_audio_content"] = (_, _) => Said(AudioContentBlock.FromBytes(Wav, "audio/wav")),
        ["test_embedded_resource"] = (_, _) =>
            Said(Held("test://embedded-resource", "text/plain", "This is an embedded resource content.")),
        ["test_multiple_content_types"] = (_, _) => Said(
            new TextContentBlock { Text = "Multiple content types test:" }, Picture(),
            Held("test://mixed-content-resource", "application/json", """{"test":"data","value":123}""")),
        ["test_error_handling"] = (_, _) => Task.FromResult(new CallToolResult
        {
            IsError = true,
            Content = [new TextContentBlock { Text = "This tool intentionally returns an error for testing" }],
        }),
        ["test_tool_with_progress"] = ProgressAsync,
        ["test_tool_with_logging"] = LogAsync,
        ["json_schema_2020_12_tool"] = (_, _) => Said(new TextContentBlock { Text = "JSON Schema 2020-12" }),
    };

    private static readonly Prompt[] Prompts =
    [
        new() { Name = "test_simple_prompt", Description = "A simple prompt." },
        new()
        {
            Name = "test_prompt_with_arguments",
            Description = "A prompt with arguments.",
            Arguments =
            [
                new() { Name = "arg1", Description = "First.", Required = true },
                new() { Name = "arg2", Description = "Second.", Required = true },
            ],
        },
        new()
        {
            Name = "test_prompt_with_embedded_resource",
            Description = "A prompt with a resource.",
            Arguments = [new() { Name = "resourceUri", Description = "Which.", Required = true }],
        },
        new() { Name = "test_prompt_with_image", Description = "A prompt with a picture." },
    ];

    private static readonly Resource[] Resources =
    [
        new() { Uri = "test://static-text", Name = "static-text", Description = "A text.", MimeType = "text/plain" },
        new() { Uri = "test://static-binary", Name = "static-binary", Description = "A picture.", MimeType = "image/png" },
    ];

    public static void Add(McpServerOptions options)
    {
        var own = options.Handlers;
        var (list, call, prompts, get, resources, templates, read) = (own.ListToolsHandler!, own.CallToolHandler!, own.ListPromptsHandler!,
            own.GetPromptHandler!, own.ListResourcesHandler!, own.ListResourceTemplatesHandler!, own.ReadResourceHandler!);
        own.ListToolsHandler = async (request, token) =>
        {
            var listed = await list(request, token);
            return new ListToolsResult { Tools = [.. listed.Tools, .. Tools.Keys.Select(Described)], TimeToLive = listed.TimeToLive };
        };
        own.CallToolHandler = async (request, token) =>
            Tools.TryGetValue(request.Params?.Name ?? "", out var fixture) ? await fixture(request, token) : await call(request, token);
        own.ListPromptsHandler = async (request, token) =>
        {
            var listed = await prompts(request, token);
            return new ListPromptsResult { Prompts = [.. listed.Prompts, .. Prompts], TimeToLive = listed.TimeToLive };
        };
        own.GetPromptHandler = async (request, token) => Written(request.Params!) ?? await get(request, token);
        own.ListResourcesHandler = async (request, token) =>
        {
            var listed = await resources(request, token);
            return new ListResourcesResult { Resources = [.. listed.Resources, .. Resources], TimeToLive = listed.TimeToLive };
        };
        own.ListResourceTemplatesHandler = async (request, token) =>
        {
            var listed = await templates(request, token);
            ResourceTemplate template = new()
            {
                UriTemplate = "test://template/{id}/data",
                Name = "template",
                MimeType = "application/json",
            };
            return new ListResourceTemplatesResult
            {
                ResourceTemplates = [.. listed.ResourceTemplates, template],
                TimeToLive = listed.TimeToLive,
            };
        };
        own.ReadResourceHandler = async (request, token) => Read(request.Params?.Uri ?? "") is { } contents
            ? new ReadResourceResult { Contents = [contents], TimeToLive = TimeSpan.FromMinutes(1) } : await read(request, token);
    }

    private static Tool Described(string name) => new()
    {
        Name = name,
        Description = $"The conformance suite's {name}.",
        InputSchema = name == "json_schema_2020_12_tool" ? WholeSchema : NoArguments,
    };

    private static async Task<CallToolResult> ProgressAsync(
        RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        if (request.Params?.ProgressToken is { } progress)
        {
            foreach (var done in new[] { 0, 50, 100 })
            {
                await request.Server.NotifyProgressAsync(progress, new ProgressNotificationValue { Progress = done, Total = 100 },
                    cancellationToken: cancellationToken);
            }
        }

        return await Said(new TextContentBlock { Text = "Tool with progress executed" });
    }

    private static async Task<CallToolResult> LogAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
#pragma warning disable MCP9005 // The suite's older revision has a scenario of it.
        foreach (var text in new[] { "Tool execution started", "Tool processing data", "Tool execution completed" })
        {
            await request.Server.SendNotificationAsync(NotificationMethods.LoggingMessageNotification, new LoggingMessageNotificationParams
            {
                Level = LoggingLevel.Info,
                Data = JsonElement.Parse($"\"{text}\""),
            }, McpJsonUtilities.DefaultOptions, cancellationToken);
        }
#pragma warning restore MCP9005

        return await Said(new TextContentBlock { Text = "Tool with logging executed" });
    }

    private static GetPromptResult? Written(GetPromptRequestParams asked)
    {
        string Given(string name) => asked.Arguments?.TryGetValue(name, out var value) == true ? value.ToString() : "";
        ContentBlock[]? said = asked.Name switch
        {
            "test_simple_prompt" => [new TextContentBlock { Text = "This is a simple prompt for testing." }],
            "test_prompt_with_arguments" =>
                [new TextContentBlock { Text = $"Prompt with arguments: arg1='{Given("arg1")}', arg2='{Given("arg2")}'" }],
            "test_prompt_with_embedded_resource" => [Held(Given("resourceUri"), "text/plain", "Embedded resource content for testing."),
                new TextContentBlock { Text = "Please process the embedded resource above." }],
            "test_prompt_with_image" => [Picture(), new TextContentBlock { Text = "Please analyze the image above." }],
            _ => null,
        };
        return said is null ? null : new GetPromptResult
        {
            Messages = [.. said.Select(content => new PromptMessage { Role = Role.User, Content = content })],
        };
    }

    private static ResourceContents? Read(string uri)
    {
        if (uri == Resources[0].Uri)
        {
            const string Text = "This is the content of the static text resource.";
            return new TextResourceContents { Uri = uri, MimeType = "text/plain", Text = Text };
        }

        if (uri == Resources[1].Uri)
        {
            return BlobResourceContents.FromBytes(Png, uri, "image/png");
        }

        var parts = uri.Split('/');
        var shown = parts.Length > 3 ? JsonEncodedText.Encode(parts[3]).ToString() : "";
        return uri.StartsWith("test://template/", StringComparison.Ordinal) && parts is [_, _, _, _, "data"]
            ? new TextResourceContents
            {
                Uri = uri,
                MimeType = "application/json",
                Text = $$"""{"id":"{{shown}}","templateTest":true,"data":"Data for ID: {{shown}}"}""",
            }
            : null;
    }

    private static ImageContentBlock Picture() => ImageContentBlock.FromBytes(Png, "image/png");

    private static EmbeddedResourceBlock Held(string uri, string form, string text) =>
        new() { Resource = new TextResourceContents { Uri = uri, MimeType = form, Text = text } };

    private static Task<CallToolResult> Said(params ContentBlock[] content) =>
        Task.FromResult(new CallToolResult { Content = [.. content] });
}
