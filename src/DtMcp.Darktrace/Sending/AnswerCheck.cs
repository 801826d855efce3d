using System.Net;
using System.Text;
using System.Text.Json;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;

namespace DtMcp.Darktrace.Sending;

/// <summary>Opens the body of a good answer; anything else becomes one of the closed set of errors.</summary>
internal sealed class AnswerCheck(DarktraceOptions options, ApplianceRequest asked, Attempts attempts, TimeProvider timeProvider)
{
    /// <summary>As much of a refusal as is looked at.</summary>
    private const int MaxRefusalBytes = 64 * 1024;

    internal async Task<AnswerBody> OpenAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = response.StatusCode;
        // Some versions send the log-in page with 201.
        if (status is HttpStatusCode.OK or HttpStatusCode.Created)
        {
            return await OpenBodyAsync(response, cancellationToken).ConfigureAwait(false);
        }

        if ((int)status is >= 300 and < 400)
        {
            throw Redirected(await TargetAsync(response, cancellationToken).ConfigureAwait(false));
        }

        if (status == HttpStatusCode.BadRequest)
        {
            throw Rejected(await HeadAsync(response, cancellationToken).ConfigureAwait(false), response);
        }

        throw status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ApplianceFailures.PermissionDenied(asked),
            HttpStatusCode.NotFound => ApplianceFailures.NotFound(asked),
            _ when Retrying.IsBusy(status) => ApplianceFailures.Busy(status, attempts),
            _ when (int)status is >= 400 and < 500 => ApplianceFailures.RequestRejected(asked, status),
            _ => ApplianceFailures.NotDarktrace(options, $"the status {(int)status}"),
        };
    }

    // The type says JSON, or the first byte does; a followed redirect to the log-in page is 200 with HTML.
    private async Task<AnswerBody> OpenBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = new AnswerBody(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        if (response.Content.Headers.ContentType?.MediaType is { } type
            && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)))
        {
            return body;
        }

        var head = await HeadAsync(body, MaxRefusalBytes, cancellationToken).ConfigureAwait(false);
        if (StartsAsJson(head))
        {
            return new AnswerBody(head, body);
        }

        await body.DisposeAsync().ConfigureAwait(false);
        throw NotJson(head, head.Length == 0 ? "an empty page" : "a page instead of JSON");
    }

    // The log-in page has either title.
    private ApplianceException NotJson(ReadOnlySpan<byte> head, string what) =>
        head.IndexOf("<title>Log In | Darktrace"u8) >= 0 || head.IndexOf("<title>Darktrace | Login"u8) >= 0
            ? ApplianceFailures.PermissionDenied(asked)
            : ApplianceFailures.NotDarktrace(options, what);

    private ApplianceException Redirected(string? path) => path?.TrimEnd('/') switch
    {
        { } to when to.EndsWith("/403", StringComparison.Ordinal) => ApplianceFailures.PermissionDenied(asked),
        { } to when to.EndsWith("/login", StringComparison.OrdinalIgnoreCase) => ApplianceFailures.UnknownEndpoint(asked),
        _ => ApplianceFailures.NotDarktrace(options, "a redirect elsewhere"),
    };

    // The path that a redirect leads to: its header, or where a proxy took that away the text "Found. Redirecting to /403".
    private static async Task<string?> TargetAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Headers.Location is { } location)
        {
            return location.IsAbsoluteUri ? location.AbsolutePath : Path(location.OriginalString);
        }

        const string Before = "Redirecting to ";
        var text = Encoding.ASCII.GetString(await HeadAsync(response, cancellationToken).ConfigureAwait(false));
        return text.IndexOf(Before, StringComparison.Ordinal) is var at and >= 0
            ? Path(text[(at + Before.Length)..].Split(' ', '\r', '\n', '<', '"')[0])
            : null;

        static string Path(string target) => target.Split('?', '#')[0];
    }

    private static async Task<byte[]> HeadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = new AnswerBody(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        await using (body.ConfigureAwait(false))
        {
            return await HeadAsync(body, MaxRefusalBytes, cancellationToken).ConfigureAwait(false);
        }
    }

    private ApplianceException Rejected(byte[] body, HttpResponseMessage response) =>
        Says(body, "API SIGNATURE ERROR"u8) ? ApplianceFailures.SignatureRejected()
        : Says(body, "API DATE ERROR"u8) ? ApplianceFailures.ClockSkew(timeProvider.GetUtcNow(), response.Headers.Date)
        : StartsAsPage(body) ? ApplianceFailures.RefusedByWebServer(asked, response.StatusCode)
        : ApplianceFailures.RequestRejected(asked, response.StatusCode);

    // {"network": "API SIGNATURE ERROR"}: by any value, the key is the endpoint's name.
    private static bool Says(ReadOnlySpan<byte> body, ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(text))
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return false;
    }

    private static bool StartsAsPage(ReadOnlySpan<byte> head) => Start(head) is [(byte)'<', ..];

    private static bool StartsAsJson(ReadOnlySpan<byte> head) => Start(head) is [(byte)'{' or (byte)'[', ..];

    private static ReadOnlySpan<byte> Start(ReadOnlySpan<byte> head) =>
        (head.StartsWith("\uFEFF"u8) ? head[3..] : head).TrimStart(" \t\r\n"u8);

    private static async Task<byte[]> HeadAsync(Stream body, int most, CancellationToken cancellationToken)
    {
        var head = new byte[most];
        var length = await body.ReadAtLeastAsync(head, most, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return head[..length];
    }
}
