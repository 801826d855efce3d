using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace DtMcp.Serving;

/// <summary>
/// Who may ask over HTTP. A page in a browser may not: on loopback only loopback hosts and origins are answered (DNS rebinding), elsewhere
/// only the own origin (MCP, Streamable HTTP: servers MUST validate Origin and answer 403). With a bearer token set, only those who have
/// it.
/// </summary>
internal sealed class HttpGuard(bool isLoopback, string? bearerToken)
{
    private readonly byte[]? _expected = bearerToken is null ? null : Digest(bearerToken);

    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (isLoopback && !IsLoopbackName(request.Host.Host))
        {
            return RefuseAsync(context, StatusCodes.Status403Forbidden, "This server answers to loopback names only.");
        }

        if (request.Headers.Origin is { Count: > 0 } origins && !(origins.Count == 1 && IsAllowed(origins[0], request.Host)))
        {
            return RefuseAsync(context, StatusCodes.Status403Forbidden, "This origin is not allowed.");
        }

        if (_expected is not null && request.Path.StartsWithSegments(HttpServer.Endpoint, StringComparison.OrdinalIgnoreCase)
            && Challenge(request) is { } challenge)
        {
            context.Response.Headers.WWWAuthenticate = challenge;
            return RefuseAsync(context, StatusCodes.Status401Unauthorized, "A bearer token is needed.");
        }

        return next(context);
    }

    // RFC 6750 3: the error code only where a token was given.
    private string? Challenge(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return "Bearer realm=\"dtmcp\"";
        }

        // Digests of equal length: the comparison tells nothing about the token, not even its length.
        return CryptographicOperations.FixedTimeEquals(Digest(value[Scheme.Length..].Trim()), _expected!)
            ? null
            : "Bearer realm=\"dtmcp\", error=\"invalid_token\"";
    }

    // RFC 6454 6.1: a scheme, a host and perhaps a port. With more around it the host is not what it looks like, as in
    // http://evil.example@localhost.
    private bool IsAllowed(string? origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.UserInfo.Length == 0 && uri.PathAndQuery == "/" && uri.Fragment.Length == 0 && !origin.Contains('@')
        && (isLoopback ? IsLoopbackName(uri.Host) : uri.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase));

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
