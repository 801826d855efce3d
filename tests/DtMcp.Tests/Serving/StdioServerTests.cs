using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using DtMcp.Serving;
using DtMcp.Tests.Running;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace DtMcp.Tests.Serving;

public sealed class StdioServerTests(DemoInvestigators demo) : IClassFixture<DemoInvestigators>
{
    private readonly Pipe _toServer = new();
    private readonly Pipe _toClient = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Progress_is_written_in_order_and_before_the_answer()
    {
        var lines = await RunAsync("get_network_traffic");

        var values = ProgressOf(lines).Select(progress => progress.GetProperty("progress").GetDouble()).ToArray();
        Assert.NotEmpty(values);
        Assert.All(ProgressOf(lines), progress => Assert.Equal("p", progress.GetProperty("progressToken").GetString()));
        Assert.Equal(values.Distinct().Order(), values);
        Assert.Equal(2, lines[^1].GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task A_question_that_reads_two_windows_goes_on_reporting_in_the_second()
    {
        // The first question of all makes a request more, to learn which evidence there is: another one is asked before, whichever test
        // comes first.
        await new StdioServerTests(demo).RunAsync("get_network_traffic");

        var last = ProgressOf(await RunAsync("compare_traffic"))[^1];

        Assert.Equal(2, last.GetProperty("progress").GetDouble());
        Assert.Equal(2, last.GetProperty("total").GetDouble());
    }

    [Fact]
    public async Task The_server_ends_when_its_input_does()
    {
        var session = await StartAsync();
        await session.DisposeAsync();
        await session.Serving.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    private static JsonElement[] ProgressOf(JsonElement[] lines) =>
        [.. lines.Where(line =>
            line.TryGetProperty("method", out var method) && method.GetString() == "notifications/progress").Select(line =>
                line.GetProperty("params"))];

    /// <summary>What a call writes, line by line: the SDK's client would handle messages side by side.</summary>
    private async Task<JsonElement[]> RunAsync(string tool)
    {
        var call = $$$"""{"name":"{{{tool}}}","arguments":{"last":"24h","refresh":true},"_meta":{"progressToken":"p"}}""";

        // Asked anew: what another test read would serve it without reading, and so without progress.
        await _toServer.Writer.WriteAsync(
            Encoding.UTF8.GetBytes(
                $$"""
                {{Messages.Initialize}}
                {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{{call}}}

                """),
            Token);
        await _toServer.Writer.CompleteAsync();
        await StdioServer.RunAsync(demo.Runner, _toServer.Reader.AsStream(), _toClient.Writer.AsStream(), NullLoggerFactory.Instance,
            Token);
        await _toClient.Writer.CompleteAsync();
        using var reader = new StreamReader(_toClient.Reader.AsStream());
        return [.. (await reader.ReadToEndAsync(Token)).Split('\n',
            StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private async Task<Session> StartAsync()
    {
        var serving = StdioServer.RunAsync(demo.Runner, _toServer.Reader.AsStream(), _toClient.Writer.AsStream(),
            NullLoggerFactory.Instance, Token);
        var client = await McpClient.CreateAsync(new StreamClientTransport(_toServer.Writer.AsStream(), _toClient.Reader.AsStream()),
            cancellationToken: Token);
        return new Session(client, serving, _toServer.Writer);
    }

    private sealed record Session(McpClient Client, Task Serving, PipeWriter Input) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Input.CompleteAsync();
        }
    }
}
