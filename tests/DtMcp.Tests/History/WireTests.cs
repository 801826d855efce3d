using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DtMcp.History.Wire;

namespace DtMcp.Tests.History;

/// <summary>The wire to ClickHouse: encrypted, compressed, and nothing left running on the server.</summary>
[Collection(nameof(ClickHouse))]
public sealed class WireTests(ClickHouse server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_tls_a_server_is_trusted_by_the_authority_in_a_file_and_else_refused()
    {
        var options = server.Options();
        await using var tls = new TlsFront(options.Nodes[0]);
        using var trusting = new HistoryServer(options with { CaFile = tls.CaFile }, tls.Address, TimeProvider.System);
        using var strict = new HistoryServer(options with { Pause = TimeSpan.Zero }, tls.Address, TimeProvider.System);
        var question = Sql.Of($"SELECT 1, toUInt64(42) FORMAT RowBinary");
        Assert.Equal([42UL], await trusting.ReadAsync(question, row => row.U64(), Token));
        await Assert.ThrowsAsync<HistoryException>(() => strict.ReadAsync(question, row => row.U64(), Token));
    }

    [Fact]
    public async Task To_a_server_that_is_not_near_rows_go_and_come_compressed()
    {
        var options = server.Options();
        using var owner = await ClickHouse.OpenAsync(options);
        var seen = new Renamed(options.Nodes[0]);
        using var far = new HistoryServer(options, new Uri("http://history.test:8123"), TimeProvider.System, seen);
        var (table, rows) = (Sql.Of($"{Sql.Name(options.Database)}.migrations (day, version)"), new RowBinaryWriter());
        for (var version = 100U; version < 5_100; version++)
        {
            rows.Date(0);
            rows.U32(version);
        }

        far.Insert(table, rows.Rows, Token);
        var read = await far.ReadAsync(
            Sql.Of($"""
                SELECT 1, version FROM {Sql.Name(options.Database)}.migrations WHERE version >= 100 ORDER BY version FORMAT RowBinary
                """),
            row => row.U32(), Token);
        Assert.Equal(Enumerable.Range(100, 5_000).Select(version => (uint)version), read);
        Assert.Contains("gzip", seen.Sent);
        Assert.InRange(seen.BytesSent, 1, rows.Length / 2);
        Assert.Contains("gzip", seen.Taken);
    }

    [Fact]
    public async Task A_question_that_nobody_waits_for_is_ended_on_the_server()
    {
        var options = server.Options();
        var reader = server.As(options, "reader");
        using var wire = new HistoryServer(reader, options.Nodes[0], TimeProvider.System);
        using var watching = new HistoryServer(options, options.Nodes[0], TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var endless = wire.ReadAsync(
            Sql.Of($"SELECT 1, count() FROM system.numbers WHERE number % 7 = 8 FORMAT RowBinary"), row => row.U64(), stop.Token);
        while (await RunningAsync() == 0)
        {
            Token.ThrowIfCancellationRequested();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless);
        while (await RunningAsync() > 0)
        {
            Token.ThrowIfCancellationRequested();
        }

        async Task<ulong> RunningAsync() => (await watching.ReadAsync(
            Sql.Of($"SELECT 1, count() FROM system.processes WHERE user = {"reader"} FORMAT RowBinary"), row => row.U64(), Token))[0];
    }

    /// <summary>A name that stands for a node, and what went over the wire under it.</summary>
    private sealed class Renamed(Uri node) : DelegatingHandler
    {
        public List<string> Sent { get; } = [];

        public List<string> Taken { get; } = [];

        public long BytesSent { get; private set; }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            BytesSent += request.Content!.Headers.ContentLength ?? 0;
            return Noted(base.Send(To(request), cancellationToken));
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Noted(await base.SendAsync(To(request), cancellationToken));

        private HttpRequestMessage To(HttpRequestMessage request)
        {
            Sent.AddRange(request.Content!.Headers.ContentEncoding);
            request.RequestUri = new Uri(node, request.RequestUri!.PathAndQuery);
            return request;
        }

        // The headers of what was unpacked are gone; the content's type still says what it was.
        private HttpResponseMessage Noted(HttpResponseMessage response)
        {
            Taken.Add(response.Content.GetType().Name.Contains("GZip", StringComparison.Ordinal) ? "gzip" : "plain");
            return response;
        }
    }

    /// <summary>Takes TLS away in front of a node, with a certificate of an authority of its own.</summary>
    private sealed class TlsFront : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private readonly X509Certificate2 _certificate;
        private readonly Uri _node;
        private readonly Task _serving;

        public TlsFront(Uri node)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var authority = new CertificateRequest("CN=history authority", key, HashAlgorithmName.SHA256);
            authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            using var root = authority.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", own, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
            using var signed = request.Create(root, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [1, 2, 3, 4]);
            using var whole = signed.CopyWithPrivateKey(own);
            _certificate = X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
            CaFile = Path.GetTempFileName();
            File.WriteAllText(CaFile, root.ExportCertificatePem());
            _listener.Start();
            (_node, _serving) = (node, ServeAsync());
        }

        public string CaFile { get; }

        public Uri Address => new($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _listener.Stop();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _certificate.Dispose();
            _end.Dispose();
            File.Delete(CaFile);
        }

        private async Task ServeAsync()
        {
            while (true)
            {
                _ = PassAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }

        private async Task PassAsync(TcpClient client)
        {
            using (client)
            {
                try
                {
                    await using var tls = new SslStream(client.GetStream());
                    await tls.AuthenticateAsServerAsync(
                        new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
                    using var node = new TcpClient();
                    await node.ConnectAsync(_node.Host, _node.Port, _end.Token);
                    await Task.WhenAny(tls.CopyToAsync(node.GetStream(), _end.Token), node.GetStream().CopyToAsync(tls, _end.Token));
                }
                catch (Exception gone) when (gone is IOException or AuthenticationException or OperationCanceledException)
                {
                    // Whoever does not trust hangs up.
                }
            }
        }
    }
}
