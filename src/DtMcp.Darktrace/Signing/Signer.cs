using DtMcp.Darktrace.Requests;

namespace DtMcp.Darktrace.Signing;

/// <summary>The recipe of the signature (docs/APPLIANCE-API.md, Signature), step by step.</summary>
internal sealed class Signer(string publicToken, Secret privateToken, DateFormat dateFormat = DateFormat.Spaced, bool signEncoded = false)
{
    internal SignatureHeaders Sign(ApplianceRequest request, DateTimeOffset now)
    {
        var date = RequestDate.Build(now, dateFormat);
        var stringToSign = StringToSign.Build(Request.Build(request, signEncoded), publicToken, date);
        return new SignatureHeaders(publicToken, date, Signature.Compute(privateToken, stringToSign));
    }
}
