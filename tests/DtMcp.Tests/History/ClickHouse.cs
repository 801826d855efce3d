using System.Diagnostics;
using DtMcp.Darktrace.Signing;
using DtMcp.History;
using DtMcp.History.Wire;
using DtMcp.Tests.Tools;

namespace DtMcp.Tests.History;

/// <summary>
/// ClickHouse's own server, as <c>eng/clickhouse</c> starts it: one node and two shards, once for all tests of the collection. Where it is
/// not installed the tests are skipped, and say so.
/// </summary>
public sealed class ClickHouse : IAsyncLifetime
{
    private static int _databases;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"dtmcp-clickhouse-{Guid.NewGuid():N}");
    private readonly Dictionary<int, Uri[]> _nodes = [];

    private static string? Script => Snapshot.FindUpward("DtMcp.sln") is { } solution
        ? Path.Combine(Path.GetDirectoryName(solution)!, "eng/clickhouse")
        : null;

    private static bool IsInstalled =>
        Array.Exists(["/usr/sbin", "/usr/bin"], folder => File.Exists(Path.Combine(folder, "clickhouse-server")));

    public async ValueTask InitializeAsync()
    {
        foreach (var shards in Script is not null && IsInstalled ? new[] { 1, 2 } : [])
        {
            var told = await RunAsync("start", Folder(shards), $"{shards}");
            _nodes[shards] = [.. told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => new Uri(line))];
        }
    }

    /// <summary>How to reach a new database on one node, or on two shards.</summary>
    internal HistoryOptions Options(int shards = 1, string user = "collector")
    {
        Assert.SkipUnless(_nodes.ContainsKey(shards), "clickhouse-server is not installed: eng/clickhouse install");
        return new HistoryOptions
        {
            Nodes = _nodes[shards],
            Cluster = shards == 1 ? null : "dtmcp",
            Database = $"test_{Interlocked.Increment(ref _databases)}",
            User = user,
            Password = Password(shards, user),
        };
    }

    /// <summary>The same database as another user.</summary>
    internal HistoryOptions As(HistoryOptions options, string user) => options with
    {
        User = user,
        Password = Password(options.Nodes.Count, user),
    };

    public string PasswordFile(int shards, string user) => Path.Combine(Folder(shards), $"{user}.password");

    /// <summary>A history with its tables.</summary>
    internal static async Task<HistoryStore> OpenAsync(HistoryOptions options, DelegatingHandler? around = null)
    {
        var store = new HistoryStore(options, TimeProvider.System, around);
        await store.MigrateAsync(TestContext.Current.CancellationToken);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var shards in _nodes.Keys)
        {
            await RunAsync("stop", Folder(shards));
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private string Folder(int shards) => Path.Combine(_folder, $"{shards}");

    private Secret Password(int shards, string user) => new(File.ReadAllText(PasswordFile(shards, user)).Trim());

    private static async Task<string> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("bash", [Script!, .. args]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}

/// <summary>Tests that share the servers.</summary>
[CollectionDefinition(nameof(ClickHouse))]
public sealed class ClickHouseTests : ICollectionFixture<ClickHouse>;

/// <summary>Servers of their own for the tests that ask most, so that they run beside the others.</summary>
[CollectionDefinition(nameof(SecondClickHouse))]
public sealed class SecondClickHouse : ICollectionFixture<ClickHouse>;
