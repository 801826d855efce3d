using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace DtMcp.Darktrace.Sending;

/// <summary>
/// Three retries with growing, jittered waits (or what Retry-After says) on 429, 500, 502, 503, 504 and a transport that broke before an
/// answer. Every request of this client only reads, so each may be sent again; no other status is.
/// </summary>
internal static class Retrying
{
    internal const int MaxRetries = 3;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(300);

    internal static ResiliencePipeline<HttpResponseMessage> Create(TimeProvider timeProvider) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = timeProvider }
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = MaxRetries,
                Delay = FirstDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldRetryAfterHeader = true,
                ShouldHandle = args => ValueTask.FromResult(IsWorthIt(args.Context.GetRequestMessage(), args.Outcome, timeProvider)),
            })
            .Build();

    internal static bool IsBusy(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private static bool IsWorthIt(HttpRequestMessage? request, Outcome<HttpResponseMessage> outcome, TimeProvider timeProvider)
    {
        if (outcome.Exception is HttpRequestException error)
        {
            return error.HttpRequestError is not (HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded);
        }

        return outcome.Result is { } response && IsBusy(response.StatusCode) && FitsIn(request, response, timeProvider);
    }

    // A wait that the timeout would cut short is not begun.
    private static bool FitsIn(HttpRequestMessage? request, HttpResponseMessage response, TimeProvider timeProvider)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - timeProvider.GetUtcNow(),
            _ => TimeSpan.Zero,
        };
        return request is null || !request.Options.TryGetValue(Attempts.Key, out var attempts) || wait < attempts.Left;
    }
}
