using System.Text.Json;
using DtMcp.Running;
using DtMcp.Tools;
using DtMcp.Traffic;
using Microsoft.Extensions.Logging.Abstractions;

namespace DtMcp.Tests.Joining;

/// <summary>
/// Records of two sites with hosts outside in common, behind an appliance each: asked together they answer what one appliance does that
/// holds all.
/// </summary>
public sealed class SeveralAppliancesTests(Sites sites) : IClassFixture<Sites>
{
    private static readonly HashSet<string> Apart =
        ["appliance", "did", "source_did", "destination_did", "peers", "destinations", "targets"];

    [Theory]
    [InlineData("summarize_network_traffic", "{}")]
    [InlineData("summarize_external_traffic", "{}")]
    [InlineData("analyze_protocols_and_ports", "{}")]
    [InlineData("analyze_bandwidth", "{}")]
    [InlineData("aggregate_traffic", """{"by":"port","measure":"packets"}""")]
    [InlineData("aggregate_traffic", """{"by":"hour"}""")]
    [InlineData("aggregate_traffic", """{"by":"protocol,port","measure":"connections","sort":"ascending"}""")]
    [InlineData("aggregate_traffic", """{"by":"peer","measure":"connections","intext":"external"}""")]
    [InlineData("get_network_traffic", """{"sort":"bytes"}""")]
    [InlineData("get_network_traffic", "{}")]
    public async Task Together_they_answer_what_one_does_that_holds_all(string tool, string arguments)
    {
        var together = await AskAsync(tool, arguments, "all", "north", "south");
        var whole = await AskAsync(tool, arguments, null, "whole");

        var totals = 0;
        foreach (var total in together.GetProperty("totals").EnumerateObject())
        {
            Assert.Equal(whole.GetProperty("totals").GetProperty(total.Name).ToString(), total.Value.ToString());
            totals++;
        }

        Assert.InRange(totals, 2, 20);
        foreach (var table in whole.GetProperty("tables").EnumerateObject())
        {
            var joined = together.GetProperty("tables").GetProperty(table.Name);
            Assert.Equal(table.Value.GetProperty("of").GetInt64(), joined.GetProperty("of").GetInt64());
            var rows = table.Value.GetProperty("rows").EnumerateArray().Select(Told).ToList();
            var joinedRows = joined.GetProperty("rows").EnumerateArray().ToList();
            Assert.All(joinedRows, row => Assert.Matches("^(north|south|north, south)$", row.GetProperty("appliance").GetString()));
            Assert.Equal(rows, joinedRows.Select(Told));
        }
    }

    [Fact]
    public async Task What_is_made_of_them_takes_its_turn_as_all_answers_do()
    {
        var gate = new WorkGate(1L << 40, TimeSpan.FromMinutes(1), TimeProvider.System);
        var runner = new ToolRunner(sites.Of(["north", "south"], gate), NullLoggerFactory.Instance);
        var tool = ToolCatalog.Find("summarize_network_traffic")!;
        var first = await AskAsync();
        // What was found is kept: what is left to do is to write it.
        var held = await gate.EnterAsync(1L << 40, TestContext.Current.CancellationToken);
        var asking = AskAsync();
        while (!asking.IsCompleted && gate.Waiting == 0)
        {
            await Task.Yield();
        }

        Assert.Equal((1, false), (gate.Waiting, asking.IsCompleted));
        held.Dispose();
        Assert.False((await asking).IsError);
        Assert.Equal(first.Text.Length, (await asking).Text.Length);

        Task<ToolOutcome> AskAsync() => runner.RunAsync(tool,
            JsonElement.Parse("""{"from":"2026-01-15 08:00:00","to":"2026-01-15 12:00:00","appliance":"all"}""").EnumerateObject()
                .Select(argument => KeyValuePair.Create(argument.Name, argument.Value)),
            noBudget: false, null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_row_says_whose_it_is_and_adds_up_what_several_saw()
    {
        var together = await AskAsync("summarize_external_traffic", "{}", "north,south", "north", "south", "whole");
        Assert.Equal("north, south", together.GetProperty("scope").GetProperty("appliance").GetString());
        var destinations = together.GetProperty("tables").GetProperty("destinations").GetProperty("rows").EnumerateArray().ToList();
        Assert.Contains(destinations, row => row.GetProperty("appliance").GetString() == "north, south");
        var sources = together.GetProperty("tables").GetProperty("sources").GetProperty("rows").EnumerateArray().ToList();
        Assert.Contains(sources, row => row.GetProperty("appliance").GetString() == "north");
        Assert.Contains(sources, row => row.GetProperty("appliance").GetString() == "south");
        var each = together.GetProperty("tables").GetProperty("appliances").GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(together.GetProperty("totals").GetProperty("connections").GetInt64(),
            each.Sum(row => row.GetProperty("connections").GetInt64()));
        Assert.All(together.GetProperty("next").EnumerateArray(), call => Assert.Matches(" appliance=(north|south)$", call.GetString()));
    }

    [Fact]
    public async Task What_several_have_different_numbers_of_is_not_added_up_nor_ranked_last()
    {
        var together = await AskAsync("aggregate_traffic", """{"by":"port","measure":"peers"}""", "all", "north", "south");
        var rows = together.GetProperty("tables").GetProperty("groups").GetProperty("rows").EnumerateArray().ToList();
        Assert.InRange(rows.Count, 2, 20);
        Assert.All(rows, row => Assert.Matches("^(north|south)$", row.GetProperty("appliance").GetString()));
        var peers = rows.ConvertAll(row => row.GetProperty("peers").GetInt64());
        Assert.Equal(peers.OrderDescending(), peers);
        Assert.Contains(together.GetProperty("notes").EnumerateArray(), note => note.GetString()!.Contains("may be the same ones"));
    }

    [Fact]
    public async Task One_that_fails_costs_its_own_part_and_is_named()
    {
        var together = await AskAsync("summarize_network_traffic", "{}", "all", "north", "broken");
        var alone = await AskAsync("summarize_network_traffic", "{}", "north", "north", "broken");
        Assert.Equal(
            alone.GetProperty("totals").GetProperty("bytes").GetInt64(), together.GetProperty("totals").GetProperty("bytes").GetInt64());
        var each = together.GetProperty("tables").GetProperty("appliances").GetProperty("rows").EnumerateArray()
            .ToDictionary(row => row.GetProperty("appliance").GetString()!, row => row.GetProperty("answer").GetString());
        Assert.Equal("answered", each["north"]);
        Assert.Equal("permission_denied", each["broken"]);
        Assert.StartsWith("broken is in none of the figures: permission_denied: ",
            together.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);

        var outcome = await CallAsync("summarize_network_traffic", "{}", "broken", "north", "broken");
        Assert.StartsWith("permission_denied: ", outcome.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"did":3}""", "did is of one appliance")]
    [InlineData("""{"viewsubnet":3}""", "viewsubnet is of one appliance")]
    public async Task What_is_one_appliances_own_number_is_not_asked_of_several(string arguments, string says)
    {
        var outcome = await CallAsync("get_network_traffic", arguments, "all", "north", "south");
        Assert.True(outcome.IsError);
        Assert.StartsWith("invalid_argument: " + says, outcome.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hunt_traffic")]
    [InlineData("compare_traffic")]
    [InlineData("list_alerts")]
    [InlineData("lookup_names")]
    [InlineData("check_appliance")]
    public async Task Every_other_tool_says_whose_each_row_is(string tool)
    {
        var arguments = tool == "lookup_names" ? """{"ip":"10.1.0.3"}""" : "{}";
        var together = await AskAsync(tool, arguments, "all", "north", "south");
        var rows = together.GetProperty("tables").EnumerateObject()
            .SelectMany(table => table.Value.GetProperty("rows").EnumerateArray()).ToList();
        Assert.InRange(rows.Count, 2, int.MaxValue);
        Assert.All(rows, row => Assert.Matches("^(north|south|north, south)$", row.GetProperty("appliance").GetString()));
    }

    private async Task<JsonElement> AskAsync(string tool, string arguments, string? appliance, params string[] configured)
    {
        var outcome = await CallAsync(tool, arguments, appliance, configured);
        Assert.False(outcome.IsError, outcome.Text);
        return JsonElement.Parse(outcome.Text);
    }

    private async Task<ToolOutcome> CallAsync(string tool, string arguments, string? appliance, params string[] configured)
    {
        var investigators = sites.Of(configured);
        var definition = ToolCatalog.Find(tool)!;
        var window = definition.Parameters.Any(parameter => parameter.Name == "from") ? new Dictionary<string, string>
        {
            ["from"] = "2026-01-15 08:00:00",
            ["to"] = "2026-01-15 12:00:00",
        } : [];
        if (definition.Parameters.Any(parameter => parameter.Name == "format"))
        {
            (window["format"], window["detail"]) = ("json", "full");
        }

        if (appliance is not null)
        {
            window["appliance"] = appliance;
        }

        var given = JsonElement.Parse(arguments).EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value))
            .Concat(window.Select(pair => KeyValuePair.Create(pair.Key, JsonElement.Parse($"\"{pair.Value}\""))));
        return await new ToolRunner(investigators, NullLoggerFactory.Instance).RunAsync(
            definition, given, false, null, TestContext.Current.CancellationToken);
    }

    // A row without whose it is, its device's number, and what differs on purpose: lists are in another order, and how many different
    // ones there are is not told of several.
    private static string Told(JsonElement row) => string.Join('|', row.EnumerateObject()
        .Where(cell => !Apart.Contains(cell.Name) && !cell.Name.EndsWith("_of", StringComparison.Ordinal))
        .Select(cell => cell.Value.ValueKind == JsonValueKind.Array
            ? $"{cell.Name}={string.Join(',', cell.Value.EnumerateArray().Select(value => value.ToString()).Order(StringComparer.Ordinal))}"
            : $"{cell.Name}={cell.Value}"));
}
