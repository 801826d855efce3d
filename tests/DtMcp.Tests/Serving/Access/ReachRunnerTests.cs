using System.Text.Json;
using DtMcp.Running;
using DtMcp.Serving.Access;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Serving.Access;

/// <summary>All appliances are all that the caller has, on a server that has more.</summary>
public sealed class ReachRunnerTests
{
    [Theory]
    [InlineData("{}", "paris")]
    [InlineData("""{"appliance":"all"}""", "paris,rome")]
    [InlineData("""{"appliance":["All"]}""", "paris,rome")]
    [InlineData("""{"appliance":"rome, paris"}""", "rome, paris")]
    [InlineData("""{"appliance":"rome"}""", "rome")]
    public async Task All_is_what_the_caller_has(string arguments, string asked)
    {
        var (runner, outcome) = await RunAsync(arguments);
        Assert.False(outcome.IsError, outcome.Text);
        Assert.Equal(asked, runner.Appliance);
    }

    [Theory]
    [InlineData("""{"appliance":"london,rome"}""")]
    [InlineData("""{"appliance":"london"}""")]
    public async Task What_the_caller_has_not_is_not_asked_among_others(string arguments)
    {
        var (runner, outcome) = await RunAsync(arguments);
        Assert.Equal(
            "invalid_argument: appliance is \"london\". It takes paris, rome or all, several with commas between them.", outcome.Text);
        Assert.Null(runner.Appliance);
    }

    private static async Task<(Noting Runner, ToolOutcome Outcome)> RunAsync(string arguments)
    {
        Asker.Enter(new Asker(new Reach([new Grant(null, new HashSet<string> { "paris", "rome" })]), null!));
        var runner = new Noting();
        var outcome = await new ReachRunner(runner).RunAsync(
            ToolCatalog.Find("summarize_network_traffic")!,
            JsonElement.Parse(arguments).EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value)),
            false, null, TestContext.Current.CancellationToken);
        return (runner, outcome);
    }

    private sealed class Noting : IToolRunner
    {
        public string? Appliance { get; private set; }

        public string? Notice => null;

        public bool IsStructured => false;

        public IReadOnlyList<ToolDefinition> Tools => ToolCatalog.All;

        public IReadOnlyList<string> Appliances { get; } = ["london", "paris", "rome"];

        public IReadOnlyList<Parameter> ParametersOf(ToolDefinition tool) => [Parameters.Appliance(Appliances), .. tool.Parameters];

        public Task<ToolOutcome> RunAsync(
            ToolDefinition tool, IEnumerable<KeyValuePair<string, JsonElement>> given, bool noBudget, IProgress<AskProgress>? progress,
            CancellationToken cancellationToken)
        {
            Appliance = given.First(argument => argument.Key == "appliance").Value.GetString();
            return Task.FromResult(new ToolOutcome("", null, IsError: false));
        }
    }
}
