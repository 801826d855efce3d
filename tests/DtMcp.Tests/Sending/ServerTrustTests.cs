using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Sending;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Sending;

public sealed class ServerTrustTests : IDisposable
{
    private readonly string _caFile = Path.GetTempFileName();
    private readonly X509Certificate2 _authority = Authority("CN=Test CA");

    public ServerTrustTests() => File.WriteAllText(_caFile, _authority.ExportCertificatePem());

    [Fact]
    public async Task A_certificate_of_nobody_known_is_not_trusted()
    {
        var error = await FailAsync(Leaf(_authority, "localhost"), static options => options);

        Assert.Equal("untrusted_certificate", error.Code);
        Assert.Contains("no trusted authority", error.Happened, StringComparison.Ordinal);
        Assert.Contains("DARKTRACE_CA_FILE", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_certificate_of_the_private_authority_is_trusted() =>
        SucceedAsync(Leaf(_authority, "localhost"), options => options with { CaFile = _caFile });

    [Fact]
    public async Task A_certificate_of_another_authority_is_not_trusted()
    {
        using var other = Authority("CN=Other CA");

        Assert.Equal("untrusted_certificate",
            (await FailAsync(Leaf(other, "localhost"), options => options with { CaFile = _caFile })).Code);
    }

    [Fact]
    public async Task The_private_authority_does_not_excuse_another_name() =>
        Assert.Contains("another host name",
            (await FailAsync(Leaf(_authority, "other.test"), options => options with { CaFile = _caFile })).Happened,
            StringComparison.Ordinal);

    [Fact]
    public async Task The_private_authority_does_not_excuse_age() =>
        Assert.Contains("expired",
            (await FailAsync(Leaf(_authority, "localhost", -20, -10), options => options with { CaFile = _caFile })).Happened,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_pinned_certificate_is_trusted_without_an_authority()
    {
        var leaf = Leaf(_authority, "localhost");
        var pin = string.Join(':', leaf.GetCertHashString(HashAlgorithmName.SHA256).Chunk(2).Select(static pair => new string(pair)));

        await SucceedAsync(leaf, options => options with { CertSha256 = pin });
    }

    [Fact]
    public async Task Any_other_certificate_than_the_pinned_one_is_refused() =>
        Assert.Contains(
            "not the pinned one",
            (await FailAsync(Leaf(_authority, "localhost"),
                options => options with { CaFile = _caFile, CertSha256 = new string('a', 64) })).Happened,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_port_without_tls_is_unreachable()
    {
        await using var server = new TinyServer(TinyServer.Json("{}"));
        using var client = DarktraceClient.Create(Clients.Options(server.Https) with { Timeout = TimeSpan.FromSeconds(1) },
            TimeProvider.System, null);

        var error = await Assert.ThrowsAsync<ApplianceException>(() => client.GetStatusAsync(TestContext.Current.CancellationToken));

        Assert.True(error.Error is ApplianceError.Unreachable or ApplianceError.Timeout, error.Message);
    }

    public void Dispose()
    {
        _authority.Dispose();
        File.Delete(_caFile);
    }

    private static async Task SucceedAsync(X509Certificate2 certificate, Func<DarktraceOptions, DarktraceOptions> change)
    {
        await using var server = new TinyServer(TinyServer.Json("""{"version":"6.1"}"""), certificate);
        using var client = DarktraceClient.Create(change(Clients.Options(server.Https)), TimeProvider.System, null);

        Assert.Equal("6.1", (await client.GetStatusAsync(TestContext.Current.CancellationToken)).Version);
    }

    private static async Task<ApplianceException> FailAsync(X509Certificate2 certificate, Func<DarktraceOptions, DarktraceOptions> change)
    {
        await using var server = new TinyServer(TinyServer.Json("{}"), certificate);
        using var client = DarktraceClient.Create(change(Clients.Options(server.Https)), TimeProvider.System, null);

        var error = await Assert.ThrowsAsync<ApplianceException>(() => client.GetStatusAsync(TestContext.Current.CancellationToken));
        Assert.Equal("untrusted_certificate", error.Code);
        return error;
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));
    }

    private static X509Certificate2 Leaf(X509Certificate2 authority, string host, int fromDay = -1, int toDay = 10)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        var now = TimeProvider.System.GetUtcNow();
        using var signed = request.Create(authority, now.AddDays(fromDay), now.AddDays(toDay), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}
