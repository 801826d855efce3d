using DtMcp.Simulator.Endpoints;
using DtMcp.Simulator.Faults;
using DtMcp.Simulator.Setup;
using DtMcp.Simulator.Signing;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DtMcp.Simulator.Hosting;

/// <summary>One request from its line to the end of its answer: signature, fault, endpoint, permission, body; in that order.</summary>
internal sealed class RequestHandler(
    Appliance appliance, SignatureCheck signatures, PermissionSet permissions, FaultPlan faults, RequestLog log, CancellationToken stopping)
{
    private const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Characters of a path that the web server before the API takes.</summary>
    private const int LongestPath = 6_000;

    public async Task HandleAsync(HttpContext context)
    {
        var started = appliance.Clock.GetTimestamp();
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var aborted = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.Headers.Date = appliance.Clock.GetUtcNow().ToString("r");
        var outcome = new Outcome();
        try
        {
            await AnswerAsync(context, RequestTarget.Parse(target), outcome, aborted.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // The client went away, or the appliance is being stopped; the log below still names the request.
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The same, seen by a write.
        }
        finally
        {
            var status = outcome.IsReset ? 0 : context.Response.StatusCode;
            var elapsed = appliance.Clock.GetElapsedTime(started).TotalMilliseconds;
            log.Add(new RequestLogEntry(context.Request.Method, target, status, outcome.Rows, outcome.Bytes, elapsed));
        }
    }

    private async Task AnswerAsync(HttpContext context, RequestTarget target, Outcome outcome, CancellationToken cancellationToken)
    {
        var (request, response) = (context.Request, context.Response);
        if (target.Path is "/login" or "/403")
        {
            outcome.Bytes = await Replies.LoginPageAsync(response, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (target.Path.Length > LongestPath)
        {
            outcome.Bytes = await Replies.InvalidRequestAsync(response, cancellationToken).ConfigureAwait(false);
            return;
        }

        var body = await ReadBodyAsync(request, cancellationToken).ConfigureAwait(false);
        var verdict = signatures.Check(
            target, body.Span, Header(request, "DTAPI-Token"), Header(request, "DTAPI-Date"), Header(request, "DTAPI-Signature"));
        if (verdict != SignatureVerdict.Accepted)
        {
            var text = verdict == SignatureVerdict.DateError ? "API DATE ERROR" : "API SIGNATURE ERROR";
            outcome.Bytes = await Replies.RefuseAsync(response, target.Endpoint, text, cancellationToken).ConfigureAwait(false);
            return;
        }

        var fault = faults.Next();
        if (fault is FaultKind.Reset)
        {
            outcome.IsReset = true;
            Reset(context);
            return;
        }

        if (fault is { } kind && ReplyOf(kind, response, target, cancellationToken) is { } reply)
        {
            outcome.Bytes = await reply.ConfigureAwait(false);
            return;
        }

        if (EndpointCatalog.Find(target.Path) is not ({ } endpoint, { } rest) || !Takes(endpoint, request.Method))
        {
            outcome.Bytes = await Replies.RedirectAsync(response, "/login", cancellationToken).ConfigureAwait(false);
            return;
        }

        if (!permissions.Allows(endpoint))
        {
            outcome.Bytes = await Replies.RedirectAsync(response, "/403", cancellationToken).ConfigureAwait(false);
            return;
        }

        var asked = new EndpointRequest(appliance, target.Endpoint, rest, target.Pairs(), body)
        {
            IsProbeSilent = fault is FaultKind.Probe,
        };
        await WriteAsync(context, endpoint, asked, fault is FaultKind.Probe ? null : fault, outcome,
            cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteAsync(
        HttpContext context, IEndpoint endpoint, EndpointRequest asked, FaultKind? fault, Outcome outcome,
        CancellationToken cancellationToken)
    {
        var response = context.Response;
        try
        {
            if (asked.Appliance.Options.Delay is var delay && delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, asked.Appliance.Clock, cancellationToken).ConfigureAwait(false);
            }

            response.ContentType = Replies.JsonType;
            if (fault is not null)
            {
                await WriteFaultyAsync(response, endpoint, asked, fault.Value, outcome, cancellationToken).ConfigureAwait(false);
                return;
            }

            var encoded = BodyEncoding.Wrap(context.Request, response);
            var answer = new AnswerWriter(encoded ?? response.Body, indented: true);
            await endpoint.AnswerAsync(asked, answer, cancellationToken).ConfigureAwait(false);
            await answer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            if (encoded is not null)
            {
                await encoded.DisposeAsync().ConfigureAwait(false);
            }

            (outcome.Rows, outcome.Bytes) = (answer.Rows, answer.Bytes);
        }
        catch (InputErrorException)
        {
            outcome.Bytes = await Replies.RefuseAsync(response, asked.Endpoint, "INPUT ERROR", cancellationToken).ConfigureAwait(false);
        }
        catch (NotFoundException)
        {
            outcome.Bytes = await Replies.NotFoundAsync(response, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Faults of the body. The answer is made once to learn its length and once more to be broken in its middle, so that none is ever held
    /// whole.
    /// </summary>
    private static async Task WriteFaultyAsync(
        HttpResponse response, IEndpoint endpoint, EndpointRequest asked, FaultKind fault, Outcome outcome,
        CancellationToken cancellationToken)
    {
        var measure = new AnswerWriter(Stream.Null, indented: true);
        await endpoint.AnswerAsync(asked, measure, cancellationToken).ConfigureAwait(false);
        await measure.CompleteAsync(cancellationToken).ConfigureAwait(false);
        if (fault == FaultKind.Slow)
        {
            response.ContentLength = measure.Bytes;
            await response.StartAsync(cancellationToken).ConfigureAwait(false);
            await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
            return;
        }

        var instead = fault == FaultKind.BadJson ? "\":}]<,"u8.ToArray() : [];
        if (fault == FaultKind.CutOff)
        {
            response.ContentLength = measure.Bytes;
        }

        var answer = new AnswerWriter(new BrokenBody(response.Body, Math.Max(1, measure.Bytes / 2), instead), indented: true);
        await endpoint.AnswerAsync(asked, answer, cancellationToken).ConfigureAwait(false);
        await answer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        (outcome.Rows, outcome.Bytes) = (answer.Rows, measure.Bytes / 2);
    }

    private static Task<long>? ReplyOf(FaultKind fault, HttpResponse response, RequestTarget target, CancellationToken cancellationToken) =>
        fault switch
        {
            FaultKind.Signature => Replies.RefuseAsync(response, target.Endpoint, "API SIGNATURE ERROR", cancellationToken),
            FaultKind.Date => Replies.RefuseAsync(response, target.Endpoint, "API DATE ERROR", cancellationToken),
            FaultKind.Permission => Replies.RedirectAsync(response, "/403", cancellationToken),
            FaultKind.NotFound => Replies.NotFoundAsync(response, cancellationToken),
            FaultKind.LoginPage => Replies.LoginPageAsync(response, cancellationToken),
            FaultKind.Busy => Replies.BusyAsync(response, cancellationToken),
            FaultKind.Error500 => Replies.ServerErrorAsync(response, cancellationToken),
            _ => null,
        };

    private static bool Takes(IEndpoint endpoint, string method) =>
        HttpMethods.IsGet(method) || (HttpMethods.IsPost(method) && endpoint.TakesPost);

    private static string? Header(HttpRequest request, string name) =>
        request.Headers.TryGetValue(name, out var values) && values.Count == 1 ? values[0] : null;

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return default;
        }

        using var body = new MemoryStream();
        var buffer = new byte[4096];
        while (body.Length <= MaxBodyBytes
            && await request.Body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
        {
            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }

    private static void Reset(HttpContext context)
    {
        // Closing with no time to linger makes TCP send RST instead of FIN.
        if (context.Features.Get<IConnectionSocketFeature>() is { Socket: var socket })
        {
            socket.LingerState = new(enable: true, seconds: 0);
        }

        context.Abort();
    }

    private sealed class Outcome
    {
        public long Rows { get; set; }

        public long Bytes { get; set; }

        public bool IsReset { get; set; }
    }
}
