using System.Text.Json;
using DtMcp.Commands;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Tools;

namespace DtMcp.Tests.Commands;

public class CommandLineTests
{
    private static readonly string[] SmallDemo = ["--demo", "--connections", "500", "--days", "1"];

    [Fact]
    public async Task Call_prints_the_answer_and_nothing_else()
    {
        var (code, output, error) = await RunAsync(["call", "summarize_network_traffic", "last=1h", "--format", "json", .. SmallDemo]);
        Assert.Equal(0, code);
        Assert.Equal("summarize_network_traffic", JsonElement.Parse(output).GetProperty("tool").GetString());
        Assert.Empty(error);
    }

    [Fact]
    public async Task A_tools_error_goes_to_stderr_with_exit_code_1()
    {
        var (code, output, error) = await RunAsync(["call", "summarize_network_traffic", "lst=1h", .. SmallDemo]);
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.StartsWith("invalid_argument: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Did you mean summarize_network_traffic?", "call", "summarise_network_traffic", "--demo")]
    [InlineData("name=value", "call", "summarize_network_traffic", "last", "--demo")]
    [InlineData("given twice", "call", "summarize_network_traffic", "last=1h", "last=2h", "--demo")]
    [InlineData("given twice", "call", "summarize_network_traffic", "format=csv", "--format", "json", "--demo")]
    [InlineData("Add --demo", "call", "summarize_network_traffic", "--fault", "busy")]
    [InlineData("Nothing is set up yet", "call", "summarize_network_traffic")]
    [InlineData("Nothing is set up yet")]
    [InlineData("--help", "call")]
    [InlineData("--help", "--nonsense")]
    [InlineData("--help", "frobnicate")]
    [InlineData("--dialect is guide or sdk", "check", "--demo", "--dialect", "x")]
    [InlineData("--now", "check", "--demo", "--now", "noon")]
    [InlineData("--delay takes a time", "check", "--demo", "--delay", "soon")]
    [InlineData("delay is 660000 ms", "check", "--demo", "--delay", "11m")]
    [InlineData("loopback", "serve", "--demo", "--urls", "http://0.0.0.0:0")]
    [InlineData("Did you mean claude-code?", "setup", "claude-cod")]
    [InlineData("--via is binary, dnx or container", "setup", "cursor", "--via", "npx")]
    [InlineData("no file to write", "setup", "jetbrains", "--write")]
    [InlineData("--url is where serve listens", "health", "--url", "here")]
    [InlineData("loopback", "simulate", "--urls", "http://0.0.0.0:0")]
    [InlineData("--internal", "call", "summarize_network_traffic", "--demo", "--internal", "10.0.0.0/99")]
    public async Task Wrong_usage_is_exit_code_2_with_a_remedy_on_stderr(string says, params string[] args)
    {
        var (code, output, error) = await RunAsync(args);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_lists_every_tool_and_parameter_without_an_appliance()
    {
        var (code, output, _) = await RunAsync(["tools"]);
        Assert.Equal(0, code);
        Assert.All(ToolCatalog.All, tool =>
        {
            Assert.Contains($"{tool.Name}: ", output, StringComparison.Ordinal);
            Assert.All(tool.Parameters, parameter => Assert.Contains($"  {parameter.Name} (", output, StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Check_finds_the_emulated_appliance_usable()
    {
        var (code, output, _) = await RunAsync(["check", .. SmallDemo]);
        Assert.Equal(0, code);
        Assert.NotEmpty(output);
    }

    [Fact]
    public async Task Check_says_what_is_wrong_with_exit_code_1()
    {
        var (code, output, _) = await RunAsync(["check", .. SmallDemo, "--fault", "signature"]);
        Assert.Equal(1, code);
        Assert.Contains("signature_rejected", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("signature", "one pair")]
    [InlineData("date", "timedatectl")]
    [InlineData("permission", "administrator")]
    [InlineData("not-found", "goes on without it")]
    [InlineData("error-500", "DARKTRACE_MAX_CONCURRENCY=1")]
    public async Task Check_fix_says_the_steps_for_what_it_found(string fault, string step)
    {
        var (code, output, _) = await RunAsync(["check", "--fix", .. SmallDemo, "--fault", fault]);
        Assert.Equal(1, code);
        Assert.Contains("\n1. network: ", output, StringComparison.Ordinal);
        Assert.Contains(step, output, StringComparison.Ordinal);
        Assert.Contains("run dtmcp check --fix again", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_fix_of_a_good_appliance_has_nothing_to_mend()
    {
        var (code, output, _) = await RunAsync(["check", "--fix", .. SmallDemo]);
        Assert.Equal(0, code);
        Assert.EndsWith("There is nothing to mend.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_of_no_set_up_lists_what_is_missing_with_exit_code_2()
    {
        var (code, output, _) = await RunAsync(["check", "--fix"]);
        Assert.Equal(2, code);
        Assert.Contains("Nothing is set up yet", output, StringComparison.Ordinal);
        Assert.Contains("--demo", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dtmcp che", "check")]
    [InlineData("dtmcp call summarize_e", "summarize_external_traffic")]
    [InlineData("dtmcp call analyze_bandwidth detail=b", "detail=brief")]
    [InlineData("dtmcp call analyze_bandwidth detail=brief refr", "refresh=true", "refresh=false")]
    [InlineData("dtmcp call analyze_bandwidth detail=brief detail=")]
    [InlineData("dtmcp call find_devices que", "query=")]
    [InlineData("dtmcp setup cod", "codex")]
    [InlineData("dtmcp completions z", "zsh")]
    public async Task A_line_that_is_not_whole_is_completed(string line, params string[] words)
    {
        var (code, output, error) = await RunAsync([$"[suggest:{line.Length}]", line]);
        Assert.Equal(0, code);
        Assert.Empty(error);
        Assert.Superset(words.ToHashSet(), output.Split('\n').ToHashSet());
        Assert.DoesNotContain("detail=full", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _dtmcp dtmcp")]
    [InlineData("zsh", "#compdef dtmcp")]
    [InlineData("fish", "complete -c dtmcp")]
    [InlineData("powershell", "Register-ArgumentCompleter -Native -CommandName dtmcp")]
    public async Task Completions_of_a_shell_ask_the_program(string shell, string line)
    {
        var (code, output, _) = await RunAsync(["completions", shell]);
        Assert.Equal(0, code);
        Assert.Contains(line, output, StringComparison.Ordinal);
        Assert.Contains("[suggest:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_prints_the_block_alone_and_says_beside_it_where_it_goes()
    {
        var (code, output, error) = await RunAsync(["setup", "claude-code", "--command", "/opt/dtmcp"]);
        Assert.Equal(0, code);
        Assert.Equal("/opt/dtmcp",
            JsonElement.Parse(output).GetProperty("mcpServers").GetProperty("darktrace").GetProperty("command").GetString());
        Assert.Contains(".mcp.json", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_writes_the_entry_beside_what_is_there()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "mcp.json");
            await File.WriteAllTextAsync(file, """{"mcpServers":{"other":{}}}""", TestContext.Current.CancellationToken);
            var (code, output, _) = await RunAsync(["setup", "cursor", "--demo", "--file", file]);
            Assert.Equal(0, code);
            Assert.StartsWith(file, output, StringComparison.Ordinal);
            var written = JsonElement.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            Assert.Equal(["other", "darktrace"], written.GetProperty("mcpServers").EnumerateObject().Select(server => server.Name));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Health_of_nothing_is_exit_code_1()
    {
        var (code, output, _) = await RunAsync(["health", "--url", "http://127.0.0.1:1"]);
        Assert.Equal(1, code);
        Assert.Equal("no answer\n", output);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Entry.RunAsync(args, new ProcessContext
        {
            Input = () => Stream.Null,
            Output = () => Stream.Null,
            Out = output,
            Error = error,
            Settings = Settings.Read([]),
            Clock = TimeProvider.System,
        });
        return (code, output.ToString(), error.ToString());
    }
}
