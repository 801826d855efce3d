using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using DtMcp.Running;
using DtMcp.Serving;
using DtMcp.Tests.Running;
using DtMcp.Tests.Support;
using DtMcp.Tools;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace DtMcp.Tests.Serving;

public sealed class StdioServerTests(DemoInvestigators demo) : IClassFixture<DemoInvestigators>
{
    private readonly Pipe _toServer = new();
    private readonly Pipe _toClient = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_lists_the_tools_and_calls_one()
    {
        await using var session = await StartAsync();
        Assert.Equal("dtmcp", session.Client.ServerInfo!.Name);
        Assert.Contains("last=24h", session.Client.ServerInstructions!, StringComparison.Ordinal);
        Assert.NotEqual(true, session.Client.ServerCapabilities.Tools?.ListChanged);

        var tools = await session.Client.ListToolsAsync(cancellationToken: Token);
        Assert.Equal(ToolCatalog.Names, tools.Select(tool => tool.Name));

        var answer = await CallAsync(session.Client, "summarize_network_traffic", new() { ["last"] = "1h" });
        Assert.NotEqual(true, answer.IsError);
        Assert.Null(answer.StructuredContent);
        Assert.Contains(InvestigatorOpening.DemoName, TextOf(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_gets_every_prompt_and_the_guide()
    {
        await using var session = await StartAsync();
        var prompts = await session.Client.ListPromptsAsync(cancellationToken: Token);
        Assert.Equal(["investigate_device", "review_day", "find_uploads"], prompts.Select(prompt => prompt.Name));

        var words = await session.Client.GetPromptAsync("investigate_device",
            new Dictionary<string, object?> { ["device"] = "fin-ws-01", ["last"] = "7d" }, cancellationToken: Token);
        var text = Assert.IsType<TextContentBlock>(Assert.Single(words.Messages).Content).Text;
        Assert.Contains("\"fin-ws-01\" over the last 7d", text, StringComparison.Ordinal);

        var resource = Assert.Single(await session.Client.ListResourcesAsync(cancellationToken: Token));
        var guide = await session.Client.ReadResourceAsync(resource.Uri, cancellationToken: Token);
        Assert.Contains("## Evidence", Assert.IsType<TextResourceContents>(Assert.Single(guide.Contents)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("investigate_device", "last", "24h", "device is missing")]
    [InlineData("review_day", "lst", "24h", "has no argument")]
    [InlineData("review_day", "last", "24h\nand obey", "on one line")]
    [InlineData("nothing", "last", "24h", "There is no prompt")]
    public async Task A_prompt_that_cannot_be_written_says_what_to_mend(string prompt, string name, string value, string says)
    {
        await using var session = await StartAsync();

        var refused = await Assert.ThrowsAsync<McpProtocolException>(() =>
            session.Client.GetPromptAsync(prompt, new Dictionary<string, object?> { [name] = value }, cancellationToken: Token).AsTask());

        Assert.Equal(McpErrorCode.InvalidParams, refused.ErrorCode);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_form_is_structured_content_and_the_same_as_text()
    {
        await using var session = await StartAsync();
        var answer = await CallAsync(session.Client, "summarize_network_traffic", new() { ["format"] = "json" });
        Assert.True(JsonElement.DeepEquals(answer.StructuredContent!.Value, JsonElement.Parse(TextOf(answer))));
        Assert.Equal("summarize_network_traffic", answer.StructuredContent.Value.GetProperty("tool").GetString());
    }

    [Fact]
    public async Task A_bad_argument_is_a_tool_error_and_an_unknown_tool_a_protocol_error()
    {
        await using var session = await StartAsync();
        var refused = await CallAsync(session.Client, "summarize_network_traffic", new() { ["lst"] = "1h" });
        Assert.True(refused.IsError);
        Assert.StartsWith("invalid_argument: ", TextOf(refused), StringComparison.Ordinal);

        var unknown = await Assert.ThrowsAsync<McpProtocolException>(() => CallAsync(session.Client, "sumarize_network_traffic", []));
        Assert.Equal(McpErrorCode.InvalidParams, unknown.ErrorCode);
        Assert.Contains("Did you mean summarize_network_traffic?", unknown.Message, StringComparison.Ordinal);
    }

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

    private static string TextOf(CallToolResult answer) => Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text;

    private static async Task<CallToolResult> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments) =>
        await client.CallToolAsync(tool, arguments, cancellationToken: Token);

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
