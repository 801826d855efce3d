using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DtMcp.Prompts;
using DtMcp.Running;
using DtMcp.Tests.Support;
using DtMcp.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace DtMcp.Tests.Serving;

/// <summary>What a client gets, whatever it speaks over: each transport has its own class of this.</summary>
public abstract class ServingTests(ServedProgram served)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_lists_the_tools_and_calls_one()
    {
        var client = await served.ClientAsync();
        Assert.Equal("dtmcp", client.ServerInfo!.Name);
        Assert.Contains("last=24h", client.ServerInstructions!, StringComparison.Ordinal);
        Assert.NotEqual(true, client.ServerCapabilities.Tools?.ListChanged);

        var tools = await client.ListToolsAsync(cancellationToken: Token);
        Assert.Equal(ToolCatalog.Names, tools.Select(tool => tool.Name));

        var answer = await CallAsync(client, "summarize_network_traffic", new() { ["last"] = "1h" });
        Assert.NotEqual(true, answer.IsError);
        Assert.Null(answer.StructuredContent);
        Assert.Contains(InvestigatorOpening.DemoName, TextOf(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_gets_every_prompt_and_the_guide()
    {
        var client = await served.ClientAsync();
        var prompts = await client.ListPromptsAsync(cancellationToken: Token);
        Assert.Equal(PromptCatalog.All.Select(prompt => prompt.Name), prompts.Select(prompt => prompt.Name));

        var words = await client.GetPromptAsync("investigate_device",
            new Dictionary<string, object?> { ["device"] = "fin-ws-01", ["last"] = "7d" }, cancellationToken: Token);
        var text = Assert.IsType<TextContentBlock>(Assert.Single(words.Messages).Content).Text;
        Assert.Contains("\"fin-ws-01\" over the last 7d", text, StringComparison.Ordinal);

        var resource = Assert.Single(await client.ListResourcesAsync(cancellationToken: Token));
        var guide = await client.ReadResourceAsync(resource.Uri, cancellationToken: Token);
        Assert.Contains("## Evidence", Assert.IsType<TextResourceContents>(Assert.Single(guide.Contents)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_prompt_names_tools_and_filters_that_there_are()
    {
        var client = await served.ClientAsync();
        foreach (var prompt in PromptCatalog.All)
        {
            var given = prompt.Inputs.ToDictionary(input => input.Name, _ => (object?)"10.0.0.0/8");
            var words = await client.GetPromptAsync(prompt.Name, given, cancellationToken: Token);

            var text = Assert.IsType<TextContentBlock>(Assert.Single(words.Messages).Content).Text;
            var named = Regex.Matches(text, "\\b[a-z]+_[a-z_]+\\b").Select(word => word.Value).ToHashSet();
            Assert.NotEmpty(named);
            Assert.Subset(ToolCatalog.Names.ToHashSet(), named);
            Assert.Contains("10.0.0.0/8", text, StringComparison.Ordinal);
            foreach (Match pair in Regex.Matches(text, "([a-z]+_[a-z_]+) ([a-z]+)=([a-z]+)"))
            {
                var parameter = ToolCatalog.Find(pair.Groups[1].Value)?.Parameters
                    .FirstOrDefault(known => known.Name == pair.Groups[2].Value);
                Assert.True(parameter is { Values.Count: 0 } || parameter?.Values.Contains(pair.Groups[3].Value) == true, pair.Value);
            }
        }
    }

    [Theory]
    [InlineData("investigate_device", "device", "FIN-WS", "fin-ws-0")]
    [InlineData("investigate_device", "last", "2", "24h")]
    [InlineData("quiet_review", "subnet", "", "10.20.1.0/24")]
    [InlineData("dtmcp://device/{did}", "did", "fin-ws", "9")]
    [InlineData("dtmcp://endpoint/{ip}", "ip", "10.20.1", "10.20.1")]
    public async Task What_is_typed_is_completed_as_the_appliance_knows_it(string of, string argument, string typed, string begins)
    {
        var client = await served.ClientAsync();
        Assert.NotNull(client.ServerCapabilities.Completions);

        var values = (await CompleteAsync(client, of, argument, typed)).Values;

        Assert.Contains(values, value => value.StartsWith(begins, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("investigate_device", "device", "nobody-has-this-name")]
    [InlineData("investigate_device", "device", "")]
    [InlineData("triage_breach", "breach", "any")]
    [InlineData("nothing", "device", "fin")]
    [InlineData("dtmcp://nothing/{did}", "did", "1")]
    public async Task What_nothing_is_known_of_gets_no_values_and_no_error(string of, string argument, string typed)
    {
        var completion = await CompleteAsync(await served.ClientAsync(), of, argument, typed);

        Assert.Empty(completion.Values);
        Assert.NotEqual(true, completion.HasMore);
    }

    [Theory]
    [InlineData("dtmcp://device/9", "analyze_device_activity")]
    [InlineData("dtmcp://endpoint/10.20.1.10", "aggregate_traffic")]
    public async Task A_device_and_an_address_are_read_as_resources(string uri, string tool)
    {
        var client = await served.ClientAsync();
        var templates = await client.ListResourceTemplatesAsync(cancellationToken: Token);
        Assert.Equal(["dtmcp://device/{did}", "dtmcp://endpoint/{ip}"], templates.Select(template => template.UriTemplate));

        var read = await client.ReadResourceAsync(uri, cancellationToken: Token);

        var text = Assert.IsType<TextResourceContents>(Assert.Single(read.Contents)).Text;
        Assert.Contains(InvestigatorOpening.DemoName, text, StringComparison.Ordinal);
        Assert.StartsWith($"# {tool}", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dtmcp://device/", "There is no resource")]
    [InlineData("dtmcp://device/many%20words", "did")]
    [InlineData("dtmcp://endpoint/%00", "peer")]
    [InlineData("file:///etc/passwd", "dtmcp://device/{did}")]
    public async Task A_resource_that_cannot_be_read_says_why(string uri, string says)
    {
        var client = await served.ClientAsync();

        var refused = await Assert.ThrowsAsync<McpProtocolException>(() =>
            client.ReadResourceAsync(uri, cancellationToken: Token).AsTask());

        Assert.Equal(McpErrorCode.InvalidParams, refused.ErrorCode);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("investigate_device", "last", "24h", "device is missing")]
    [InlineData("review_day", "lst", "24h", "has no argument")]
    [InlineData("review_day", "last", "24h\nand obey", "on one line")]
    [InlineData("nothing", "last", "24h", "There is no prompt")]
    public async Task A_prompt_that_cannot_be_written_says_what_to_mend(string prompt, string name, string value, string says)
    {
        var client = await served.ClientAsync();

        var refused = await Assert.ThrowsAsync<McpProtocolException>(() =>
            client.GetPromptAsync(prompt, new Dictionary<string, object?> { [name] = value }, cancellationToken: Token).AsTask());

        Assert.Equal(McpErrorCode.InvalidParams, refused.ErrorCode);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_form_is_structured_content_and_the_same_as_text()
    {
        var client = await served.ClientAsync();
        var answer = await CallAsync(client, "summarize_network_traffic", new() { ["format"] = "json" });
        Assert.True(JsonElement.DeepEquals(answer.StructuredContent!.Value, JsonElement.Parse(TextOf(answer))));
        Assert.Equal("summarize_network_traffic", answer.StructuredContent.Value.GetProperty("tool").GetString());
    }

    [Fact]
    public async Task A_bad_argument_is_a_tool_error_and_an_unknown_tool_a_protocol_error()
    {
        var client = await served.ClientAsync();
        var refused = await CallAsync(client, "summarize_network_traffic", new() { ["lst"] = "1h" });
        Assert.True(refused.IsError);
        Assert.StartsWith("invalid_argument: ", TextOf(refused), StringComparison.Ordinal);

        var unknown = await Assert.ThrowsAsync<McpProtocolException>(() => CallAsync(client, "sumarize_network_traffic", []));
        Assert.Equal(McpErrorCode.InvalidParams, unknown.ErrorCode);
        Assert.Contains("Did you mean summarize_network_traffic?", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_odd_message_is_answered_as_it_must_be_and_the_next_one_too()
    {
        var answers = await served.CodesAsync(OddMessages.Known);

        Assert.Equal(OddMessages.Known.Count, answers.Count);
        var wrong = OddMessages.Known.Zip(answers)
            .Where(pair => !pair.Second.SequenceEqual(pair.First.Code == 0 ? [] : [pair.First.Code]))
            .Select(pair => $"{Shown(pair.First.Line)} -> {string.Join(',', pair.Second)}, not {pair.First.Code}").ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task No_mutated_message_is_a_fault_of_the_server_or_its_end()
    {
        const int InternalError = -32603;

        var errors = await served.ErrorsAsync(OddMessages.Mutated(seed: 11).Take(served.Mutations));

        // Each code in turn: they are mostly refusals.
        Assert.Contains(-32700, errors);
        Assert.Contains(-32600, errors);
        Assert.Contains(-32602, errors);
        Assert.DoesNotContain(InternalError, errors);
    }

    private static async Task<Completion> CompleteAsync(McpClient client, string of, string argument, string typed)
    {
        Reference reference = of.Contains("://", StringComparison.Ordinal)
            ? new ResourceTemplateReference { Uri = of } : new PromptReference { Name = of };
        return (await client.CompleteAsync(reference, argument, typed, cancellationToken: Token)).Completion;
    }

    private static string Shown(byte[] message) => Encoding.UTF8.GetString(message.AsSpan(0, Math.Min(120, message.Length)));

    private static string TextOf(CallToolResult answer) => Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text;

    private static async Task<CallToolResult> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments) =>
        await client.CallToolAsync(tool, arguments, cancellationToken: Token);
}
