using System.Diagnostics;
using System.Diagnostics.Metrics;
using DtMcp.Darktrace.Errors;

namespace DtMcp.Darktrace.Sending;

/// <summary>
/// What whoever observes the program hears of requests to the appliance. Labels are endpoints, statuses and codes, all of closed sets: no
/// host, no filter, no token. Without a listener nothing is made.
/// </summary>
internal static class Instruments
{
    internal const string EndpointLabel = "dtmcp.appliance.endpoint";

    internal const string ErrorLabel = "error.type";

    internal const string StatusLabel = "http.response.status_code";

    internal static readonly ActivitySource Source = new(DarktraceClient.ObservedAs);

    private static readonly Meter Meter = new(DarktraceClient.ObservedAs);

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(
        "dtmcp.appliance.requests", "{request}", "Requests to the appliance, each attempt of its own.");

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "dtmcp.appliance.retries", "{request}", "Requests to the appliance that were sent again.");

    private static readonly Counter<long> Received = Meter.CreateCounter<long>(
        "dtmcp.appliance.received", "By", "Bytes of the appliance's answers, unpacked.");

    // From a count in milliseconds to a day of rows in a minute.
    private static readonly Histogram<double> Durations = Meter.CreateHistogram(
        "dtmcp.appliance.duration", "s", "Questions to the appliance with their retries, until the answer is read.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] });

    internal static void Attempted(string endpoint, int number, int? status, string? failure)
    {
        if (number > 1)
        {
            Retries.Add(1, new KeyValuePair<string, object?>(EndpointLabel, endpoint));
        }

        Attempts.Add(1, new(EndpointLabel, endpoint), status is { } told ? new(StatusLabel, told) : new(ErrorLabel, failure));
    }

    internal static void Read(string endpoint, long bytes) =>
        Received.Add(bytes, new KeyValuePair<string, object?>(EndpointLabel, endpoint));

    /// <param name="endpoint">What was asked.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="failure">The code of an <see cref="ApplianceException"/>; null for an answer.</param>
    internal static void Ended(string endpoint, TimeSpan duration, string? failure)
    {
        var seconds = duration.TotalSeconds;
        if (failure is null)
        {
            Durations.Record(seconds, new KeyValuePair<string, object?>(EndpointLabel, endpoint));
        }
        else
        {
            Durations.Record(seconds, new(EndpointLabel, endpoint), new(ErrorLabel, failure));
        }
    }
}
