using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using DtMcp.Running;
using DtMcp.Serving.Access;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Serving.Access;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Tests.Serving.Limits;

/// <summary>Many users, one appliance.</summary>
public sealed class FairShareTests : IAsyncDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly SemaphoreSlim _answers = new(0);
    private readonly StandIn _appliance = new();
    private readonly (string Token, string Line) _heavy = TokenList.Make("heavy");
    private readonly (string Token, string Line) _light = TokenList.Make("light");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _appliance.DisposeAsync();
        _answers.Dispose();
        File.Delete(_file);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_one_user_asks_does_not_wait_behind_all_that_another_has_asked()
    {
        await File.WriteAllTextAsync(_file, $"{_heavy.Line}\n{_light.Line}\n", TestContext.Current.CancellationToken);
        _appliance.On("/devicesearch", async (_, stream, token) =>
        {
            await _answers.WaitAsync(token);
            await TinyServer.Json("""{"totalCount":0,"size":0,"from":0,"devices":[]}""")(stream, token);
        });
        var investigators = new Investigators([new("stand-in", _appliance.Investigator, _appliance.Client)], TimeProvider.System);
        await using var served = await Served.StartAsync(
            new ToolRunner(investigators, NullLoggerFactory.Instance), TimeProvider.System, [("DTMCP_TOKENS_FILE", _file)]);

        // Four at once, the others wait.
        List<Task<HttpResponseMessage>> calls = [.. Enumerable.Range(0, 12).Select(i => FindAsync(served, _heavy.Token, $"heavy{i}*"))];
        await UntilAsync(() => _appliance.Asked.Count == 4 && _appliance.Client.Waiting == 8);
        calls.Add(FindAsync(served, _light.Token, "light1*"));
        await UntilAsync(() => _appliance.Client.Waiting == 9);
        calls.Add(FindAsync(served, _light.Token, "light2*"));
        await UntilAsync(() => _appliance.Client.Waiting == 10);

        string[] expected = ["light1", "heavy", "light2", "heavy", "heavy"];
        for (var i = 0; i < expected.Length; i++)
        {
            _answers.Release();
            await UntilAsync(() => _appliance.Asked.Count == 5 + i);
            Assert.Contains(expected[i], _appliance.Asked.Last(), StringComparison.Ordinal);
        }

        _answers.Release(100);
        foreach (var call in calls)
        {
            using var response = await call;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains("\"isError\":false", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_windows_in_many_parts_so_few_are_read_at_once_that_memory_holds_them_and_others_are_let_in()
    {
        await File.WriteAllTextAsync(_file, $"{_heavy.Line}\n{_light.Line}\n", TestContext.Current.CancellationToken);
        using var wire = new HeldWire();
        await using var fixture = await InvestigatorFixture.StartAsync(
            options => options with { Dialect = Dialect.Sdk, Days = 1, Connections = 500, ClockRuns = false },
            options => options with { Slice = TimeSpan.FromHours(4), FewRows = 0 }, wire: wire);
        var investigators = new Investigators([new("demo", fixture.Investigator, fixture.Client)], fixture.Appliance.Clock);
        await using var served = await Served.StartAsync(
            new ToolRunner(investigators, NullLoggerFactory.Instance), TimeProvider.System, [("DTMCP_TOKENS_FILE", _file)]);

        List<Task<HttpResponseMessage>> calls = [.. Enumerable.Range(1, 8).Select(i => PortAsync(served, _heavy.Token, i, "24h"))];
        await UntilAsync(() => wire.Ports.Count >= 2);
        calls.Add(PortAsync(served, _light.Token, 100, "24h"));
        calls.Add(PortAsync(served, _light.Token, 101, "1h"));
        await UntilAsync(() => wire.Ports.Contains(100) && wire.Ports.Contains(101));
        Assert.Equal(2, wire.Ports.Count(port => port < 100));

        wire.Release();
        foreach (var call in calls)
        {
            using var response = await call;
            Assert.Contains("\"isError\":false", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        // From its first request to its last, a window overlaps with one other of the same user.
        int[] ports = [.. wire.Ports];
        foreach (var port in Enumerable.Range(1, 8))
        {
            var at = Array.IndexOf(ports, port);
            var overlapping = Enumerable.Range(1, 8).Count(other =>
                Array.IndexOf(ports, other) <= at && Array.LastIndexOf(ports, other) >= at);
            Assert.InRange(overlapping, 1, 2);
        }
    }

    private static Task<HttpResponseMessage> PortAsync(Served served, string token, int port, string last) => served.PostAsync(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_network_traffic","arguments":"""
        + $$$$"""{"port":{{{{port}}}},"last":"{{{{last}}}}"}}}""",
        ("Authorization", $"Bearer {token}"));

    /// <summary>A way to an appliance that holds back what is asked of a port, and tells in which order ports were asked.</summary>
    private sealed class HeldWire() : DelegatingHandler(new SocketsHttpHandler())
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<int> Ports { get; } = [];

        public void Release() => _released.SetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var parameters = request.RequestUri!.Query.TrimStart('?').Split('&');
            if (Array.Find(parameters, parameter => parameter.StartsWith("port=", StringComparison.Ordinal)) is { } port)
            {
                Ports.Enqueue(int.Parse(port[5..], CultureInfo.InvariantCulture));
                await _released.Task.WaitAsync(cancellationToken);
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }

    private static Task<HttpResponseMessage> FindAsync(Served served, string token, string query) => served.PostAsync(
        $$$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find_devices","arguments":{"query":"{{{{query}}}}"}}}""",
        ("Authorization", $"Bearer {token}"));

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
