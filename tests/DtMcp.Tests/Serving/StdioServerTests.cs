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

    [Theory]
    [InlineData("info", """{"last":"1h"}""", "info", "summarize_network_traffic: demo, ")]
    [InlineData("info", """{"lst":"1h"}""", "warning", "invalid_argument")]
    [InlineData("warning", """{"lst":"1h"}""", "warning", "invalid_argument")]
    [InlineData("warning", """{"last":"1h"}""", null, "")]
    [InlineData(null, """{"lst":"1h"}""", null, "")]
    public async Task A_client_that_asks_for_log_messages_gets_those_of_its_calls(string? least, string given, string? level, string says)
    {
        var lines = await TalkAsync(
            Messages.Initialize,
            least is null ? "" : $$$"""{"jsonrpc":"2.0","id":5,"method":"logging/setLevel","params":{"level":"{{{least}}}"}}""",
            $$$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"summarize_network_traffic","arguments":{{{given}}}}}""");

        var messages = lines.Where(IsLogMessage).Select(line => line.GetProperty("params")).ToList();
        Assert.Equal(level is null ? 0 : 1, messages.Count);
        Assert.All(messages, message =>
        {
            Assert.Equal(level, message.GetProperty("level").GetString());
            Assert.Contains(says, message.GetProperty("data").GetString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_request_can_ask_for_its_own_log_messages()
    {
        const string Meta =
            """
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"a","version":"1"},
            "io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/logLevel":"info"}
            """;
        var call = """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"summarize_network_traffic","arguments":{},META}}"""
            .Replace("META", Meta.ReplaceLineEndings(""), StringComparison.Ordinal);

        Assert.Single(await SendAsync(call), IsLogMessage);
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
        return await SendAsync(Messages.Initialize, $$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{{call}}}""");
    }

    private static bool IsLogMessage(JsonElement line) =>
        line.TryGetProperty("method", out var method) && method.GetString() == "notifications/message";

    /// <summary>What comes when each message waits for the answer to the one before.</summary>
    private async Task<List<JsonElement>> TalkAsync(params string[] messages)
    {
        var serving = StdioServer.RunAsync(demo.Runner, _toServer.Reader.AsStream(), _toClient.Writer.AsStream(),
            NullLoggerFactory.Instance, Token);
        using var reader = new StreamReader(_toClient.Reader.AsStream());
        List<JsonElement> lines = [];
        foreach (var message in messages.Where(line => line.Contains("\"id\"", StringComparison.Ordinal)))
        {
            await _toServer.Writer.WriteAsync(Encoding.UTF8.GetBytes($"{message}\n"), Token);
            do
            {
                lines.Add(JsonElement.Parse((await reader.ReadLineAsync(Token))!));
            }
            while (!lines[^1].TryGetProperty("id", out _));
        }

        await _toServer.Writer.CompleteAsync();
        await serving;
        return lines;
    }

    private async Task<JsonElement[]> SendAsync(params string[] messages)
    {
        await _toServer.Writer.WriteAsync(
            Encoding.UTF8.GetBytes(string.Concat(messages.Where(line => line.Length > 0).Select(line => $"{line}\n"))),
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
