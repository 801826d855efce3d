using System.Text.Json;
using DtMcp.Darktrace.Errors;
using DtMcp.Prompts;
using DtMcp.Running;
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
            Prompts = [.. Prompts.Select(Describe)],
            TimeToLive = Keep,
            CacheScope = ToolServer.Shown,
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
            CacheScope = ToolServer.Shown,
        });
        options.Handlers.ListResourceTemplatesHandler = (_, _) =>
            ValueTask.FromResult(new ListResourceTemplatesResult
            {
                ResourceTemplates = [.. Resources.Select(Describe)],
                TimeToLive = Keep,
                CacheScope = ToolServer.Shown,
            });
        options.Handlers.ReadResourceHandler = (request, cancellationToken) => ReadAsync(request.Params?.Uri ?? "", cancellationToken);
    }

    // Only those whose tools the caller has.
    private IEnumerable<PromptDefinition> Prompts => Asker.IsLimited
        ? PromptCatalog.All.Where(prompt => PromptCatalog.ToolsOf(prompt).All(name => runner.Find(name) is not null))
        : PromptCatalog.All;

    private IEnumerable<TrafficResource> Resources => TrafficResource.All.Where(resource => runner.Find(resource.Tool) is not null);

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

    private GetPromptResult Get(GetPromptRequestParams? asked)
    {
        var prompt = Prompts.FirstOrDefault(prompt => prompt.Name == asked?.Name)
            ?? throw new McpProtocolException(
                $"There is no prompt {Refusal.Shown(asked?.Name ?? "")}. The prompts are " +
                $"{string.Join(", ", Prompts.Select(known => known.Name))}.", McpErrorCode.InvalidParams);
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

        if (TrafficResource.Find(uri) is not var (resource, arguments) || runner.Take(resource.Tool, arguments) is not { } tool)
        {
            var known = string.Join(", ", Resources.Select(known => known.Template).Prepend(AnswerGuide.Uri));
            throw Refused(uri, $"There is no resource {Refusal.Shown(uri)}. There is {known}.");
        }

        var outcome = await runner.RunAsync(tool, arguments, noBudget: false, progress: null,
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
