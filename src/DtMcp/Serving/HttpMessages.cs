using System.Buffers;

namespace DtMcp.Serving;

/// <summary>
/// What is posted to the MCP endpoint, judged before the SDK reads it, as each line on stdio is: the SDK answers a body without a type
/// with 500, and what it stumbles over in a message with "internal error".
/// </summary>
internal static class HttpMessages
{
    private const string Json = "application/json";

    /// <param name="context">The request.</param>
    /// <param name="next">Answers what is a message.</param>
    /// <param name="longest">How long the body may take to come in.</param>
    public static async Task CheckAsync(HttpContext context, RequestDelegate next, TimeSpan longest)
    {
        var (request, response) = (context.Request, context.Response);
        if (!HttpMethods.IsPost(request.Method)
            || !request.Path.StartsWithSegments(HttpServer.Endpoint, StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        if (!request.HasJsonContentType())
        {
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync($"Send the message with Content-Type: {Json}.", context.RequestAborted);
            return;
        }

        if (await BodyAsync(context, longest) is not { } body)
        {
            response.StatusCode = StatusCodes.Status408RequestTimeout;
            response.Headers.Connection = "close";
            return;
        }

        if (IncomingMessage.Read(body.GetBuffer().AsSpan(0, (int)body.Length)).Refusal is { } refusal)
        {
            // A request whose params are wrong is answered; what is no message is not taken.
            response.StatusCode = refusal.Code == MessageRefusal.BadParams ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
            response.ContentType = Json;
            response.BodyWriter.Write(refusal.ToJson().Span);
            await response.BodyWriter.FlushAsync(context.RequestAborted);
            return;
        }

        body.Position = 0;
        request.Body = body;
        await next(context);
    }

    // Null when it does not come in time. A clock of tests does not hold up bytes of the network: the system's is meant.
    private static async Task<MemoryStream?> BodyAsync(HttpContext context, TimeSpan longest)
    {
        var body = new MemoryStream();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        late.CancelAfter(longest);
        try
        {
            await context.Request.Body.CopyToAsync(body, late.Token);
            return body;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
    }
}
