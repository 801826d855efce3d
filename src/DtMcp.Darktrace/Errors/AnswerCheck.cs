using System.Net;
using System.Text;
using System.Text.Json;
using DtMcp.Darktrace.Querying;
using DtMcp.Darktrace.Sending;

namespace DtMcp.Darktrace.Errors;

/// <summary>Opens the body of a good answer; anything else becomes one of the closed set of errors.</summary>
internal sealed class AnswerCheck(DarktraceOptions options, ApplianceRequest asked, Attempts attempts, TimeProvider timeProvider)
{
    /// <summary>As much of a refusal as is looked at.</summary>
    private const int MostRefusal = 64 * 1024;

    private const int MostRedirect = 1024;

    internal async Task<Stream> OpenAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = response.StatusCode;
        // Some versions send the log-in page with 201.
        if (status is HttpStatusCode.OK or HttpStatusCode.Created)
        {
            return await OpenBodyAsync(response, cancellationToken).ConfigureAwait(false);
        }

        if ((int)status is >= 300 and < 400)
        {
            throw await RedirectedAsync(response, cancellationToken).ConfigureAwait(false);
        }

        if (status == HttpStatusCode.BadRequest)
        {
            var body = new AnswerBody(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
            await using (body.ConfigureAwait(false))
            {
                throw Rejected(await HeadAsync(body, MostRefusal, cancellationToken).ConfigureAwait(false), response);
            }
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
    private async Task<Stream> OpenBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = new AnswerBody(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        if (response.Content.Headers.ContentType?.MediaType is { } type
            && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)))
        {
            return body;
        }

        var head = await HeadAsync(body, MostRefusal, cancellationToken).ConfigureAwait(false);
        if (StartsAsJson(head))
        {
            return new AnswerBody(head, body);
        }

        await body.DisposeAsync().ConfigureAwait(false);
        throw head.AsSpan().IndexOf("<title>Log In | Darktrace"u8) >= 0 || head.AsSpan().IndexOf("<title>Darktrace | Login"u8) >= 0
            ? ApplianceFailures.PermissionDenied(asked)
            : ApplianceFailures.NotDarktrace(options, head.Length == 0 ? "an empty page" : "a page instead of JSON");
    }

    private async Task<ApplianceException> RedirectedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var location = response.Headers.Location;
        var path = location is { IsAbsoluteUri: true } ? location.AbsolutePath : location?.OriginalString.Split('?', '#')[0];
        if (path is null)
        {
            // "Found. Redirecting to /403": some versions say it in the text alone.
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                var text = Encoding.UTF8.GetString(await HeadAsync(body, MostRedirect, cancellationToken).ConfigureAwait(false)).Trim();
                path = text.StartsWith("Found. Redirecting to ", StringComparison.Ordinal) ? text[(text.LastIndexOf(' ') + 1)..] : null;
            }
        }

        return path?.TrimEnd('/') switch
        {
            { } to when to.EndsWith("/403", StringComparison.Ordinal) => ApplianceFailures.PermissionDenied(asked),
            { } to when to.EndsWith("/login", StringComparison.OrdinalIgnoreCase) => ApplianceFailures.UnknownEndpoint(asked),
            _ => ApplianceFailures.NotDarktrace(options, "a redirect elsewhere"),
        };
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

    private static ReadOnlySpan<byte> Start(ReadOnlySpan<byte> head) => (head.StartsWith("\uFEFF"u8) ? head[3..] : head).TrimStart(" \t\r\n"u8);

    private static async Task<byte[]> HeadAsync(Stream body, int most, CancellationToken cancellationToken)
    {
        var head = new byte[most];
        var length = await body.ReadAtLeastAsync(head, most, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return head[..length];
    }
}
