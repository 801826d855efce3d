using System.Diagnostics;
using System.Globalization;
using DtMcp.Darktrace.Signing;
using DtMcp.Replicas.Wire;
using DtMcp.Tests.Tools;
using StackExchange.Redis;

namespace DtMcp.Tests.Replicas;

/// <summary>
/// Debian's redis-server and nginx as <c>eng/replicas</c> starts them. Where they are not installed the tests are skipped, and say so.
/// </summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"dtmcp-replicas-{Guid.NewGuid():N}");
    private ConnectionMultiplexer? _own;

    private RedisServer()
    {
    }

    public Uri Address { get; private set; } = null!;

    public string PasswordFile => Path.Combine(_folder, "password");

    private static string? Script => Snapshot.FindUpward("DtMcp.sln") is { } solution
        ? Path.Combine(Path.GetDirectoryName(solution)!, "eng/replicas")
        : null;

    /// <param name="prepare">Lays files into its folder before it starts: a certificate, users.</param>
    public static async Task<RedisServer> StartAsync(Action<string>? prepare = null)
    {
        foreach (var server in new[] { "redis-server", "nginx" })
        {
            Assert.SkipUnless(
                Script is not null && Array.Exists(["/usr/sbin", "/usr/bin"], folder => File.Exists(Path.Combine(folder, server))),
                $"{server} is not installed: eng/replicas install");
        }

        var redis = new RedisServer();
        Directory.CreateDirectory(redis._folder);
        prepare?.Invoke(redis._folder);
        await redis.StartAgainAsync();
        return redis;
    }

    public async Task StartAgainAsync() => Address = new Uri((await RunAsync("redis", _folder)).Trim());

    /// <summary>nginx before replicas on these ports; its address.</summary>
    public async Task<Uri> NginxAsync(params IEnumerable<int> ports) =>
        new((await RunAsync(["nginx", _folder, .. ports.Select(port => port.ToString(CultureInfo.InvariantCulture))])).Trim());

    internal RedisOptions Options => new()
    {
        Host = Address.Host,
        Port = Address.Port,
        Password = new Secret(File.ReadAllText(PasswordFile).Trim()),
        // A machine that tests keep busy is no Redis that is away.
        Longest = TimeSpan.FromSeconds(30),
    };

    /// <summary>Its database, for a look from aside.</summary>
    public async Task<IDatabase> LookAsync()
    {
        _own ??= await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
        {
            EndPoints = { { Address.Host, Address.Port } },
            Password = File.ReadAllText(PasswordFile).Trim(),
            AllowAdmin = true,
            AbortOnConnectFail = false,
        });
        return _own.GetDatabase();
    }

    /// <summary>All keys whose names end or begin so.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string pattern) =>
        [.. ((RedisResult[])(await (await LookAsync()).ExecuteAsync("KEYS", pattern))!).Select(key => (string)key!)];

    public void Kill() => Signal("KILL");

    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }

        await RunAsync("stop", _folder);
        Directory.Delete(_folder, recursive: true);
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, File.ReadAllText(Path.Combine(_folder, "redis.pid")).Trim()]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private static async Task<string> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("bash", [Script!, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }
}
