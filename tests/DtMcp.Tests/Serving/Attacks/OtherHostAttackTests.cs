using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DtMcp.Running;
using DtMcp.Tests.Serving.Access;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Tests.Serving.Attacks;

/// <summary>
/// Arguments and addresses that would have another host asked, or another path of this one: whatever they say, nobody is.
/// </summary>
public sealed class OtherHostAttackTests : IAsyncLifetime
{
    private static readonly string[] Known =
    [
        "/network", "/devices", "/devicesearch", "/subnets", "/enums", "/filtertypes", "/metrics", "/metricdata", "/status", "/details",
        "/modelbreaches", "/endpointdetails", "/summarystatistics", "/similardevices", "/advancedsearch", "/aianalyst",
    ];

    private InvestigatorFixture _appliance = null!;
    private Decoy _decoy = null!;
    private Served _served = null!;

    public async ValueTask InitializeAsync()
    {
        _appliance = await InvestigatorFixture.StartAsync(options => options with { ClockRuns = false, Connections = 300, Days = 1 });
        _decoy = new Decoy();
        _served = await Served.StartAsync(
            new ToolRunner(new Investigators([new("demo", _appliance.Investigator, _appliance.Client)], _appliance.Appliance.Clock),
                NullLoggerFactory.Instance), TimeProvider.System, []);
    }

    public async ValueTask DisposeAsync()
    {
        await _served.DisposeAsync();
        await _decoy.DisposeAsync();
        await _appliance.DisposeAsync();
    }

    public static TheoryData<string> Values =>
    [
        "http://127.0.0.1:{port}/", "//127.0.0.1:{port}/x", "127.0.0.1:{port}", "user@127.0.0.1:{port}", "@127.0.0.1:{port}/",
        "x#@127.0.0.1:{port}", "x?y=http://127.0.0.1:{port}", "%0d%0aHost:%20127.0.0.1:{port}%0d%0a", "x\\r\\nHost: 127.0.0.1:{port}",
        "../../127.0.0.1:{port}", "..%2f..%2fstatus", "&metric=x&did=1", "/status?x=", "\\\\127.0.0.1@{port}\\share",
        "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x", "localhost:{port}", "[::1]:{port}", "0x7f000001:{port}", "2130706433:{port}",
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public async Task No_argument_of_any_tool_has_another_host_asked(string value)
    {
        var text = value.Replace("{port}", $"{_decoy.Port}", StringComparison.Ordinal);
        foreach (var tool in ToolCatalog.All)
        {
            var given = new Dictionary<string, string>();
            foreach (var parameter in tool.Required)
            {
                given[parameter.Name] = parameter.Values.Count > 0 ? parameter.Values[0] : text;
            }

            foreach (var parameter in tool.Parameters.Where(one =>
                one.Kind is ParameterKind.Text or ParameterKind.Subnet or ParameterKind.Address or ParameterKind.TextTime))
            {
                await CallAsync(tool.Name, new(given) { [parameter.Name] = text });
            }

            await CallAsync(tool.Name, new(given) { ["appliance"] = text });
            await CallAsync(tool.Name, new(given) { ["host"] = text });
        }

        NobodyElseWasAsked();
    }

    [Theory]
    [InlineData("dtmcp://device/../../etc/passwd")]
    [InlineData("dtmcp://device/1%2f..%2f..%2fstatus")]
    [InlineData("dtmcp://device/{did}")]
    [InlineData("dtmcp://device/{+did}")]
    [InlineData("dtmcp://device/1?appliance=http://127.0.0.1:{port}")]
    [InlineData("dtmcp://device/1&metric=x")]
    [InlineData("dtmcp://endpoint/127.0.0.1:{port}")]
    [InlineData("dtmcp://endpoint/198.51.100.1%0d%0aHost:%20127.0.0.1:{port}")]
    [InlineData("dtmcp://127.0.0.1:{port}/device/1")]
    [InlineData("dtmcp://user@127.0.0.1:{port}/device/1")]
    [InlineData("DTMCP://device/%31%00")]
    [InlineData("http://127.0.0.1:{port}/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ui://dtmcp/../../etc/passwd")]
    [InlineData("ui://dtmcp/chart.html?src=http://127.0.0.1:{port}")]
    [InlineData("")]
    public async Task No_address_of_a_resource_reads_anything_else(string uri)
    {
        var text = uri.Replace("{port}", $"{_decoy.Port}", StringComparison.Ordinal);
        var answer = await _served.RpcAsync("resources/read", $$"""{"uri":{{Quoted(text)}}}""");
        // What can be taken for a name of the other end is looked for among what was seen.
        Assert.True(answer.TryGetProperty("error", out _)
            || answer.GetProperty("result").GetProperty("contents")[0].GetProperty("text").GetString()!
                .StartsWith("# aggregate_traffic: demo", StringComparison.Ordinal), answer.GetRawText());
        Assert.DoesNotContain("root:", answer.GetRawText(), StringComparison.Ordinal);
        NobodyElseWasAsked();
    }

    private void NobodyElseWasAsked()
    {
        Assert.Equal(0, _decoy.Connections);
        Assert.All(_appliance.Appliance.Requests, request =>
        {
            var path = request.Target.Split('?')[0];
            Assert.Contains(Known, known => path == known || path.StartsWith(known + "/", StringComparison.Ordinal));
            Assert.DoesNotContain("..", path, StringComparison.Ordinal);
            Assert.InRange(request.Status, 200, 499);
        });
    }

    private async Task CallAsync(string tool, Dictionary<string, string> given)
    {
        var arguments = string.Join(',', given.Select(pair => $"{Quoted(pair.Key)}:{Quoted(pair.Value)}"));
        Assert.NotEmpty(await _served.ToolAsync(tool, $"{{{arguments}}}"));
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    /// <summary>Counts who comes.</summary>
    private sealed class Decoy : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _running;
        private int _connections;

        public Decoy()
        {
            _listener.Start();
            _running = RunAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Connections => Volatile.Read(ref _connections);

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _running;
        }

        private async Task RunAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref _connections);
                }
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                // Nobody listens any more.
            }
        }
    }
}
