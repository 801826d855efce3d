using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Sending;
using DtMcp.Running;
using DtMcp.Tests.Serving.Access;
using DtMcp.Tests.Support;
using DtMcp.Traffic;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Tests.Serving.Attacks;

/// <summary>
/// An appliance that was taken over, asked through <c>serve</c>: a named error, bounded memory, and nothing of ours for others.
/// </summary>
[Collection(nameof(Alone))]
public sealed class HostileApplianceTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";

    // An answer of 300 connections is a tenth of it; what grows without end is many times more.
    private const long MostMemory = 256L << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Bodies => new()
    {
        { "connections without end", "timeout" },
        { "one connection without end", "bad_answer" },
        { "blanks without end", "bad_answer" },
        { "a bomb", "bad_answer" },
        { "a bomb of connections", "timeout" },
        { "one byte a second", "timeout" },
    };

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Bodies))]
    public async Task An_answer_without_end_is_a_named_error_in_bounded_memory(string kind, string code)
    {
        await using var appliance = new TinyServer((_, stream, token) => SendAsync(kind, stream, token));
        await using var served = await ServeAsync(appliance.Http, options => options);
        GC.Collect();
        var most = GC.GetTotalMemory(forceFullCollection: true) + MostMemory;
        var asking = served.ToolAsync("summarize_network_traffic", """{"last":"1h","evidence":"network"}""");
        var seen = 0L;
        while (!asking.IsCompleted)
        {
            seen = Math.Max(seen, GC.GetTotalMemory(forceFullCollection: false));
            await Task.WhenAny(asking, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        var said = await asking;
        Assert.True(said.StartsWith(code + ": ", StringComparison.Ordinal) || said.StartsWith("timeout: ", StringComparison.Ordinal), said);
        Assert.InRange(seen, 0, most);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{port}/network")]
    [InlineData("//127.0.0.1:{port}/")]
    [InlineData("https://127.0.0.1:{port}/")]
    public async Task A_redirect_elsewhere_takes_no_credentials_there(string location)
    {
        ConcurrentQueue<string> reached = [];
        await using var elsewhere = new TinyServer(async (target, stream, token) =>
        {
            reached.Enqueue(target);
            await TinyServer.Json("{}")(stream, token);
        });
        var to = location.Replace("{port}", $"{elsewhere.Port}", StringComparison.Ordinal);
        foreach (var status in new[] { "301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect" })
        {
            await using var appliance = new TinyServer(TinyServer.Raw(
                $"HTTP/1.1 {status}\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            await using var served = await ServeAsync(appliance.Http, options => options);
            var said = await served.ToolAsync("find_devices", """{"query":"a"}""");
            Assert.Matches("^[a-z_]+: ", said);
            Assert.DoesNotContain($"{elsewhere.Port}", said, StringComparison.Ordinal);
            Assert.DoesNotContain(Clients.PublicToken, said, StringComparison.Ordinal);
        }

        Assert.Empty(reached);
    }

    [Fact]
    public async Task A_certificate_that_changes_in_mid_session_is_not_trusted_and_gets_no_token()
    {
        using var first = Certificate();
        using var second = Certificate();
        ConcurrentQueue<string> asked = [];
        await using var appliance = new TinyServer(async (target, stream, token) =>
        {
            asked.Enqueue(target);
            await TinyServer.Json("[]")(stream, token);
        }, first);
        await using var served = await ServeAsync(appliance.Https, options => options with
        {
            CertSha256 = first.GetCertHashString(HashAlgorithmName.SHA256),
        });
        await served.ToolAsync("list_filter_values", """{"kind":"subnets"}""");
        var before = asked.Count;
        Assert.NotEqual(0, before);

        appliance.Certificate = second;
        var said = await served.ToolAsync("find_devices", """{"query":"a"}""");
        Assert.StartsWith("untrusted_certificate: ", said, StringComparison.Ordinal);
        Assert.Contains("not the pinned one", said, StringComparison.Ordinal);
        Assert.Equal(before, asked.Count);

        appliance.Certificate = first;
        await served.ToolAsync("find_devices", """{"query":"a"}""");
        Assert.True(asked.Count > before);
    }

    private static async Task<Served> ServeAsync(string host, Func<DarktraceOptions, DarktraceOptions> change)
    {
        var client = DarktraceClient.Create(
            change(Clients.Options(host) with { Timeout = TimeSpan.FromSeconds(2) }), TimeProvider.System, null);
        var investigator = new Investigator(
            new InvestigatorOptions { Appliance = "hostile", MaxFlows = 10_000, MaxHosts = 10_000 }, client, TimeProvider.System);
        return await Served.StartAsync(
            new ToolRunner(new Investigators([new("hostile", investigator, client)], TimeProvider.System), NullLoggerFactory.Instance),
            TimeProvider.System, []);
    }

    private static async Task SendAsync(string kind, Stream stream, CancellationToken token)
    {
        switch (kind)
        {
            case "connections without end":
                await WriteAsync(stream, $"{Head}\r\n[", token);
                await ForeverAsync(stream, Encoding.ASCII.GetBytes(Rows(1_000)), token);
                break;
            case "one connection without end":
                await WriteAsync(stream, $"{Head}\r\n[{{\"source\":\"", token);
                await ForeverAsync(stream, new byte[64 * 1024].Select(_ => (byte)'a').ToArray(), token);
                break;
            case "blanks without end":
                await WriteAsync(stream, $"{Head}\r\n", token);
                await ForeverAsync(stream, new byte[64 * 1024].Select(_ => (byte)' ').ToArray(), token);
                break;
            case "one byte a second":
                await WriteAsync(stream, $"{Head}\r\n[", token);
                while (true)
                {
                    await WriteAsync(stream, " ", token);
                    await Task.Delay(TimeSpan.FromSeconds(1), token);
                }

            default:
                await WriteAsync(stream, $"{Head}Content-Encoding: gzip\r\n\r\n", token);
                var zip = new GZipStream(stream, CompressionLevel.Optimal);
                await zip.WriteAsync("["u8.ToArray(), token);
                var part = kind == "a bomb" ? new byte[1 << 20] : Encoding.ASCII.GetBytes(Rows(10_000));
                await ForeverAsync(zip, part, token);
                break;
        }
    }

    private static string Rows(int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append("{\"timems\":1768464000000,\"source\":\"10.")
                .Append(CultureInfo.InvariantCulture, $"{i / 65536}.{i / 256 % 256}.{i % 256}\",")
                .Append(CultureInfo.InvariantCulture, $"\"destination\":\"203.0.113.{i % 256}\",\"size\":10}},");
        }

        return text.ToString();
    }

    private static async Task ForeverAsync(Stream stream, byte[] part, CancellationToken token)
    {
        while (true)
        {
            await stream.WriteAsync(part, token);
        }
    }

    private static async Task WriteAsync(Stream stream, string text, CancellationToken token)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), token);
        await stream.FlushAsync(token);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
