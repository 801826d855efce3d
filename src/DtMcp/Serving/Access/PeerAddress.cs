using System.Net;

namespace DtMcp.Serving.Access;

/// <summary>
/// Who holds the other end of the connection. The request's own remote address becomes the client's where a proxy that is believed says so.
/// </summary>
internal sealed record PeerAddress(IPAddress? Address)
{
    public static void Keep(HttpContext context) => context.Features.Set(new PeerAddress(context.Connection.RemoteIpAddress));

    public static IPAddress? Of(HttpContext context) => context.Features.Get<PeerAddress>()?.Address;
}
