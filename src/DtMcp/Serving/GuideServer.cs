using System.Text.Json;
using DtMcp.Darktrace.Errors;
using DtMcp.Prompts;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace DtMcp.Serving;

/// <summary>
/// The prompts and resources as an MCP server has them. Neither list ever changes, so no change is announced; the SDK takes a subscription
/// and there is never anything to tell.
/// </summary>
internal sealed class GuideServer(IToolRunner runner)
{
    private static readonly TimeSpan Keep = TimeSpan.FromHours(1);

    public void Configure(McpServerOptions options)
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
            ValueTask.FromResult(new ListResourceTemplatesResult
            {
                ResourceTemplates = [.. TrafficResource.All.Select(Describe)],
                TimeToLive = Keep,
            });
        options.Handlers.ReadResourceHandler = (request, cancellationToken) => ReadAsync(request.Params?.Uri ?? "", cancellationToken);
    }

    private static ResourceTemplate Describe(TrafficResource resource) => new()
    {
        UriTemplate = resource.Template,
        Name = resource.Name,
        Title = resource.Title,
        Description = resource.Description,
        MimeType = TrafficResource.MimeType,
    };

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

    private async ValueTask<ReadResourceResult> ReadAsync(string uri, CancellationToken cancellationToken)
    {
        if (uri == AnswerGuide.Uri)
        {
            return Held(uri, AnswerGuide.MimeType, AnswerGuide.Text);
        }

        if (uri == PictureServer.Uri)
        {
            return new ReadResourceResult { Contents = [PictureServer.Page()], TimeToLive = Keep };
        }

        if (TrafficResource.Find(uri) is not var (resource, arguments))
        {
            var templates = string.Join(", ", TrafficResource.All.Select(known => known.Template));
            throw Refused(uri, $"There is no resource {Refusal.Shown(uri)}. There is {AnswerGuide.Uri}, {templates}.");
        }

        var outcome = await runner.RunAsync(ToolCatalog.Find(resource.Tool)!, arguments, noBudget: false, progress: null,
            cancellationToken);
        return outcome.IsError ? throw Refused(uri, outcome.Text) : new ReadResourceResult
        {
            Contents = [new TextResourceContents { Uri = uri, MimeType = TrafficResource.MimeType, Text = outcome.Text }],
        };
    }

    private static ReadResourceResult Held(string uri, string form, string text) => new()
    {
        Contents = [new TextResourceContents { Uri = uri, MimeType = form, Text = text }],
        TimeToLive = Keep,
    };

    private static McpProtocolException Refused(string uri, string why)
    {
        var refused = new McpProtocolException(why, McpErrorCode.InvalidParams);
        refused.Data["uri"] = uri;
        return refused;
    }
}
