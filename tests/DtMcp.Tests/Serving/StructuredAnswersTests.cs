using DtMcp.Tests.Support;
using DtMcp.Tools;
using ModelContextProtocol.Client;

namespace DtMcp.Tests.Serving;

/// <summary>The program with <c>DTMCP_STRUCTURED=on</c>.</summary>
public sealed class StructuredAnswersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_tool_declares_a_schema_and_every_answer_has_what_it_requires()
    {
        await using var client = await StartAsync("on");
        var tools = await client.ListToolsAsync(cancellationToken: Token);
        Assert.Equal(ToolCatalog.Names, tools.Select(tool => tool.Name));

        foreach (var (tool, arguments) in tools.Select(tool => (tool.ProtocolTool, Arguments(tool.Name))))
        {
            Assert.DoesNotContain("format", tool.InputSchema.GetProperty("properties").EnumerateObject().Select(property => property.Name));

            var answer = await client.CallToolAsync(tool.Name, arguments, cancellationToken: Token);

            Assert.NotEqual(true, answer.IsError);
            var content = answer.StructuredContent!.Value;
            Assert.All(tool.OutputSchema!.Value.GetProperty("required").EnumerateArray(),
                name => Assert.True(content.TryGetProperty(name.GetString()!, out _), $"{tool.Name} lacks {name}"));
            Assert.All(content.GetProperty("tables").EnumerateObject(), table =>
                Assert.True(table.Value.GetProperty("rows").GetArrayLength() <= table.Value.GetProperty("of").GetInt64()));
            Assert.Equal(tool.Name, content.GetProperty("tool").GetString());
        }
    }

    [Fact]
    public async Task Without_it_no_tool_declares_one()
    {
        await using var client = await StartAsync("off");

        Assert.All(await client.ListToolsAsync(cancellationToken: Token), tool => Assert.Null(tool.ProtocolTool.OutputSchema));
    }

    private static Dictionary<string, object?> Arguments(string tool) => tool switch
    {
        "find_devices" => new() { ["query"] = "fin" },
        "list_filter_values" => new() { ["kind"] = "subnets" },
        "aggregate_traffic" => new() { ["by"] = "device" },
        "analyze_subnet" => new() { ["subnet"] = "10.20.1.0/24" },
        "analyze_device_activity" => new() { ["did"] = 9 },
        "describe_endpoint" => new() { ["ip"] = "203.0.113.7" },
        _ => [],
    };

    private static async Task<McpClient> StartAsync(string structured)
    {
        var start = Published.Start("--demo", "--connections", "500", "--days", "1");
        return await McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = start.FileName,
            Arguments = [.. start.ArgumentList],
            EnvironmentVariables = new Dictionary<string, string?> { ["DTMCP_STRUCTURED"] = structured },
        }), cancellationToken: Token);
    }
}
