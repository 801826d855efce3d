using System.Text.Json;
using DtMcp.Simulator;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;
using DtMcp.Tools;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace DtMcp.Tests.Serving;

/// <summary>A set-up that cannot be followed: a client connects all the same, and its user hears what is wrong.</summary>
public class SetupServingTests
{
    private const string PublicToken = "public-token-that-must-not-show-1234";
    private const string PrivateToken = "private-token-that-must-not-show-5678";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--demo")]
    [InlineData("Did you mean DARKTRACE_HOST?", "DARKTRACE_HOTS=https://x.example")]
    [InlineData("DARKTRACE_PRIVATE_TOKEN is not set", "DARKTRACE_HOST=https://x.example", "DARKTRACE_PUBLIC_TOKEN=" + PublicToken)]
    [InlineData("cannot be read", "DARKTRACE_HOST=https://x.example", "DARKTRACE_PUBLIC_TOKEN_FILE=/nowhere/at/all",
        "DARKTRACE_PRIVATE_TOKEN=x")]
    [InlineData("The CA file cannot be read", "DARKTRACE_HOST=https://x.example", "DARKTRACE_PUBLIC_TOKEN=x", "DARKTRACE_PRIVATE_TOKEN=x",
        "DARKTRACE_CA_FILE=/nowhere/at/all")]
    [InlineData("DTMCP_LOG_LEVEL", "DTMCP_LOG_LEVEL=loud", "DARKTRACE_HOST=https://x.example", "DARKTRACE_PUBLIC_TOKEN=x",
        "DARKTRACE_PRIVATE_TOKEN=x")]
    public async Task A_wrong_environment_is_told_by_every_call(string says, params string[] environment)
    {
        await using var client = await ConnectAsync([], environment);

        Assert.Contains("not set up yet", client.ServerInstructions, StringComparison.Ordinal);
        Assert.Equal(ToolCatalog.Names, (await client.ListToolsAsync(cancellationToken: Token)).Select(tool => tool.Name));
        var (isError, text) = await CallAsync(client, "summarize_network_traffic");
        Assert.True(isError);
        Assert.StartsWith("not_set_up: ", text, StringComparison.Ordinal);
        Assert.Contains(says, text, StringComparison.Ordinal);
        (isError, text) = await CallAsync(client, "check_appliance");
        Assert.False(isError);
        Assert.Contains(says, text, StringComparison.Ordinal);
        Assert.DoesNotContain(PublicToken, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cannot be understood", "--dmeo")]
    [InlineData("unknown fault", "--demo", "--fault", "nonsense")]
    [InlineData("Add --demo", "--fault", "busy")]
    [InlineData("--dialect is guide or sdk", "--demo", "--dialect", "x")]
    [InlineData("nowhere.log", "--demo", "--records", "/nowhere/nowhere.log")]
    public async Task Wrong_arguments_are_told_by_every_call(string says, params string[] args)
    {
        await using var client = await ConnectAsync(args, []);

        var (isError, text) = await CallAsync(client, "find_devices");
        Assert.True(isError);
        Assert.Contains(says, text, StringComparison.Ordinal);
        Assert.Contains(says, (await CallAsync(client, "check_appliance")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_lists_everything_that_is_wrong_at_once()
    {
        await using var client = await ConnectAsync([],
            ["DARKTRACE_HOST=http://x.example", "DARKTRACE_TIMEOUT=0", "DTMCP_CACHE_MB=x", "DTMCP_FOO=1", "DARKTRACE_PUBLIC_TOKEN=good"]);

        var answer = JsonElement.Parse((await CallAsync(client, "check_appliance", ("format", "json"))).Text);

        var rows = answer.GetProperty("tables").GetProperty("checks").GetProperty("rows").EnumerateArray().ToDictionary(
            row => row.GetProperty("check").GetString()!, row => row.GetProperty("result").GetString());
        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["settings"] = "not_set_up",
                ["DARKTRACE_HOST"] = "not_set_up",
                ["DARKTRACE_PRIVATE_TOKEN"] = "not_set_up",
                ["DARKTRACE_TIMEOUT"] = "not_set_up",
                ["DTMCP_CACHE_MB"] = "not_set_up",
                ["DARKTRACE_PUBLIC_TOKEN"] = "ok",
            },
            rows);
        Assert.Contains("5 things are wrong", (await CallAsync(client, "find_devices")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_the_file_is_mended_the_next_call_answers()
    {
        await using var appliance = await ApplianceSimulator.StartAsync(
            new SimulatorOptions { PublicToken = PublicToken, PrivateToken = PrivateToken, Connections = 500, Days = 1 },
            TimeProvider.System, Token);
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await using var client = await ConnectAsync([],
                [$"DARKTRACE_HOST={appliance.Address}", $"DARKTRACE_PUBLIC_TOKEN={PublicToken}", $"DARKTRACE_PRIVATE_TOKEN_FILE={file}"]);
            Assert.Contains("cannot be read", (await CallAsync(client, "summarize_network_traffic")).Text, StringComparison.Ordinal);

            await File.WriteAllTextAsync(file, PrivateToken + "\n", Token);

            var (isError, text) = await CallAsync(client, "summarize_network_traffic");
            Assert.False(isError, text);
            Assert.StartsWith("# summarize_network_traffic", text, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_process_says_it_on_stderr_too_and_ends_with_2()
    {
        var (code, output, error) = await Published.RunAsync(Published.Start());

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith("dtmcp: Nothing is set up yet.", error, StringComparison.Ordinal);
    }

    private static async Task<McpClient> ConnectAsync(string[] args, string[] environment)
    {
        var start = Published.Start(args);
        var variables = environment.Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => (string?)pair[1]);
        return await McpClient.CreateAsync(
            new StdioClientTransport(new StdioClientTransportOptions
            {
                Command = start.FileName,
                Arguments = [.. start.ArgumentList],
                EnvironmentVariables = variables,
            }),
            cancellationToken: Token);
    }

    private static async Task<(bool IsError, string Text)> CallAsync(
        McpClient client, string tool, params (string Name, object? Value)[] given)
    {
        var result = await client.CallToolAsync(tool, given.ToDictionary(pair => pair.Name, pair => pair.Value), cancellationToken: Token);
        return (result.IsError is true, Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }
}
