using System.Net.Http.Headers;

namespace DtMcp.Darktrace.Signing;

/// <summary>The three headers. <see cref="Date"/> is byte for byte the date that was signed.</summary>
internal readonly record struct SignatureHeaders(string Token, string Date, string Signature)
{
    internal const string TokenName = "DTAPI-Token";
    internal const string DateName = "DTAPI-Date";
    internal const string SignatureName = "DTAPI-Signature";

    /// <summary>Puts them on a request, in place of those of an earlier attempt.</summary>
    internal void ApplyTo(HttpRequestHeaders headers)
    {
        Replace(headers, TokenName, Token);
        Replace(headers, DateName, Date);
        Replace(headers, SignatureName, Signature);
    }

    /// <summary>Names only: the token is not for printing.</summary>
    public override string ToString() => $"{TokenName}, {DateName}, {SignatureName}";

    private static void Replace(HttpRequestHeaders headers, string name, string value)
    {
        headers.Remove(name);
        headers.TryAddWithoutValidation(name, value);
    }
}
