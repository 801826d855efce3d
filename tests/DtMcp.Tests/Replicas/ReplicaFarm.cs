using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using DtMcp.Simulator;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Replicas;

/// <summary>An emulated appliance, Redis, and replicas of <c>dtmcp serve</c> as processes.</summary>
internal sealed class ReplicaFarm : IAsyncDisposable
{
    private readonly List<Replica> _replicas = [];
    private readonly string _keys = Path.GetTempFileName();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(90) };

    private ReplicaFarm(RedisServer redis, ApplianceSimulator appliance) => (Redis, Appliance) = (redis, appliance);

    public RedisServer Redis { get; }

    public ApplianceSimulator Appliance { get; }

    public IReadOnlyList<Replica> Replicas => _replicas;

    /// <summary>Requests for rows of a window.</summary>
    public int Readings(long start) => Appliance.Requests.Count(request =>
        request.Target.StartsWith("/network?", StringComparison.Ordinal)
            && request.Target.Contains(string.Create(CultureInfo.InvariantCulture, $"starttime={start}"), StringComparison.Ordinal));

    /// <summary>The length of the window that a request asked rows of; zero where it asked something else.</summary>
    public static TimeSpan Asked(RequestLogEntry request)
    {
        if (!request.Target.StartsWith("/network?", StringComparison.Ordinal))
        {
            return TimeSpan.Zero;
        }

        var given = System.Web.HttpUtility.ParseQueryString(request.Target[request.Target.IndexOf('?')..]);
        return long.TryParse(given["starttime"], CultureInfo.InvariantCulture, out var start)
            && long.TryParse(given["endtime"], CultureInfo.InvariantCulture, out var end)
            ? TimeSpan.FromMilliseconds(end - start)
            : TimeSpan.Zero;
    }

    /// <summary>
    /// Whether a replica found Redis away: on a machine without processors left it takes longer to answer than they wait. They are right
    /// then, and read more.
    /// </summary>
    public bool WasWithoutRedis => _replicas.Any(replica => replica.Log.Contains("is done without", StringComparison.Ordinal));

    /// <summary>Asks about an hour, and others before it while replicas find Redis away; the one that was read once.</summary>
    public async Task<long> SharingAsync(int ago, Func<long, Task> ask)
    {
        for (var last = ago + 5; ; ago++)
        {
            await ask(Hour(ago));
            if (Readings(Hour(ago)) == 1)
            {
                return Hour(ago);
            }

            Assert.True(WasWithoutRedis && ago < last, $"{Readings(Hour(ago))} readings");
        }
    }

    /// <summary>The start of an hour that has ended, so many hours ago.</summary>
    public long Hour(int ago) => ((Appliance.Clock.GetUtcNow().ToUnixTimeMilliseconds() / 3_600_000) - ago) * 3_600_000;

    public static async Task<ReplicaFarm> StartAsync(
        int replicas, Func<SimulatorOptions, SimulatorOptions>? configure = null, params (string Name, string Value)[] settings) =>
        await StartAsync(await RedisServer.StartAsync(), replicas, configure, settings);

    /// <param name="redis">Ends with the farm.</param>
    /// <param name="replicas">How many.</param>
    /// <param name="configure">The appliance.</param>
    /// <param name="settings">Of each replica.</param>
    public static async Task<ReplicaFarm> StartAsync(
        RedisServer redis, int replicas, Func<SimulatorOptions, SimulatorOptions>? configure, (string Name, string Value)[] settings)
    {
        var options = new SimulatorOptions
        {
            PublicToken = Clients.PublicToken,
            PrivateToken = Clients.PrivateToken,
            Dialect = Dialect.Sdk,
            Connections = 3_000,
        };
        var appliance = await ApplianceSimulator.StartAsync(
            configure?.Invoke(options) ?? options, TimeProvider.System, TestContext.Current.CancellationToken);
        var farm = new ReplicaFarm(redis, appliance);
        await File.WriteAllTextAsync(farm._keys, new string('k', 40) + "\n");
        await Task.WhenAll(Enumerable.Range(0, replicas).Select(_ => farm.AddAsync(settings)));
        return farm;
    }

    /// <summary>One more, with settings of its own.</summary>
    public async Task<Replica> AddAsync(params (string Name, string Value)[] settings)
    {
        var start = Published.Start("serve", "--urls", "http://127.0.0.1:0");
        foreach (var (name, value) in new (string, string)[]
        {
            ("DARKTRACE_HOST", Appliance.Address.ToString()), ("DARKTRACE_PUBLIC_TOKEN", Clients.PublicToken),
            ("DARKTRACE_PRIVATE_TOKEN", Clients.PrivateToken), ("DTMCP_EVIDENCE", "network"),
            ("DTMCP_REDIS_URL", Redis.Address.ToString()), ("DTMCP_REDIS_PASSWORD_FILE", Redis.PasswordFile),
            ("DTMCP_REDIS_KEYS_FILE", _keys),
        }.Concat(settings))
        {
            start.Environment[name] = value;
        }

        var replica = new Replica(Process.Start(start)!);
        lock (_replicas)
        {
            _replicas.Add(replica);
        }

        await replica.StartedAsync();
        return replica;
    }

    public Task<JsonElement> AskAsync(Replica replica, long start, string tool = "summarize_network_traffic", bool refresh = false) =>
        AskAsync(replica.Address, start, tool, refresh);

    /// <summary>Totals and tables of an hour's answer, or the text of an error as a JSON string.</summary>
    public Task<JsonElement> AskAsync(Uri address, long start, string tool = "summarize_network_traffic", bool refresh = false) =>
        CallAsync(address, tool, new { starttime = start, endtime = start + 3_599_999, format = "json", refresh });

    public async Task<JsonElement> CallAsync(Uri address, string tool, object arguments)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/mcp"))
        {
            Content = JsonContent.Create(new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = tool, arguments } }),
            Headers = { { "Accept", "application/json, text/event-stream" } },
        };
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {text}");
        var answer = text.Split('\n').Select(line => line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : line)
            .Where(line => line.StartsWith('{')).Select(line => JsonElement.Parse(line))
            .First(message => message.TryGetProperty("id", out _)).GetProperty("result");
        var said = answer.GetProperty("content")[0].GetProperty("text");
        if (answer.TryGetProperty("isError", out var isError) && isError.GetBoolean())
        {
            return said.Clone();
        }

        var told = JsonElement.Parse(said.GetString()!);
        var (totals, tables) = (told.GetProperty("totals").GetRawText(), told.GetProperty("tables").GetRawText());
        return JsonElement.Parse($"{{\"totals\":{totals},\"tables\":{tables}}}");
    }

    /// <summary>Waits until something holds, for a minute at most.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (!await holds())
        {
            await Task.Delay(25, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Redis.Thaw();
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        _http.Dispose();
        await Redis.DisposeAsync();
        await Appliance.DisposeAsync();
        File.Delete(_keys);
    }

    /// <summary>One process.</summary>
    internal sealed class Replica(Process process) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<string> _log = [];

        public Uri Address { get; private set; } = null!;

        public string Log => string.Join('\n', _log);

        public async Task StartedAsync()
        {
            process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
            process.BeginErrorReadLine();
            var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.True(line is not null, Log);
            Address = new Uri(line);
        }

        /// <summary>At once, as a machine that goes away.</summary>
        public void Kill() => process.Kill();

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
