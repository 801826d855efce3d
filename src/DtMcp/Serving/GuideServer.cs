using System.Text.Json;
using DtMcp.Darktrace.Errors;
using DtMcp.Prompts;
using DtMcp.Tools.Arguments;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace DtMcp.Serving;

/// <summary>
/// The prompts and the guide as an MCP server has them. Neither ever changes, so no change is announced; the SDK takes a subscription and
/// there is never anything to tell.
/// </summary>
internal static class GuideServer
{
    private static readonly TimeSpan Keep = TimeSpan.FromHours(1);

    public static void Configure(McpServerOptions options)
    {
        options.Capabilities!.Prompts = new PromptsCapability();
        options.Capabilities.Resources = new ResourcesCapability();
        options.Handlers.ListPromptsHandler = (_, _) => ValueTask.FromResult(new ListPromptsResult
        {
            Prompts = [.. PromptCatalog.All.Select(Describe)],
            TimeToLive = Keep,
        });
        options.Handlers.GetPromptHandler = (request, _) => ValueTask.FromResult(Get(request.Params));
        options.Handlers.ListResourcesHandler = (_, _) => ValueTask.FromResult(new ListResourcesResult
        {
            Resources = [new Resource
            {
                Uri = AnswerGuide.Uri,
                Name = AnswerGuide.Name,
                Title = AnswerGuide.Title,
                MimeType = AnswerGuide.MimeType,
            }],
            TimeToLive = Keep,
        });
        options.Handlers.ListResourceTemplatesHandler = (_, _) =>
            ValueTask.FromResult(new ListResourceTemplatesResult { ResourceTemplates = [], TimeToLive = Keep });
        options.Handlers.ReadResourceHandler = (request, _) => ValueTask.FromResult(Read(request.Params?.Uri ?? ""));
    }

    private static Prompt Describe(PromptDefinition prompt) => new()
    {
        Name = prompt.Name,
        Title = prompt.Title,
        Description = prompt.Description,
        Arguments = [.. prompt.Inputs.Select(input =>
            new PromptArgument { Name = input.Name, Description = input.Description, Required = input.Required })],
    };

    private static GetPromptResult Get(GetPromptRequestParams? asked)
    {
        var prompt = PromptCatalog.Find(asked?.Name ?? "")
            ?? throw new McpProtocolException(
                $"There is no prompt {Refusal.Shown(asked?.Name ?? "")}. The prompts are " +
                $"{string.Join(", ", PromptCatalog.All.Select(known => known.Name))}.", McpErrorCode.InvalidParams);
        try
        {
            var words = PromptCatalog.Write(prompt,
                (asked!.Arguments ?? new Dictionary<string, JsonElement>()).Select(pair =>
                    KeyValuePair.Create(pair.Key, pair.Value.ToString())));
            return new GetPromptResult
            {
                Description = prompt.Description,
                Messages = [new PromptMessage { Role = Role.User, Content = new TextContentBlock { Text = words } }],
            };
        }
        catch (ApplianceException refused)
        {
            throw new McpProtocolException($"{refused.Happened} {refused.Remedy}", McpErrorCode.InvalidParams);
        }
    }

    private static ReadResourceResult Read(string uri)
    {
        if (uri == AnswerGuide.Uri)
        {
            return new ReadResourceResult
            {
                Contents = [new TextResourceContents { Uri = uri, MimeType = AnswerGuide.MimeType, Text = AnswerGuide.Text }],
                TimeToLive = Keep,
            };
        }

        var unknown = new McpProtocolException($"There is no resource {Refusal.Shown(uri)}. There is {AnswerGuide.Uri}.",
            McpErrorCode.InvalidParams);
        unknown.Data["uri"] = uri;
        throw unknown;
    }
}
