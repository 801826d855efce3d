using System.Text.Json;
using System.Text.RegularExpressions;
using DtMcp.Serving;
using DtMcp.Tests.Support;
using DtMcp.Tools;
using ModelContextProtocol;

namespace DtMcp.Tests.Tools;

/// <summary>
/// What holds for every tool, asked through its front door: JSON arguments in, the text that a model reads out. Each tool has its own class
/// of this.
/// </summary>
public abstract partial class ToolTests(ToolAppliances appliances)
{
    /// <summary>The tool, by its name.</summary>
    protected abstract string Tool { get; }

    /// <summary>Arguments, as JSON, of the answers that are kept beside the tests.</summary>
    protected abstract string Arguments { get; }

    /// <summary>Arguments that are refused, and what the refusal says.</summary>
    protected abstract IReadOnlyList<(string Arguments, string Says)> Mistakes { get; }

    /// <summary>A fault of the emulated appliance, and how the tool's error or answer begins to name it.</summary>
    protected abstract (string Name, string Code) Fault { get; }

    [Fact]
    public void It_is_listed_as_its_snapshot_has_it()
    {
        var tool = ToolCatalog.Find(Tool)!;
        var json = JsonSerializer.Serialize(ToolServer.Describe(tool, tool.Parameters), McpJsonUtilities.DefaultOptions);
        Snapshot.Matches($"Tools/Snapshots/{Tool}.json", JsonElement.Parse(json));
    }

    [Fact]
    public async Task Its_answer_from_records_is_as_its_snapshot_has_it() =>
        IsAsKept("records", await appliances.CallAsync(Tool, Arguments));

    [Fact]
    public async Task Its_answer_from_connectivity_is_as_its_snapshot_has_it() =>
        IsAsKept("connectivity", await appliances.CallAsync(Tool, Arguments, "advancedsearch"));

    [Theory]
    [InlineData("")]
    [InlineData("advancedsearch")]
    public async Task Each_call_that_its_answer_leads_to_can_be_made(string without)
    {
        var (text, _) = await appliances.CallAsync(Tool, Arguments, without);
        foreach (var line in text.Split('\n').SkipWhile(line => line != "next:").Skip(1).Where(line => line.Length > 0))
        {
            var call = NextCall().Match(line);
            Dictionary<string, string> arguments = call.Groups["name"].Captures.Zip(call.Groups["value"].Captures)
                .ToDictionary(pair => pair.First.Value, pair => pair.Second.Value.Trim('"'));

            Assert.True(call.Success, line);
            var answer = await appliances.CallAsync(call.Groups["tool"].Value, JsonSerializer.Serialize(arguments), without);

            Assert.False(answer.IsError, $"{line}: {answer.Text}");
        }
    }

    [Fact]
    public async Task A_bad_argument_is_refused_with_what_to_do_and_nothing_is_sent()
    {
        Assert.NotEmpty(Mistakes);
        foreach (var (arguments, says) in Mistakes)
        {
            using var wire = new StubWire();
            using var client = Clients.Over(wire, ToolCalls.Clock);

            var (text, isError) = await ToolAppliances.CallAsync(client, ToolCalls.Clock, Tool, arguments);

            Assert.True(isError, text);
            Assert.StartsWith("invalid_argument: ", text, StringComparison.Ordinal);
            Assert.Contains(says, text, StringComparison.Ordinal);
            Assert.Empty(wire.Asked);
        }
    }

    [Fact]
    public async Task A_fault_of_the_appliance_is_named()
    {
        var (text, isError) = await ToolAppliances.CallFaultyAsync(Fault.Name, Tool, Arguments);

        Told(text, isError, Fault.Code);
    }

    /// <summary>How a fault shows: as the error of the call, save where it is what was asked for.</summary>
    protected virtual void Told(string text, bool isError, string code)
    {
        Assert.True(isError, text);
        Assert.StartsWith($"{code}: ", text, StringComparison.Ordinal);
    }

    [GeneratedRegex("""^- `(?<tool>[a-z_]+)( (?<name>[a-z_]+)=(?<value>"[^"]*"|[^ ]+))*`$""")]
    private static partial Regex NextCall();

    private void IsAsKept(string evidence, (string Text, bool IsError) answer)
    {
        Assert.False(answer.IsError, answer.Text);
        Snapshot.Matches($"Tools/Snapshots/{Tool}.{evidence}.md", answer.Text);
    }
}
