using System.Net;
using System.Text;
using DtMcp.Darktrace.Signing;

namespace DtMcp.Tests.Support;

/// <summary>Stands in for the sockets: answers from a list, the last one for ever, and keeps what was asked.</summary>
internal sealed class StubWire(params Func<HttpResponseMessage>[] answers) : HttpMessageHandler
{
    public List<(string Target, string Date, string Signature, int Headers)> Asked { get; } = [];

    public static Func<HttpResponseMessage> Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        Text(body, "application/json", status);

    public static Func<HttpResponseMessage> Text(string body, string? type, HttpStatusCode status = HttpStatusCode.OK) => () =>
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return new HttpResponseMessage(status) { Content = content };
    };

    public static Func<HttpResponseMessage> Status(HttpStatusCode status, string? header = null, string? value = null) => () =>
    {
        var response = new HttpResponseMessage(status) { Content = new ByteArrayContent([]) };
        if (header is not null)
        {
            response.Headers.TryAddWithoutValidation(header, value);
        }

        return response;
    };

    public static Func<HttpResponseMessage> Breaks(HttpRequestError error) => () => throw new HttpRequestException(error, "secret-detail");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Asked.Add((
            request.RequestUri!.PathAndQuery,
            request.Headers.GetValues(SignatureHeaders.DateName).Single(),
            request.Headers.GetValues(SignatureHeaders.SignatureName).Single(),
            request.Headers.GetValues(SignatureHeaders.TokenName).Count()));
        return Task.FromResult(answers[Math.Min(Asked.Count, answers.Length) - 1]());
    }
}
