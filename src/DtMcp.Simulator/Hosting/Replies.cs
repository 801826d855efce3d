using System.Text;
using Microsoft.AspNetCore.Http;

namespace DtMcp.Simulator.Hosting;

/// <summary>The answers that are not data: docs/APPLIANCE-API.md, Refusals.</summary>
internal static class Replies
{
    public const string JsonType = "application/json; charset=utf-8";

    /// <summary>400, one key, which is the name of the endpoint: <c>{"network": "API SIGNATURE ERROR"}</c>, pretty-printed.</summary>
    public static Task<long> RefuseAsync(HttpResponse response, string endpoint, string text, CancellationToken cancellationToken) =>
        WriteAsync(response, StatusCodes.Status400BadRequest, JsonType, $"{{\n  \"{Escape(endpoint)}\": \"{text}\"\n}}", cancellationToken);

    public static Task<long> NotFoundAsync(HttpResponse response, CancellationToken cancellationToken) =>
        WriteAsync(response, StatusCodes.Status404NotFound, JsonType, "{\n  \"error\": \"not found\"\n}", cancellationToken);

    /// <summary>
    /// 302 with <c>Found. Redirecting to /403</c>: to /403 for a permission that is missing, to /login for an endpoint that does not exist.
    /// </summary>
    public static Task<long> RedirectAsync(HttpResponse response, string location, CancellationToken cancellationToken)
    {
        response.Headers.Location = location;
        return WriteAsync(response, StatusCodes.Status302Found, "text/plain; charset=utf-8", $"Found. Redirecting to {location}",
            cancellationToken);
    }

    /// <summary>What a client that follows such a redirect gets, with status 200.</summary>
    public static Task<long> LoginPageAsync(HttpResponse response, CancellationToken cancellationToken) => WriteAsync(
        response,
        StatusCodes.Status200OK,
        "text/html; charset=utf-8",
        "<!doctype html><html><head><title>Log In | Darktrace</title></head><body><form method=\"post\"></form></body></html>",
        cancellationToken);

    /// <summary>What the web server before the API says of a path that is too long.</summary>
    public static Task<long> InvalidRequestAsync(HttpResponse response, CancellationToken cancellationToken) => WriteAsync(
        response,
        StatusCodes.Status400BadRequest,
        "text/html; charset=utf-8",
        "<html><head><title>400 Bad Request</title></head><body><h1>Bad Request</h1><p>Your browser sent an invalid " +
        "request.</p></body></html>",
        cancellationToken);

    public static Task<long> BusyAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.RetryAfter = "1";
        return WriteAsync(response, StatusCodes.Status429TooManyRequests, JsonType, "{\n  \"error\": \"too many requests\"\n}",
            cancellationToken);
    }

    public static Task<long> ServerErrorAsync(HttpResponse response, CancellationToken cancellationToken) =>
        WriteAsync(response, StatusCodes.Status500InternalServerError, JsonType, "{\n  \"error\": \"internal server error\"\n}",
            cancellationToken);

    private static async Task<long> WriteAsync(HttpResponse response, int status, string type, string text,
        CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        response.Headers.ContentEncoding = default;
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes.Length;
    }

    private static string Escape(string endpoint) => string.Concat(endpoint.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}
