using DtMcp.Darktrace.Requests;

namespace DtMcp.Darktrace.Signing;

/// <summary>Signs every attempt anew with the time of that attempt. It sits inside the retries.</summary>
internal sealed class SigningHandler(Signer signer, TimeProvider timeProvider, HttpMessageHandler innerHandler)
    : DelegatingHandler(innerHandler)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(ApplianceRequest.Key, out var asked))
        {
            throw new InvalidOperationException("A request without its ApplianceRequest cannot be signed.");
        }

        signer.Sign(asked, timeProvider.GetUtcNow()).ApplyTo(request.Headers);
        return base.SendAsync(request, cancellationToken);
    }
}
