using System.Security.Claims;
using DtMcp.Running;

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

    /// <summary>What they may use.</summary>
    public Reach Reach { get; private init; } = Reach.Everything;

    public int Status { get; private init; }

    /// <summary>What the client must bring (RFC 6750 3), for <c>WWW-Authenticate</c>.</summary>
    public string? Challenge { get; private init; }

    /// <summary>Seconds after which to ask again.</summary>
    public int? RetryAfter { get; private init; }

    public string Text { get; private init; } = "";

    /// <param name="name">The subject, as whoever vouches for it has it.</param>
    /// <param name="by">What vouches for it.</param>
    /// <param name="reach">What they may use.</param>
    public static Admission Of(string name, string by, Reach reach) => new()
    {
        Who = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], by)),
        Reach = reach,
    };

    /// <summary>Somebody who is known, as far as the grants let them.</summary>
    /// <param name="name">The subject, as whoever vouches for it has it.</param>
    /// <param name="by">What vouches for it.</param>
    /// <param name="grants">Who may use what; null where everybody may use everything.</param>
    /// <param name="groups">The groups that they are in.</param>
    public static Admission Of(string name, string by, Grants? grants, IEnumerable<string> groups) =>
        (grants is null ? Reach.Everything : grants.Of(name, groups)) is { } reach
            ? Of(name, by, reach)
            : Forbidden(null, "There is nothing here that you may use. Ask whoever runs this server.");

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
