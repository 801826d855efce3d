using DtMcp.Serving.Limits;

namespace DtMcp.Serving.Auditing;

/// <summary>
/// Writes a line for requests that are refused with 401, 403 or 429. So many a minute: a stranger who hammers does not push the lines of
/// calls out of the files. Those beyond are counted, and the next line tells.
/// </summary>
internal sealed class AuditedRefusals(AuditLog log, TimeProvider clock)
{
    // A user whose token has run out makes a few; more than one a second is no person.
    private const int LinesAMinute = 60;

    private static readonly object Reason = new();

    private readonly Lock _lock = new();
    private readonly Allowance _lines = new(LinesAMinute, clock);
    private long _unshown;

    /// <summary>Keeps what the sender of a request is told of why.</summary>
    public static void Tell(HttpContext context, string reason) => context.Items[Reason] = reason;

    public async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
            or StatusCodes.Status429TooManyRequests && ToShow() is { } unshown)
        {
            log.Write(new RefusedRequest
            {
                Caller = Caller.Of(context),
                Status = context.Response.StatusCode,
                Path = context.Request.Path.Value ?? "",
                Reason = context.Items.TryGetValue(Reason, out var reason) ? reason as string : null,
                Unshown = unshown,
            });
        }
    }

    private long? ToShow()
    {
        lock (_lock)
        {
            if (_lines.SecondsToWait() > 0)
            {
                _unshown++;
                return null;
            }

            _lines.Take();
            var unshown = _unshown;
            _unshown = 0;
            return unshown;
        }
    }
}
