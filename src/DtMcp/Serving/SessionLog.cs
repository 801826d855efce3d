using System.Text.Json;
using DtMcp.Running;
using DtMcp.Traffic.Answers;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

// Deprecated since 2026-07-28; clients that ask for messages are told them all the same.
#pragma warning disable MCP9005

namespace DtMcp.Serving;

/// <summary>
/// What a client that asks for log messages is told of its own calls: at <c>info</c> what was asked and read, at <c>warning</c> a refusal.
/// It asks by <c>logging/setLevel</c>, or since 2026-07-28 in each request; nobody else is told anything.
/// </summary>
internal static class SessionLog
{
    private const string Logger = "dtmcp";

    // A first line of an answer is shorter.
    private const int LongestLine = 1_000;

    public static async Task TellAsync(
        RequestContext<CallToolRequestParams> request, string tool, ToolOutcome outcome, CancellationToken cancellationToken)
    {
        var level = outcome.IsError ? LoggingLevel.Warning : LoggingLevel.Info;
        if (Least(request) is not { } least || level < least)
        {
            return;
        }

        // The first line of a text says what was asked and read.
        var text = outcome.Text.AsSpan().TrimStart("# ").ToString();
        var line = outcome.IsError ? $"{tool}: {text}" : outcome.Json is not null ? $"{tool}: answered" : text.Split('\n', 2)[0];
        var message = new LoggingMessageNotificationParams
        {
            Level = level,
            Logger = Logger,
            Data = JsonElement.Parse($"\"{JsonEncodedText.Encode(SafeText.Of(line, LongestLine, TextPlace.Line))}\""),
        };
        await request.Server.SendNotificationAsync(NotificationMethods.LoggingMessageNotification, message,
            McpJsonUtilities.DefaultOptions, cancellationToken);
    }

    private static LoggingLevel? Least(RequestContext<CallToolRequestParams> request)
    {
        if (request.Params?.Meta?[MetaKeys.LogLevel] is { } asked)
        {
            return asked.GetValueKind() is JsonValueKind.String ? Word(asked.GetValue<string>()) : null;
        }

        return request.Server.LoggingLevel;
    }

    private static LoggingLevel? Word(string level) => level switch
    {
        "debug" => LoggingLevel.Debug,
        "info" => LoggingLevel.Info,
        "notice" => LoggingLevel.Notice,
        "warning" => LoggingLevel.Warning,
        "error" => LoggingLevel.Error,
        "critical" => LoggingLevel.Critical,
        "alert" => LoggingLevel.Alert,
        "emergency" => LoggingLevel.Emergency,
        _ => null,
    };
}
