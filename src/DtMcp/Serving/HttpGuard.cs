using System.Net;
using DtMcp.Configuration;
using DtMcp.Serving.Access;
using DtMcp.Serving.Auditing;

namespace DtMcp.Serving;

/// <summary>
/// Who may ask over HTTP. A page in a browser may not: on loopback only loopback hosts and origins are answered (DNS rebinding), elsewhere
/// only the own origin (MCP, Streamable HTTP: servers MUST validate Origin and answer 403), and beside these what the settings list. Where
/// it is to be known who asks, nobody else is answered.
/// </summary>
internal sealed class HttpGuard(bool isLoopback, ServingOptions options, IAccess? access)
{
    public async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        // Probes beyond loopback come by address, whatever the server is called; what they are told is no secret.
        if (!IsHost(request.Host.Host) && (isLoopback || !IsProbe(request.Path)))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, isLoopback && options.Hosts.Count == 0
                ? "This server answers to loopback names only."
                : "This server does not answer to this name.");
            return;
        }

        if (request.Headers.Origin is { Count: > 0 } origins)
        {
            if (!(origins is [{ } origin] && (IsListed(origin) || IsOwn(origin, request.Host))))
            {
                await RefuseAsync(context, StatusCodes.Status403Forbidden, "This origin is not allowed.");
                return;
            }

            if (IsListed(origin) && IsPreflight(context, origin))
            {
                return;
            }
        }

        if (access is not null && request.Path.StartsWithSegments(HttpServer.Endpoint, StringComparison.OrdinalIgnoreCase))
        {
            var admission = await access.AdmitAsync(context);
            if (admission.Who is null)
            {
                await RefuseAsync(context, admission);
                return;
            }

            context.User = admission.Who;
            context.Features.Set(admission.Reach);
        }

        await next(context);
    }

    private static bool IsProbe(PathString path) => path == HttpServer.Alive || path == HttpServer.Ready;

    private bool IsHost(string host) => isLoopback
        ? IsLoopbackName(host) || IsNamed(host)
        : options.Hosts.Count == 0 || IsNamed(host);

    private bool IsNamed(string host) =>
        options.Hosts.Any(name => name.Trim('[', ']').Equals(host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase));

    private bool IsListed(string origin) => options.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    // RFC 6454 6.1: a scheme, a host and perhaps a port. With more around it the host is not what it looks like, as in
    // http://evil.example@localhost.
    private bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.UserInfo.Length == 0 && uri.PathAndQuery == "/" && uri.Fragment.Length == 0 && !origin.Contains('@')
        && (isLoopback && IsLoopbackName(uri.Host)
            || (!isLoopback || options.Hosts.Count > 0) && uri.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase));

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    // A browser asks before it lets a page of another origin ask (CORS), and tells the page what it may read.
    private static bool IsPreflight(HttpContext context, string origin)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        headers.AccessControlAllowOrigin = origin;
        headers.Vary = "Origin";
        headers.AccessControlExposeHeaders = "WWW-Authenticate, Retry-After";
        if (!HttpMethods.IsOptions(request.Method) || request.Headers.AccessControlRequestMethod.Count == 0)
        {
            return false;
        }

        headers.AccessControlAllowMethods = "GET, POST";
        headers.AccessControlAllowHeaders = request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = "600";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }

    private static Task RefuseAsync(HttpContext context, Admission admission)
    {
        var headers = context.Response.Headers;
        if (admission.Challenge is { } challenge)
        {
            headers.WWWAuthenticate = challenge;
        }

        if (admission.RetryAfter is { } seconds)
        {
            headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return RefuseAsync(context, admission.Status, admission.Text);
    }

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        AuditedRefusals.Tell(context, text);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
