using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DtMcp.Configuration;

namespace DtMcp.Serving.Access;

/// <summary>The certificate that serve shows, with its chain; renewed files are taken with the next connection.</summary>
internal static class ServerCertificate
{
    // Stands between the two files, in no PEM.
    private const string Between = "\0";

    /// <exception cref="SetupException">The files cannot be read, or do not belong together.</exception>
    public static WatchedFile<SslServerAuthenticationOptions> Open(string certFile, string keyFile, TimeProvider clock, ILogger logger) =>
        new(OptionCatalog.TlsCertFile.Name,
            () => string.Concat(SecretFile.Read(OptionCatalog.TlsCertFile.Name, certFile), Between,
                SecretFile.Read(OptionCatalog.TlsKeyFile.Name, keyFile)),
            Parse, clock, logger);

    private static SslServerAuthenticationOptions Parse(string text)
    {
        var between = text.IndexOf(Between, StringComparison.Ordinal);
        var chain = new X509Certificate2Collection();
        try
        {
            var certificate = X509Certificate2.CreateFromPem(text.AsSpan(0, between), text.AsSpan(between + Between.Length));
            chain.ImportFromPem(text.AsSpan(0, between));
            if (OperatingSystem.IsWindows())
            {
                // Schannel takes no key that lives in memory alone.
                certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
            }

            return new SslServerAuthenticationOptions
            {
                // Offline: what is not in the file is not fetched from wherever the certificate says.
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            };
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            throw new SetupException(
                $"{OptionCatalog.TlsCertFile.Name} and {OptionCatalog.TlsKeyFile.Name} are no certificate and its key. Give two PEM " +
                "files of one pair, the key without a password.");
        }
    }
}
