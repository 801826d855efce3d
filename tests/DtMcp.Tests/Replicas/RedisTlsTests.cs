using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DtMcp.Commands.Checking;
using DtMcp.Configuration;
using DtMcp.Darktrace.Signing;
using DtMcp.Replicas.Wire;
using DtMcp.Running;
using DtMcp.Serving;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Replicas;

/// <summary>Redis that speaks TLS and knows a user, as DEPLOYMENT.md says; and what is told where one of the two is not right.</summary>
public sealed class RedisTlsTests : IDisposable
{
    private const string User = "dtmcp";
    private const string Password = "a-password-of-the-user-that-stands-in-no-log";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dtmcp-redis-tls");
    private readonly string _other;

    public RedisTlsTests()
    {
        _other = Path.Combine(_folder.FullName, "other.pem");
        using var other = Authority("CN=another authority");
        File.WriteAllText(_other, other.ExportCertificatePem());
    }

    private string Ca => Path.Combine(_folder.FullName, "ca.pem");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_is_wrong_is_told_once_and_no_password_is()
    {
        await using var redis = await StartAsync();
        Assert.Equal("rediss", redis.Address.Scheme);
        var right = Options(redis);
        Assert.Equal((true, ""), await AskAsync(right));
        (RedisOptions Wrong, string Says)[] cases =
        [
            (right with { CaFile = _other }, "its certificate is refused: no trusted authority has signed it"),
            (right with { Host = "localhost" }, "its certificate is refused: it is for another host name"),
            (right with { Password = new Secret("another-password-of-the-user") }, "it refuses the user or the password"),
            (right with { User = "nobody" }, "it refuses the user or the password"),
            (right with { IsTls = false, CaFile = null }, "not connected"),
        ];
        foreach (var (wrong, says) in cases)
        {
            var (isAnswered, log) = await AskAsync(wrong);
            Assert.False(isAnswered);
            Assert.Contains(says, Assert.Single(log.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
            Assert.DoesNotContain("password-of-the-user", log, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Why_a_certificate_was_refused_is_not_told_of_what_comes_after()
    {
        await using var redis = await StartAsync();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var link = new RedisLink(Options(redis) with { CaFile = _other }, clock, NullLogger.Instance);
        await AskAsync();
        Assert.Contains("its certificate is refused", link.Reason, StringComparison.Ordinal);
        redis.Kill();
        clock.Advance(RedisLink.Pause);
        await AskAsync();
        Assert.NotNull(link.Reason);
        Assert.DoesNotContain("certificate", link.Reason, StringComparison.Ordinal);

        Task AskAsync() => link.AskAsync(
            database => database.PingAsync(), isBulk: false, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Replicas_share_through_it_and_one_with_another_authority_answers_the_same_alone()
    {
        var passwordFile = Path.Combine(_folder.FullName, "password");
        await File.WriteAllTextAsync(passwordFile, Password, TestContext.Current.CancellationToken);
        await using var farm = await ReplicaFarm.StartAsync(await StartAsync(), 2, null,
        [
            ("DTMCP_REDIS_USER", User), ("DTMCP_REDIS_PASSWORD_FILE", passwordFile), ("DTMCP_REDIS_CA_FILE", Ca),
        ]);
        var hour = await farm.SharingAsync(5, async hour =>
        {
            foreach (var replica in farm.Replicas)
            {
                await farm.AskAsync(replica, hour);
            }
        });
        var shared = await farm.AskAsync(farm.Replicas[1], hour);

        var stranger = await farm.AddAsync(
            ("DTMCP_REDIS_USER", User), ("DTMCP_REDIS_PASSWORD_FILE", passwordFile), ("DTMCP_REDIS_CA_FILE", _other));
        Assert.Equal(shared.GetRawText(), (await farm.AskAsync(stranger, hour)).GetRawText());
        Assert.Equal(2, farm.Readings(hour));
        Assert.Contains("its certificate is refused: no trusted authority has signed it", stranger.Log, StringComparison.Ordinal);
        Assert.All(farm.Replicas, replica => Assert.DoesNotContain(Password, replica.Log, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_tries_it_and_says_what_is_to_mend()
    {
        await using var redis = await StartAsync();
        var (password, keys) = (Path.Combine(_folder.FullName, "password"), Path.Combine(_folder.FullName, "keys"));
        await File.WriteAllTextAsync(password, Password, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(keys, new string('k', 40), TestContext.Current.CancellationToken);
        (string Name, string Value)[] right =
        [
            ("DTMCP_REDIS_URL", redis.Address.ToString()), ("DTMCP_REDIS_USER", User), ("DTMCP_REDIS_PASSWORD_FILE", password),
            ("DTMCP_REDIS_CA_FILE", Ca), ("DTMCP_REDIS_KEYS_FILE", keys),
        ];
        Assert.Contains("with TLS answers", (await CheckAsync(right)).Detail, StringComparison.Ordinal);
        (string Name, string Value, string Says)[] cases =
        [
            ("DTMCP_REDIS_CA_FILE", _other, "its certificate is refused"), ("DTMCP_REDIS_USER", "nobody", "it refuses the user"),
            ("DTMCP_REDIS_URL", "redis://127.0.0.1:1", "Redis at 127.0.0.1:1: "),
            ("DTMCP_REDIS_URL", "http://127.0.0.1", "is no address of Redis"),
        ];
        foreach (var (name, value, says) in cases)
        {
            var found = await CheckAsync([.. right.Where(setting => setting.Name != name), (name, value)]);
            Assert.Equal(ServeFinding.Mend, found.Result);
            Assert.Contains(says, found.Detail, StringComparison.Ordinal);
            Assert.DoesNotContain(Password, found.Detail, StringComparison.Ordinal);
        }

        static async Task<ServeFinding> CheckAsync((string Name, string Value)[] settings) => (await new ServeReview(
            Settings.Read(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))), null, TimeProvider.System)
            .RunAsync(TestContext.Current.CancellationToken)).Single(found => found.Check == "DTMCP_REDIS_URL");
    }

    [Theory]
    [InlineData("", "holds no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read")]
    public void A_file_of_authorities_that_is_none_stops_the_start(string text, string says)
    {
        File.WriteAllText(_other, text);
        var keys = Path.Combine(_folder.FullName, "keys");
        File.WriteAllText(keys, new string('k', 40));
        var settings = Settings.Read(
        [
            new("DTMCP_REDIS_URL", "rediss://redis.example"), new("DTMCP_REDIS_CA_FILE", _other), new("DTMCP_REDIS_KEYS_FILE", keys),
        ]);
        var refused = Assert.Throws<SetupException>(
            () => SharedReplicas.Open(settings, TimeProvider.System, NullLoggerFactory.Instance));
        Assert.Contains($"DTMCP_REDIS_CA_FILE: The CA file {says}", refused.Message, StringComparison.Ordinal);
    }

    private RedisOptions Options(RedisServer redis) => redis.Options with
    {
        IsTls = true,
        CaFile = Ca,
        User = User,
        Password = new Secret(Password),
        Longest = TimeSpan.FromSeconds(10),
    };

    private static async Task<(bool IsAnswered, string Log)> AskAsync(RedisOptions options)
    {
        using var log = new StringWriter();
        var logger = new ErrorLog(TextWriter.Synchronized(log), LogLevel.Information, TimeProvider.System).CreateLogger("Test");
        await using var link = new RedisLink(options, TimeProvider.System, logger);
        var (isAnswered, value) = await link.AskAsync(
            database => database.HashIncrementAsync("dtmcp:test", "field"), isBulk: false, TestContext.Current.CancellationToken);
        Assert.Equal(isAnswered ? 1 : 0, value);
        return (isAnswered, log.ToString());
    }

    private Task<RedisServer> StartAsync() => RedisServer.StartAsync(folder =>
    {
        using var authority = Authority("CN=redis authority");
        File.WriteAllText(Ca, authority.ExportCertificatePem());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=redis.example", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var own = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [1, 2, 3, 4]);
        File.WriteAllText(Path.Combine(folder, "server.pem"), own.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(
            Path.Combine(folder, "users.acl"),
            $"user {User} on >{Password} ~dtmcp:* resetchannels -@all +@read +@write +@scripting +@connection +time\nuser default off\n");
    });

    private static X509Certificate2 Authority(string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return authority.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
