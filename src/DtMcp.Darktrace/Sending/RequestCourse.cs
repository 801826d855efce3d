using System.Diagnostics;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;

namespace DtMcp.Darktrace.Sending;

/// <summary>One question to the appliance as it is observed: a span of the caller's trace, and how it ended.</summary>
internal sealed class RequestCourse : IDisposable
{
    // Who gives up a question ends it; that is no code of an error.
    internal const string GivenUp = "given_up";

    private readonly ApplianceRequest _asked;
    private readonly Attempts _attempts;
    private readonly Activity? _span;

    internal RequestCourse(ApplianceRequest asked, Attempts attempts)
    {
        (_asked, _attempts) = (asked, attempts);
        var method = asked.Json is null ? "GET" : "POST";
        _span = Instruments.Source.StartActivity(ActivityKind.Client, name: $"{method} {asked.Endpoint}");
        _span?.SetTag("http.request.method", method).SetTag("url.template", asked.Endpoint);
    }

    /// <summary>The trace that the appliance, or a proxy before it, may note (W3C Trace Context); null where none is kept.</summary>
    internal string? TraceParent => _span is { Recorded: true, IdFormat: ActivityIdFormat.W3C } ? _span.Id : null;

    /// <summary>The body, once it was opened.</summary>
    internal AnswerBody? Body { get; set; }

    /// <summary>How it failed; null once it was answered.</summary>
    internal string? Failure { get; set; } = GivenUp;

    internal ApplianceException Failing(ApplianceException error)
    {
        Failure = error.Code;
        return error;
    }

    public void Dispose()
    {
        var bytes = Body?.BytesRead ?? 0;
        if (bytes > 0)
        {
            Instruments.Read(_asked.Endpoint, bytes);
        }

        Instruments.Ended(_asked.Endpoint, _attempts.Elapsed, Failure);
        if (_span is null)
        {
            return;
        }

        if (_attempts.LastStatus is { } status)
        {
            _span.SetTag(Instruments.StatusLabel, (int)status);
        }

        if (_attempts.Count > 1)
        {
            _span.SetTag("http.request.resend_count", _attempts.Count - 1);
        }

        _span.SetTag("http.response.body.size", bytes);
        if (Failure is not null)
        {
            _span.SetTag(Instruments.ErrorLabel, Failure).SetStatus(ActivityStatusCode.Error);
        }

        _span.Dispose();
    }
}
