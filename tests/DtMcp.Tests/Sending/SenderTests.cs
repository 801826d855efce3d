using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Sending;

public class SenderTests
{
    [Fact]
    public async Task A_compressed_answer_is_read()
    {
        await using var server = new TinyServer(async (stream, cancellationToken) =>
        {
            using var packed = new MemoryStream();
            await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            {
                await gzip.WriteAsync(Encoding.UTF8.GetBytes("""{"version":"7.1"}"""), cancellationToken);
            }

            await TinyServer.Raw(
                $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: " +
                $"{packed.Length}\r\nConnection: close\r\n\r\n")(stream, cancellationToken);
            await stream.WriteAsync(packed.ToArray(), cancellationToken);
        });
        using var client = Create(server.Http);

        Assert.Equal("7.1", (await client.GetStatusAsync(TestContext.Current.CancellationToken)).Version);
    }

    [Fact]
    public async Task The_appliances_clock_is_kept()
    {
        await using var server = new TinyServer(TinyServer.Json("{}"));
        using var client = Create(server.Http);
        Assert.Null(client.LastServerDate);

        await client.GetStatusAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Clients.Now, client.LastServerDate);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"version\":")]
    [InlineData("")]
    public async Task A_stalled_answer_ends_with_timeout(string begun)
    {
        await using var server = new TinyServer(TinyServer.Stalls(begun));
        using var client = Create(server.Http, static options => options with { Timeout = TimeSpan.FromMilliseconds(300) });

        var error = await Assert.ThrowsAsync<ApplianceException>(() => client.GetStatusAsync(TestContext.Current.CancellationToken));

        Assert.Equal("timeout", error.Code);
        Assert.Contains("0.3 seconds", error.Happened, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_own_cancellation_passes_through()
    {
        var reached = new TaskCompletionSource();
        await using var server = new TinyServer(async (stream, cancellationToken) =>
        {
            await TinyServer.Raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")(stream,
                cancellationToken);
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        using var client = Create(server.Http);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var asking = client.GetStatusAsync(cancel.Token);
        await reached.Task.WaitAsync(TestContext.Current.CancellationToken);
        await cancel.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
    }

    [Fact]
    public async Task A_cut_off_answer_is_a_bad_answer()
    {
        await using var server = new TinyServer(TinyServer.Raw(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"version\":"));
        using var client = Create(server.Http);

        var error = await Assert.ThrowsAsync<ApplianceException>(() => client.GetStatusAsync(TestContext.Current.CancellationToken));

        Assert.Equal("bad_answer", error.Code);
    }

    [Fact]
    public async Task A_refused_connection_is_unreachable()
    {
        var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var client = Create($"http://127.0.0.1:{port}");

        var error = await Assert.ThrowsAsync<ApplianceException>(() => client.GetStatusAsync(TestContext.Current.CancellationToken));

        Assert.Equal("unreachable", error.Code);
        Assert.Contains("retried 3 times", error.Happened, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_speaks_no_http_is_not_darktrace()
    {
        await using var server = new TinyServer(TinyServer.Raw("SSH-2.0-OpenSSH_9.9\r\n\r\n"));
        using var client = Create(server.Http);

        var error = await Assert.ThrowsAsync<ApplianceException>(() => client.GetStatusAsync(TestContext.Current.CancellationToken));

        Assert.Equal("not_darktrace", error.Code);
    }

    [Fact]
    public async Task No_more_requests_run_at_once_than_allowed()
    {
        var running = 0;
        var most = 0;
        var release = new TaskCompletionSource();
        var two = new TaskCompletionSource();
        await using var server = new TinyServer(async (stream, cancellationToken) =>
        {
            var now = Interlocked.Increment(ref running);
            most = Math.Max(most, now);
            if (now == 2)
            {
                two.TrySetResult();
            }

            await release.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref running);
            await TinyServer.Json("{}")(stream, cancellationToken);
        });
        using var client = Create(server.Http, static options => options with { MaxConcurrency = 2 });

        var asking = Enumerable.Range(0, 6).Select(_ => client.GetStatusAsync(TestContext.Current.CancellationToken)).ToArray();
        await two.Task.WaitAsync(TestContext.Current.CancellationToken);
        release.SetResult();
        await Task.WhenAll(asking);

        Assert.Equal(2, most);
    }

    public static TheoryData<DarktraceOptions> Unusable =>
    [
        Clients.Options("http://appliance.test"),
        Clients.Options("ftp://appliance.test"),
        Clients.Options("https://appliance.test/path"),
        Clients.Options("https://user:pass@appliance.test"),
        Clients.Options() with { PublicToken = "" },
        Clients.Options() with { PublicToken = "a\nb" },
        Clients.Options() with { PrivateToken = new Secret("line\n") },
        Clients.Options() with { Timeout = TimeSpan.Zero },
        Clients.Options() with { MaxConcurrency = 0 },
        Clients.Options() with { CaFile = "/nowhere/ca.pem" },
        Clients.Options() with { CertSha256 = "12:34" },
        Clients.Options() with { CertSha256 = "no hash" },
    ];

    [Theory]
    [MemberData(nameof(Unusable))]
    public void An_unusable_setting_is_refused_before_anything_is_sent(DarktraceOptions options)
    {
        var error = Assert.Throws<ApplianceException>(() => DarktraceClient.Create(options, TimeProvider.System, null));

        Assert.Equal("invalid_argument", error.Code);
        Assert.DoesNotContain("pass", error.Message, StringComparison.Ordinal);
    }

    private static DarktraceClient Create(string host, Func<DarktraceOptions, DarktraceOptions>? change = null) =>
        DarktraceClient.Create((change ?? (static options => options))(Clients.Options(host)), TimeProvider.System, null);
}
