using DtMcp.Darktrace.Requests;
using Microsoft.Extensions.Logging;

namespace DtMcp.Darktrace.Sending;

/// <summary>Counts and logs every attempt: the endpoint without values, status and time; and keeps the appliance's clock.</summary>
internal sealed partial class AttemptHandler(ServerClock clock, TimeProvider timeProvider, ILogger logger, HttpMessageHandler innerHandler)
    : DelegatingHandler(innerHandler)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Options.TryGetValue(Attempts.Key, out var attempts);
        request.Options.TryGetValue(ApplianceRequest.Key, out var asked);
        attempts?.Begin();
        var started = timeProvider.GetTimestamp();
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            clock.Saw(response.Headers.Date);
            attempts?.LastStatus = response.StatusCode;
            Observe(asked, attempts, (int)response.StatusCode, null);
            Log.Answered(logger, asked?.Endpoint, attempts?.Count ?? 0, (int)response.StatusCode,
                timeProvider.GetElapsedTime(started).TotalMilliseconds);
            return response;
        }
        catch (HttpRequestException error)
        {
            attempts?.LastStatus = null;
            Observe(asked, attempts, null, error.HttpRequestError.ToString());
            Log.Broke(logger, asked?.Endpoint, attempts?.Count ?? 0, error.HttpRequestError,
                timeProvider.GetElapsedTime(started).TotalMilliseconds);
            throw;
        }
        catch (OperationCanceledException)
        {
            Observe(asked, attempts, null, RequestCourse.GivenUp);
            throw;
        }
    }

    private static void Observe(ApplianceRequest? asked, Attempts? attempts, int? status, string? failure) =>
        Instruments.Attempted(asked?.Endpoint ?? "", attempts?.Count ?? 0, status, failure);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Endpoint} attempt {Attempt}: {Status} after {Milliseconds:F0} ms")]
        internal static partial void Answered(ILogger logger, string? endpoint, int attempt, int status, double milliseconds);

        [LoggerMessage(2, LogLevel.Warning, "{Endpoint} attempt {Attempt}: no answer ({Failure}) after {Milliseconds:F0} ms")]
        internal static partial void Broke(ILogger logger, string? endpoint, int attempt, HttpRequestError failure, double milliseconds);
    }
}
