using System.Security.Claims;

namespace DtMcp.Serving.Access;

/// <summary>Judges who asks.</summary>
internal interface IAccess
{
    ValueTask<Admission> AdmitAsync(HttpContext context);
}

/// <summary>Who asks, or how they are refused.</summary>
internal sealed record Admission
{
    // A subject goes into audit lines and keys of limits.
    private const int LongestName = 256;

    /// <summary>Null when refused.</summary>
    public ClaimsPrincipal? Who { get; private init; }

    public int Status { get; private init; }

    /// <summary>What the client must bring (RFC 6750 3), for <c>WWW-Authenticate</c>.</summary>
    public string? Challenge { get; private init; }

    /// <summary>Seconds after which to ask again.</summary>
    public int? RetryAfter { get; private init; }

    public string Text { get; private init; } = "";

    /// <param name="name">The subject, as whoever vouches for it has it.</param>
    /// <param name="by">What vouches for it.</param>
    public static Admission Of(string name, string by) => new()
    {
        Who = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], by)),
    };

    public static Admission Unknown(string challenge, string text) => new()
    {
        Status = StatusCodes.Status401Unauthorized,
        Challenge = challenge,
        Text = text,
    };

    public static Admission Forbidden(string? challenge, string text) => new()
    {
        Status = StatusCodes.Status403Forbidden,
        Challenge = challenge,
        Text = text,
    };

    public static Admission NotNow(int retryAfter, string text) => new()
    {
        Status = StatusCodes.Status503ServiceUnavailable,
        RetryAfter = retryAfter,
        Text = text,
    };

    /// <summary>Whether a text can be the name of a subject.</summary>
    public static bool IsName(string? text) => text is { Length: > 0 and <= LongestName } && !text.Any(char.IsControl);
}
