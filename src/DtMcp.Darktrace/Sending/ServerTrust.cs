using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DtMcp.Darktrace.Errors;

namespace DtMcp.Darktrace.Sending;

/// <summary>
/// Which certificates are taken: those the system trusts, those of a private CA beside them, or exactly one by its SHA-256. It remembers
/// why the last one was refused, for the error.
/// </summary>
internal sealed class ServerTrust
{
    private readonly X509Certificate2Collection? _authorities;
    private readonly byte[]? _pin;
    private volatile string? _refusal;

    private ServerTrust(X509Certificate2Collection? authorities, byte[]? pin)
    {
        _authorities = authorities;
        _pin = pin;
    }

    /// <summary>Why the last certificate was refused, or null.</summary>
    internal string? Refusal => _refusal;

    /// <summary>The same for another connection, of which it does not know yet what was refused.</summary>
    internal ServerTrust Anew() => new(_authorities, _pin);

    internal static ServerTrust Create(DarktraceOptions options) =>
        new(options.CaFile is { } file ? Load(file) : null, options.CertSha256 is { } pin ? ParsePin(pin) : null);

    /// <summary>Those of a PEM file beside the system's; null for these alone.</summary>
    internal static ServerTrust Beside(string? caFile) => new(caFile is null ? null : Load(caFile), null);

    internal bool Accepts(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _refusal = Refuse(certificate as X509Certificate2, chain, errors);
        return _refusal is null;
    }

    private string? Refuse(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "it sent none";
        }

        if (_pin is not null && !CryptographicOperations.FixedTimeEquals(_pin, SHA256.HashData(certificate.RawDataMemory.Span)))
        {
            return "it is not the pinned one";
        }

        if (errors == SslPolicyErrors.None || (_pin is not null && _authorities is null))
        {
            return null;
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return "it is for another host name";
        }

        return IsFromAuthority(certificate, chain) ? null : Describe(chain);
    }

    // Revocation is left to the system's own check: a private CA seldom publishes any.
    private bool IsFromAuthority(X509Certificate2 certificate, X509Chain? sent)
    {
        if (_authorities is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(certificate);
    }

    private static string Describe(X509Chain? chain)
    {
        var flags = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, static (all, one) => all | one.Status);
        return flags.HasFlag(X509ChainStatusFlags.NotTimeValid)
            ? "it has expired or is not valid yet"
            : flags.HasFlag(X509ChainStatusFlags.Revoked) ? "it is revoked" : "no trusted authority has signed it";
    }

    private static X509Certificate2Collection Load(string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Unusable("The CA file cannot be read.", error);
        }

        return authorities.Count > 0 ? authorities : throw Unusable("The CA file holds no certificate.", null);
    }

    private static byte[] ParsePin(string pin)
    {
        try
        {
            var hash = Convert.FromHexString(pin.Replace(":", "", StringComparison.Ordinal).Trim());
            return hash.Length == SHA256.HashSizeInBytes ? hash : throw Wrong(null);
        }
        catch (FormatException error)
        {
            throw Wrong(error);
        }

        static ApplianceException Wrong(Exception? inner) => new(
            ApplianceError.InvalidArgument,
            "The pinned certificate is not a SHA-256.",
            "Give 64 hex digits, as openssl x509 -noout -fingerprint -sha256 prints them.",
            inner);
    }

    private static ApplianceException Unusable(string happened, Exception? inner) =>
        new(ApplianceError.InvalidArgument, happened, "Give a readable PEM file with BEGIN CERTIFICATE in it.", inner);
}
