using System.Diagnostics;
using OpenTelemetry;

namespace DtMcp.Serving.Telemetry;

/// <summary>
/// Takes out of the spans of others what a client wrote: unknown names, addresses of resources, and the words of errors, which quote
/// arguments. Probes leave no span.
/// </summary>
internal sealed class SpanCleaning : BaseProcessor<Activity>
{
    private static readonly string[] OfRequest =
        ["http.request.method", "http.response.status_code", "http.route", "url.scheme", "network.protocol.version", "error.type"];

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == ProtocolNames.Sdk)
        {
            Clean(data, ProtocolNames.Known);
            data.DisplayName = string.Join(' ', new[] { ProtocolNames.Method, "gen_ai.tool.name", "gen_ai.prompt.name" }
                .Select(data.GetTagItem).OfType<string>());
            if (data.Status == ActivityStatusCode.Error)
            {
                data.SetStatus(ActivityStatusCode.Error);
            }
        }
        else if (data.Source.Name == "Microsoft.AspNetCore")
        {
            if (data.GetTagItem("http.route") is HttpServer.Alive or HttpServer.Ready)
            {
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            }

            Clean(data, (key, value) => OfRequest.Contains(key) ? value : null);
        }
    }

    private static void Clean(Activity span, Func<string, object?, object?> known)
    {
        foreach (var (key, value) in span.TagObjects.ToArray())
        {
            span.SetTag(key, known(key, value));
        }
    }
}
