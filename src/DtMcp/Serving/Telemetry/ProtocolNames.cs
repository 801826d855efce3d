using DtMcp.Prompts;
using DtMcp.Tools;
using ModelContextProtocol.Protocol;

namespace DtMcp.Serving.Telemetry;

/// <summary>
/// Names that a client chooses, as they may be told: those that are known here, the others as <c>_OTHER</c> (the conventions' word for
/// it). Whoever may ask could otherwise make a series of metrics with each request, and write into them what they like.
/// </summary>
internal static class ProtocolNames
{
    /// <summary>The name of the SDK's spans and metrics.</summary>
    public const string Sdk = "Experimental.ModelContextProtocol";

    public const string Method = "mcp.method.name";

    private const string Other = "_OTHER";

    private static readonly HashSet<string> Methods =
    [
        RequestMethods.ToolsList, RequestMethods.ToolsCall, RequestMethods.PromptsList, RequestMethods.PromptsGet,
        RequestMethods.ResourcesList, RequestMethods.ResourcesRead, RequestMethods.ResourcesTemplatesList, RequestMethods.Ping,
        RequestMethods.CompletionComplete, RequestMethods.Initialize, "server/discover", "logging/setLevel", "subscriptions/listen",
        "resources/subscribe", "resources/unsubscribe", NotificationMethods.CancelledNotification,
        NotificationMethods.InitializedNotification, NotificationMethods.ProgressNotification, "notifications/message",
    ];

    private static readonly HashSet<string> Revisions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];

    /// <summary>A label as it may be told; null where it is left out.</summary>
    public static object? Known(string key, object? value) => key switch
    {
        Method => Of(value, Methods.Contains),
        "gen_ai.tool.name" => Of(value, name => name == PictureServer.ToolName || ToolCatalog.Find(name) is not null),
        "gen_ai.prompt.name" => Of(value, name => PromptCatalog.Find(name) is not null),
        "mcp.protocol.version" => Of(value, Revisions.Contains),
        "gen_ai.operation.name" or "network.transport" or "network.protocol.name" or "error.type" or "rpc.response.status_code" => value,
        _ => null,
    };

    private static string Of(object? value, Func<string, bool> isKnown) => value is string name && isKnown(name) ? name : Other;
}
