using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Signing;

/// <summary>What a check of the three DTAPI headers came to.</summary>
internal enum SignatureVerdict
{
    Accepted,
    SignatureError,
    DateError,
}

/// <summary>
/// The appliance's side of the signature, written apart from the client's so that the two prove each other:
/// <code>
/// DTAPI-Signature = lower hex of HMAC-SHA1(private token, PATH[?QUERY] LF public token LF DTAPI-Date)
/// </code>
/// The path counts exactly as transmitted; the query decoded, its pairs in the order in which they were sent. A body takes the place of the
/// query.
/// </summary>
internal sealed class SignatureCheck(string publicToken, string privateToken, SimulatorClock clock)
{
    private readonly byte[] _publicToken = Encoding.UTF8.GetBytes(publicToken);
    private readonly byte[] _privateToken = Encoding.UTF8.GetBytes(privateToken);

    /// <param name="target">The parts of the request line as sent.</param>
    /// <param name="body">The body as sent; empty for GET.</param>
    /// <param name="token">DTAPI-Token, or null.</param>
    /// <param name="date">DTAPI-Date, or null.</param>
    /// <param name="signature">DTAPI-Signature, or null.</param>
    public SignatureVerdict Check(RequestTarget target, ReadOnlySpan<byte> body, string? token, string? date, string? signature)
    {
        if (token is null || date is null || signature is null
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), _publicToken)
            || !IsSigned(target, body, date, signature))
        {
            return SignatureVerdict.SignatureError;
        }

        // A client beside a clock that stands still may go by its own, which runs.
        return DtapiDate.IsNear(date, clock.GetUtcNow()) || DtapiDate.IsNear(date, clock.Running)
            ? SignatureVerdict.Accepted
            : SignatureVerdict.DateError;
    }

    private bool IsSigned(RequestTarget target, ReadOnlySpan<byte> body, string date, string signature)
    {
        if (!body.IsEmpty)
        {
            return Matches($"{target.Path}?{Encoding.UTF8.GetString(body)}", date, signature);
        }

        // A client may send a space as '+', and a '+' as itself.
        return target.RawQuery is not { } query
            ? Matches(target.Path, date, signature)
            : Matches($"{target.Path}?{RequestTarget.Decode(query)}", date, signature)
                || (query.Contains('+', StringComparison.Ordinal)
                    && Matches($"{target.Path}?{RequestTarget.DecodePlus(query)}", date, signature));
    }

    [SuppressMessage("Security", "CA5350", Justification = "The appliance prescribes HMAC-SHA1.")]
    private bool Matches(string request, string date, string signature)
    {
        var text = Encoding.UTF8.GetBytes($"{request}\n{Encoding.UTF8.GetString(_publicToken)}\n{date}");
        var expected = Convert.ToHexStringLower(HMACSHA1.HashData(_privateToken, text));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature));
    }
}
