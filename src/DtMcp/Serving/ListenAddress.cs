using System.Net;
using DtMcp.Configuration;
using DtMcp.Tools.Arguments;

namespace DtMcp.Serving;

/// <summary>Where <c>serve</c> listens: plain HTTP on an address; TLS is for a proxy in front.</summary>
internal sealed record ListenAddress(IReadOnlyList<IPEndPoint> Points, bool IsLoopback)
{
    /// <summary>
    /// Addresses with <c>;</c> between them. A name other than <c>localhost</c> is refused: the web server would take it for every
    /// interface.
    /// </summary>
    public static ListenAddress Parse(string text)
    {
        List<IPEndPoint> points = [];
        foreach (var url in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // * and + mean every interface, as everywhere in ASP.NET Core.
            var plain = url.Replace("://*", "://[::]", StringComparison.Ordinal).Replace("://+", "://[::]", StringComparison.Ordinal);
            if (!Uri.TryCreate(plain, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/")
            {
                throw new SetupException(
                    $"--urls {Refusal.Shown(url)} is no place to listen. Give http://127.0.0.1:8080, or another address and port; for " +
                    $"TLS put a proxy in front.");
            }

            var name = uri.Host.Trim('[', ']');
            var address = name == "localhost" ? IPAddress.Loopback
                : IPAddress.TryParse(name, out var parsed) ? parsed
                : throw new SetupException(
                    $"--urls {Refusal.Shown(url)} names a host. Give the address of the interface, such as http://127.0.0.1:8080.");
            points.Add(new IPEndPoint(address, uri.Port));
        }

        return points.Count > 0
            ? new ListenAddress(points, points.TrueForAll(point => IPAddress.IsLoopback(point.Address)))
            : throw new SetupException("--urls is empty. Give http://127.0.0.1:8080, or another address and port.");
    }
}
