using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DtMcp.Configuration;
using DtMcp.Tests.Running;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Serving.Access;

public sealed class ServerCertificateTests(DemoInvestigators demo) : IClassFixture<DemoInvestigators>, IDisposable
{
    private readonly string _cert = Path.GetTempFileName();
    private readonly string _key = Path.GetTempFileName();
    private readonly FakeTimeProvider _clock = new();

    private (string Name, string Value)[] Settings => [("DTMCP_TLS_CERT_FILE", _cert), ("DTMCP_TLS_KEY_FILE", _key)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        File.Delete(_cert);
        File.Delete(_key);
    }

    [Fact]
    public async Task It_answers_over_tls_and_takes_a_renewed_certificate()
    {
        var first = await WriteAsync("CN=first");
        await using var served = await Served.StartAsync(demo, _clock, Settings, "https://127.0.0.1:0");
        using (var response = await served.AskAsync())
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(first, await ShownAsync(served));
        var second = await WriteAsync("CN=second");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(second, await ShownAsync(served));
    }

    [Fact]
    public async Task A_renewal_that_is_half_written_keeps_the_certificate_that_was_good()
    {
        var first = await WriteAsync("CN=first");
        var cert = await File.ReadAllTextAsync(_cert, Token);
        await using var served = await Served.StartAsync(demo, _clock, Settings, "https://127.0.0.1:0");
        await WriteAsync("CN=second");
        await File.WriteAllTextAsync(_cert, cert, Token);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(first, await ShownAsync(served));
        Assert.Contains("DTMCP_TLS_CERT_FILE has changed and cannot be taken", served.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1:0", false, "there is no certificate")]
    [InlineData("http://127.0.0.1:0", true, "has no https address")]
    public async Task An_address_and_its_certificate_come_together(string urls, bool hasCertificate, string says)
    {
        await WriteAsync("CN=first");
        var refused = await Assert.ThrowsAsync<SetupException>(() =>
            Served.StartAsync(demo, _clock, hasCertificate ? Settings : [], urls));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_no_pair_stop_the_start()
    {
        await WriteAsync("CN=first");
        await File.WriteAllTextAsync(_key, "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----", Token);
        var refused = await Assert.ThrowsAsync<SetupException>(() => Served.StartAsync(demo, _clock, Settings, "https://127.0.0.1:0"));
        Assert.Contains("no certificate and its key", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> ShownAsync(Served served)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, served.Base.Port, Token);
        var shown = "";
        await using var secure = new SslStream(client.GetStream(), false, (_, certificate, _, _) =>
        {
            shown = certificate!.Subject;
            return shown.Length > 0;
        });
        await secure.AuthenticateAsClientAsync("localhost");
        return shown;
    }

    private async Task<string> WriteAsync(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1),
            now.AddDays(1));
        await File.WriteAllTextAsync(_cert, certificate.ExportCertificatePem(), Token);
        await File.WriteAllTextAsync(_key, key.ExportPkcs8PrivateKeyPem(), Token);
        return subject;
    }
}
