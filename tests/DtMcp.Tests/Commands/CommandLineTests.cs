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
