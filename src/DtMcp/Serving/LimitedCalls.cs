using System.Globalization;
using DtMcp.Serving.Auditing;
using DtMcp.Serving.Limits;

namespace DtMcp.Serving;

/// <summary>Lets requests to the MCP endpoint through as <see cref="CallLimits"/> allow; the others hear when to come again.</summary>
internal sealed class LimitedCalls(CallLimits limits)
{
    public async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments(HttpServer.Endpoint, StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        var user = context.User.Identity?.Name;
        if (limits.TryEnter(user) is { } overload)
        {
            var response = context.Response;
            AuditedRefusals.Tell(context, overload.Text);
            response.StatusCode = overload.Status;
            response.Headers.RetryAfter = overload.RetryAfter.ToString(CultureInfo.InvariantCulture);
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync(overload.Text, context.RequestAborted);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            limits.Leave(user);
        }
    }
}
