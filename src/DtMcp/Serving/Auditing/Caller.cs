using System.Net;

namespace DtMcp.Serving.Auditing;

/// <summary>Who makes the call that is being answered. It goes with the request, through whatever answers it.</summary>
/// <param name="User">The subject; null when nobody is known.</param>
/// <param name="Identity">What vouches for them.</param>
/// <param name="Address">Where they ask from, as far as proxies that are believed say.</param>
internal sealed record Caller(string? User, string? Identity, IPAddress? Address)
{
    private static readonly AsyncLocal<Caller?> Now = new();

    public static Caller? Current => Now.Value;

    /// <summary>Called within the request's own flow, before it is answered.</summary>
    public static void Keep(HttpContext context) => Now.Value = Of(context);

    public static Caller Of(HttpContext context)
    {
        var identity = context.User.Identity;
        return new Caller(identity?.Name, identity?.AuthenticationType, context.Connection.RemoteIpAddress);
    }
}
