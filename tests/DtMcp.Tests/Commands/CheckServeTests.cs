using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DtMcp.Commands.Checking;
using DtMcp.Configuration;
using DtMcp.Serving.Access;
using DtMcp.Tests.Serving.Access;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Commands;

/// <summary><c>dtmcp check</c> over what only <c>serve</c> uses.</summary>
public sealed class CheckServeTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("dtmcp-check").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Who_is_not_set_up_to_serve_hears_nothing_of_it() =>
        Assert.Empty(await RunAsync(("DARKTRACE_TIMEOUT", "30"), ("DTMCP_CACHE_MB", "64")));

    [Fact]
    public async Task Who_may_use_what_is_told_and_no_token()
    {
        var (token, line) = TokenList.Make("alice", "tools=hunt_traffic", "appliances=london");
        var file = Write("tokens", $"{line}\n{TokenList.Make("bob").Line}\n");
        var found = await RunAsync(("DTMCP_TOKENS_FILE", file));
        Assert.Equal("bearer", Of(found, "DTMCP_IDENTITY").Detail);
        Assert.Equal("2 tokens of 2 users", Of(found, "DTMCP_TOKENS_FILE").Detail);
        Assert.Equal("hunt_traffic on london", Of(found, "alice").Detail);
        Assert.Equal("all tools on all appliances", Of(found, "bob").Detail);
        Assert.All(found, one => Assert.Equal(ServeFinding.Ok, one.Result));
        var said = string.Join(' ', found);
        Assert.DoesNotContain(token, said, StringComparison.Ordinal);
        Assert.DoesNotContain(line.Split(' ')[1], said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no such modes there.");
        var open = Write("tokens", "alice 1234", UnixFileMode.OtherRead);
        var found = await RunAsync(("DTMCP_TOKENS_FILE", open), ("DTMCP_CURSOR_KEY_FILE", Write("cursors", "short")),
            ("DTMCP_AUDIT", Path.Combine(_folder, "none", "audit.jsonl")), ("DTMCP_TRUSTED_PROXIES", "0.0.0.0/0"),
            ("OTEL_METRICS_EXPORTER", "smoke"));
        (string, string)[] wrong =
        [
            ("DTMCP_TOKENS_FILE", "Line 1 "), ("DTMCP_CURSOR_KEY_FILE", "Line 1 "), ("DTMCP_AUDIT", "The folder"),
            ("DTMCP_TRUSTED_PROXIES", "nearly everybody"), ("OTEL_*", "smoke"), ("files", "other users may read it"),
        ];
        foreach (var (check, says) in wrong)
        {
            Assert.Equal(ServeFinding.Mend, Of(found, check).Result);
            Assert.Contains(says, Of(found, check).Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(-1, "has expired")]
    [InlineData(5, "expires soon, on 2026-01-20")]
    [InlineData(90, "good until 2026-04-15")]
    public async Task A_certificate_is_told_by_its_end(int days, string says)
    {
        var found = await RunAsync(Certificate(days));
        var one = Of(found, "DTMCP_TLS_CERT_FILE");
        Assert.Contains(says, one.Detail, StringComparison.Ordinal);
        Assert.Equal(days > 14 ? ServeFinding.Ok : ServeFinding.Mend, one.Result);
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_told()
    {
        var first = Certificate(90);
        var second = Certificate(90);
        var found = await RunAsync(first[0], second[1]);
        Assert.Contains("no certificate and its key", Of(found, "DTMCP_TLS_CERT_FILE").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_issuer_is_asked_for_its_keys_and_grants_are_told()
    {
        await using var issuer = await Issuer.StartAsync();
        var grants = ("DTMCP_GRANTS_FILE", Write("grants", "* tools=check_appliance\n@soc\nalice tools=hunt_traffic appliances=paris"));
        var found = await RunAsync([.. issuer.Settings, grants]);
        Assert.StartsWith("answers with 1 keys", Of(found, "DTMCP_OAUTH_ISSUER").Detail, StringComparison.Ordinal);
        Assert.Equal("all tools on all appliances", Of(found, "@soc").Detail);
        Assert.Equal("hunt_traffic on paris", Of(found, "alice").Detail);
        issuer.KeySet = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        Assert.Equal(ServeFinding.Mend, Of(await RunAsync(issuer.Settings), "DTMCP_OAUTH_ISSUER").Result);
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080", false, ServeFinding.Mend, "serve listens beyond loopback only when it knows who asks")]
    [InlineData("http://0.0.0.0:8080", true, ServeFinding.Ok, "0.0.0.0:8080")]
    [InlineData("http://127.0.0.1:8080;http://[::1]:8080", false, ServeFinding.Ok, "127.0.0.1:8080, [::1]:8080: this machine alone")]
    [InlineData("https://127.0.0.1:8443", false, ServeFinding.Mend, "there is no certificate")]
    [InlineData("dtmcp.example:8080", true, ServeFinding.Mend, "is no place to listen")]
    public async Task Where_it_is_to_listen_is_judged_as_serve_does(string urls, bool knowsWho, string result, string says)
    {
        var tokens = ("DTMCP_TOKENS_FILE", Write("tokens", TokenList.Make("alice").Line));
        var found = await RunAsync(urls, knowsWho ? [tokens] : []);
        var one = Of(found, "--urls");
        Assert.Equal(result, one.Result);
        Assert.Contains(says, one.Detail, StringComparison.Ordinal);
        Assert.Empty(ServeReview.Page(found).Notes);
        Assert.NotEmpty(ServeReview.Page(await RunAsync(tokens)).Notes);
    }

    [Fact]
    public async Task The_command_takes_where_it_is_to_listen()
    {
        var (code, output, _) = await Published.RunAsync(
            Published.Start("check", "--demo", "--connections", "100", "--days", "1", "--fix", "--urls", "http://0.0.0.0:8080"));
        Assert.Equal(1, code);
        Assert.Contains("1. --urls: serve listens beyond loopback only when it knows who asks.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_tells_it_behind_the_appliance_with_what_to_do()
    {
        var start = Published.Start("check", "--demo", "--connections", "100", "--days", "1", "--fix");
        start.Environment["DTMCP_TOKENS_FILE"] = Write("tokens", "alice");
        var (code, output, _) = await Published.RunAsync(start);
        Assert.Equal(1, code);
        Assert.Contains("# serve: settings", output, StringComparison.Ordinal);
        Assert.Contains("1. DTMCP_TOKENS_FILE: Line 1 ", output, StringComparison.Ordinal);
        Assert.Contains("   - Make a token for each user: dtmcp token NAME", output, StringComparison.Ordinal);
    }

    private (string, string)[] Certificate(int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=dtmcp.example", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(Now.AddDays(-100), Now.AddDays(days));
        return
        [
            ("DTMCP_TLS_CERT_FILE", Write(Guid.NewGuid().ToString(), certificate.ExportCertificatePem())),
            ("DTMCP_TLS_KEY_FILE", Write(Guid.NewGuid().ToString(), key.ExportPkcs8PrivateKeyPem())),
        ];
    }

    private string Write(string name, string text, UnixFileMode more = UnixFileMode.None)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        }

        return file;
    }

    private static ServeFinding Of(IReadOnlyList<ServeFinding> found, string check) => Assert.Single(found, one => one.Check == check);

    private static Task<IReadOnlyList<ServeFinding>> RunAsync(params (string Name, string Value)[] settings) => RunAsync(null, settings);

    private static Task<IReadOnlyList<ServeFinding>> RunAsync(string? urls, (string Name, string Value)[] settings) => new ServeReview(
        Settings.Read(settings.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))), ["london", "paris"], new FakeTimeProvider(Now),
        urls)
        .RunAsync(Token);
}
