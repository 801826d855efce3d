using System.Net;
using DtMcp.Configuration;
using DtMcp.Tools.Arguments;

namespace DtMcp.Serving;

/// <summary>Where <c>serve</c> listens: on addresses, each plain or with TLS.</summary>
internal sealed record ListenAddress(IReadOnlyList<ListenAddress.Point> Points)
{
    /// <summary>One address and port.</summary>
    internal sealed record Point(IPEndPoint At, bool IsTls);

    public bool IsLoopback => Points.All(point => IPAddress.IsLoopback(point.At.Address));

    /// <summary>
    /// Addresses with <c>;</c> between them. A name other than <c>localhost</c> is refused: the web server would take it for every
    /// interface.
    /// </summary>
    public static ListenAddress Parse(string text)
    {
        List<Point> points = [];
        foreach (var url in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // * and + mean every interface, as everywhere in ASP.NET Core.
            var plain = url.Replace("://*", "://[::]", StringComparison.Ordinal).Replace("://+", "://[::]", StringComparison.Ordinal);
            if (!Uri.TryCreate(plain, UriKind.Absolute, out var uri) || uri.PathAndQuery != "/"
                || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            {
                throw new SetupException(
                    $"--urls {Refusal.Shown(url)} is no place to listen. Give http://127.0.0.1:8080, or another address and port.");
            }

            var name = uri.Host.Trim('[', ']');
            var address = name == "localhost" ? IPAddress.Loopback
                : IPAddress.TryParse(name, out var parsed) ? parsed
                : throw new SetupException(
                    $"--urls {Refusal.Shown(url)} names a host. Give the address of the interface, such as http://127.0.0.1:8080.");
            points.Add(new Point(new IPEndPoint(address, uri.Port), uri.Scheme == Uri.UriSchemeHttps));
        }

        return points.Count > 0
            ? new ListenAddress(points)
            : throw new SetupException("--urls is empty. Give http://127.0.0.1:8080, or another address and port.");
    }

    /// <summary>Whether it may listen there with these settings.</summary>
    /// <exception cref="SetupException">It may not.</exception>
    public void Check(ServingOptions options)
    {
        if (!IsLoopback && options.Identity == IdentityKind.None)
        {
            throw new SetupException(
                $"serve listens beyond loopback only when it knows who asks. Set {OptionCatalog.TokensFile.Name} or " +
                $"{OptionCatalog.BearerToken.Name}{OptionCatalog.FileSuffix}, or {OptionCatalog.Identity.Name}=oauth or header, or " +
                "listen on 127.0.0.1.");
        }

        var isTls = Points.Any(point => point.IsTls);
        if (isTls && options.Tls is null)
        {
            throw new SetupException(
                $"--urls has an https address, and there is no certificate. Set {OptionCatalog.TlsCertFile.Name} and " +
                $"{OptionCatalog.TlsKeyFile.Name}, or listen on http and put a proxy with TLS in front.");
        }

        if (!isTls && options.Tls is not null)
        {
            throw new SetupException(
                $"{OptionCatalog.TlsCertFile.Name} is set, and --urls has no https address. Give one, such as https://0.0.0.0:8443.");
        }
    }
}
