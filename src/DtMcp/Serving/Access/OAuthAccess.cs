using DtMcp.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DtMcp.Serving.Access;

/// <summary>
/// Those who have a token of the authorization server for this resource and scope (MCP, Authorization; RFC 9068, RFC 8725).
/// </summary>
internal sealed class OAuthAccess(OAuthOptions options, IssuerKeys keys, ProtectedResource resource, Func<Grants>? grants = null) : IAccess
{
    // Kestrel takes 32 KiB of headers; tokens with many groups reach 8 KiB.
    private const int LongestToken = 16 * 1024;

    // Clocks kept by NTP are closer; RFC 7519 4.1.4 allows a few minutes.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    // Keys of the issuer are public: a token signed with a shared secret could be signed with one of them by anybody (RFC 8725 2.1).
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LongestToken, MapInboundClaims = false };

    public async ValueTask<Admission> AdmitAsync(HttpContext context)
    {
        if (BearerHeader.Read(context.Request) is not { } text)
        {
            return Admission.Unknown(resource.Challenge(), "A token is needed; WWW-Authenticate says where from.");
        }

        // What is no token of the issuer's is refused before anything is fetched for it.
        if (Read(text) is not { } token)
        {
            return Wrong("it is no signed token");
        }

        if (!Algorithms.Contains(token.Alg, StringComparer.Ordinal) || token.TryGetHeaderValue<object>("crit", out _))
        {
            return Wrong("its algorithm is not allowed");
        }

        if (!IsIssuer(token.Issuer))
        {
            return Wrong("it is of another issuer");
        }

        IReadOnlyList<SecurityKey> known;
        try
        {
            known = await keys.ForAsync(token.Kid, context.RequestAborted);
        }
        catch (IssuerException)
        {
            return Admission.NotNow(IssuerKeys.SecondsToRetry, "The authorization server's keys cannot be read at the moment.");
        }

        var result = await _handler.ValidateTokenAsync(token, Expected(known, token.Kid));
        return result.IsValid ? Allowed(token) : Wrong(Reason(result.Exception));
    }

    private JsonWebToken? Read(string text)
    {
        try
        {
            return text.Length <= LongestToken && _handler.CanReadToken(text) && _handler.ReadJsonWebToken(text) is { IsSigned: true } token
                ? token
                : null;
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException or FormatException)
        {
            return null;
        }
    }

    private TokenValidationParameters Expected(IReadOnlyList<SecurityKey> known, string? keyId) => new()
    {
        ValidAlgorithms = Algorithms,
        IssuerSigningKeys = known,
        // A token that names its key is tried with that key alone.
        TryAllIssuerSigningKeys = string.IsNullOrEmpty(keyId),
        IssuerValidator = (issuer, _, _) => IsIssuer(issuer) ? issuer : throw new SecurityTokenInvalidIssuerException(),
        ValidAudience = options.Audience,
        RequireAudience = true,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        ClockSkew = ClockSkew,
    };

    private Admission Allowed(JsonWebToken token)
    {
        // RFC 8693 4.2 has scope as one text; Entra says scp, Okta a list of them.
        var scopes = token.Claims.Where(claim => claim.Type is "scope" or "scp").SelectMany(claim => claim.Value.Split(' '));
        if (!scopes.Contains(options.Scope, StringComparer.Ordinal))
        {
            return Admission.Forbidden(resource.Challenge("insufficient_scope", "the token lacks the scope"),
                $"The token lacks the scope {options.Scope}.");
        }

        var name = token.Claims.FirstOrDefault(claim => claim.Type == "sub")?.Value
            ?? token.Claims.FirstOrDefault(claim => claim.Type == "client_id")?.Value;
        return Admission.IsName(name) ? Admission.Of(name!, "oauth", grants?.Invoke(), Groups(token)) : Wrong("it names no subject");
    }

    // A list of scopes is one text with blanks; a group may have some in its name.
    private IEnumerable<string> Groups(JsonWebToken token)
    {
        var values = token.Claims.Where(claim => claim.Type == options.GroupsClaim).Select(claim => claim.Value);
        return options.GroupsClaim is "scope" or "scp" ? values.SelectMany(value => value.Split(' ')) : values;
    }

    private Admission Wrong(string why) =>
        Admission.Unknown(resource.Challenge("invalid_token", why), $"The token is not valid here: {why}.");

    // One slash at the end makes no other issuer, and settings are typed by hand.
    private bool IsIssuer(string? issuer) => issuer is not null && issuer.Length > 0
        && Plain(issuer).Equals(Plain(options.Issuer.OriginalString), StringComparison.Ordinal);

    private static string Plain(string issuer) => issuer.EndsWith('/') ? issuer[..^1] : issuer;

    private static string Reason(Exception? refusal) => refusal switch
    {
        SecurityTokenExpiredException => "it has expired",
        SecurityTokenNotYetValidException => "it is not valid yet",
        SecurityTokenNoExpirationException => "it never expires",
        SecurityTokenInvalidAudienceException => "it is for another audience",
        SecurityTokenInvalidIssuerException => "it is of another issuer",
        _ => "its signature does not hold",
    };
}
