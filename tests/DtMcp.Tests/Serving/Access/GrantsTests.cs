using System.Net;
using System.Security.Claims;
using System.Text.Json;
using DtMcp.Configuration;
using DtMcp.Prompts;
using DtMcp.Serving.Access;
using DtMcp.Tests.Support;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Serving.Access;

/// <summary>Somebody may use some tools and appliances; nothing tells them of the others.</summary>
public sealed class GrantsTests(TwoAppliances appliances) : IClassFixture<TwoAppliances>, IDisposable
{
    private static readonly IReadOnlyList<string> Few = ["summarize_network_traffic", "check_appliance"];

    private readonly string _file = Path.GetTempFileName();
    private readonly FakeTimeProvider _clock = new();
    private readonly (string Token, string Line) _all = TokenList.Make("all");
    private readonly (string Token, string Line) _few = TokenList.Make("few", $"tools={string.Join(',', Few)}", "appliances=paris");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task What_one_may_not_use_is_in_no_list()
    {
        await using var served = await BearerAsync();
        Assert.Equal(ToolCatalog.All.Count + 1, (await NamesAsync(served, _all.Token, "tools/list", "tools")).Length);
        Assert.Equal<string[]>([.. Few, "draw_answer"], await NamesAsync(served, _few.Token, "tools/list", "tools"));
        Assert.Equal(7, (await NamesAsync(served, _all.Token, "prompts/list", "prompts")).Length);
        Assert.Empty(await NamesAsync(served, _few.Token, "prompts/list", "prompts"));
        Assert.Equal<string[]>(["device", "endpoint"],
            await NamesAsync(served, _all.Token, "resources/templates/list", "resourceTemplates"));
        Assert.Empty(await NamesAsync(served, _few.Token, "resources/templates/list", "resourceTemplates"));

        var tools = (await AskAsync(served, _few.Token, "tools/list")).GetRawText();
        Assert.Contains("paris", tools, StringComparison.Ordinal);
        Assert.DoesNotContain("london", tools, StringComparison.Ordinal);
        Assert.Contains("london", (await AskAsync(served, _all.Token, "tools/list")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_was_made_for_all_is_not_given_to_a_client_without_pictures_that_has_less()
    {
        await using var served = await BearerAsync();
        const string NoPictures = """
            {"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}
            """;
        Assert.Equal(ToolCatalog.Names, await ListAsync(_all.Token));
        Assert.Equal(Few, await ListAsync(_few.Token));
        Assert.Equal(ToolCatalog.Names, await ListAsync(_all.Token));

        async Task<IEnumerable<string>> ListAsync(string token)
        {
            var answer = await served.RpcAsync("tools/list", NoPictures, Bearer(token), ("MCP-Protocol-Version", "2026-07-28"),
                ("Mcp-Method", "tools/list"));
            return answer.GetProperty("result").GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!);
        }
    }

    [Fact]
    public async Task No_cache_may_show_one_callers_list_to_another()
    {
        await using var served = await BearerAsync();
        foreach (var method in new[] { "tools/list", "prompts/list", "resources/list", "resources/templates/list" })
        {
            Assert.Equal("private", (await AskAsync(served, _all.Token, method)).GetProperty("cacheScope").GetString());
        }
    }

    [Fact]
    public async Task The_words_of_the_server_name_only_what_there_is_for_the_caller()
    {
        await using var served = await BearerAsync();
        const string Hello = """{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}""";
        var words = (await AskAsync(served, _few.Token, "initialize", Hello)).GetProperty("instructions").GetString()!;
        Assert.Equal(Few.Order(), ToolCatalog.Names.Where(words.Contains).Order());
        Assert.Contains("never as instructions", words, StringComparison.Ordinal);
        var whole = (await AskAsync(served, _all.Token, "initialize", Hello)).GetProperty("instructions").GetString()!;
        Assert.Contains("hunt_traffic", whole, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hunt_traffic")]
    [InlineData("no_such_tool")]
    public async Task A_tool_of_others_is_refused_like_one_that_there_is_not(string tool)
    {
        await using var served = await BearerAsync();
        var before = Asked;
        var said = await served.ToolAsync(tool, "{}", Bearer(_few.Token));
        Assert.StartsWith($"There is no tool \"{tool}\". ", said, StringComparison.Ordinal);
        Assert.EndsWith("The tools are summarize_network_traffic, check_appliance.", said, StringComparison.Ordinal);
        Assert.Equal(Few.Append(tool).Order(), ToolCatalog.Names.Append("no_such_tool").Where(said.Contains).Order());
        var drawn = await served.ToolAsync("draw_answer", $$$"""{"tool":"{{{tool}}}","arguments":{}}""", Bearer(_few.Token));
        Assert.StartsWith($"invalid_argument: There is no tool \"{tool}\"", drawn, StringComparison.Ordinal);
        Assert.Equal(before, Asked);
    }

    [Theory]
    [InlineData("london")]
    [InlineData("LONDON")]
    [InlineData("berlin")]
    public async Task An_appliance_of_others_is_refused_like_one_that_there_is_not(string appliance)
    {
        await using var served = await BearerAsync();
        var before = Asked;
        foreach (var tool in Few)
        {
            var said = await served.ToolAsync(tool, $$"""{"appliance":"{{appliance}}"}""", Bearer(_few.Token));
            Assert.Equal($"invalid_argument: appliance is \"{appliance}\". It takes paris.", said);
        }

        var listed = await served.ToolAsync("draw_answer",
            $$$"""{"tool":"summarize_network_traffic","arguments":{"appliance":["{{{appliance}}}"]}}""", Bearer(_few.Token));
        Assert.StartsWith($"invalid_argument: appliance is \"{appliance}\"", listed, StringComparison.Ordinal);
        Assert.Equal(before, Asked);
    }

    [Theory]
    [InlineData("{}", "paris")]
    [InlineData("""{"appliance":"paris"}""", "paris")]
    [InlineData("""{"appliance":null}""", "paris")]
    [InlineData("""{"appliance":""}""", "paris")]
    public async Task Where_none_is_named_the_first_of_the_callers_own_is_asked(string arguments, string answers)
    {
        await using var served = await BearerAsync();
        var before = appliances.London.Appliance.Requests.Count;
        var few = await served.ToolAsync("summarize_network_traffic", arguments, Bearer(_few.Token));
        Assert.Contains(answers, few, StringComparison.Ordinal);
        Assert.Equal(before, appliances.London.Appliance.Requests.Count);
        Assert.Contains("london", await served.ToolAsync("summarize_network_traffic", "{}", Bearer(_all.Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_lead_on_to_the_callers_own_tools_only_whoever_asked_before()
    {
        await using var served = await BearerAsync();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var whole = await NextAsync(served, _all.Token);
            Assert.Contains(whole, call => !Few.Contains(call.Split(' ')[0]));
            Assert.All(await NextAsync(served, _few.Token), call => Assert.Contains(call.Split(' ')[0], Few));
        }
    }

    [Fact]
    public async Task Resources_prompts_and_completions_are_no_way_round()
    {
        await using var served = await BearerAsync();
        var before = Asked;
        var resource = await served.RpcAsync("resources/read", """{"uri":"dtmcp://device/101"}""", Bearer(_few.Token));
        Assert.StartsWith("There is no resource \"dtmcp://device/101\". There is dtmcp://",
            resource.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("{did}", resource.GetRawText(), StringComparison.Ordinal);
        var prompt = await served.RpcAsync("prompts/get", """{"name":"review_day"}""", Bearer(_few.Token));
        Assert.Equal("There is no prompt \"review_day\". The prompts are .",
            prompt.GetProperty("error").GetProperty("message").GetString());
        var completion = await AskAsync(served, _few.Token, "completion/complete",
            """{"ref":{"type":"ref/resource","uri":"dtmcp://device/{did}"},"argument":{"name":"did","value":"1"}}""");
        Assert.Equal(0, completion.GetProperty("completion").GetProperty("values").GetArrayLength());
        Assert.Equal(before, Asked);
    }

    [Fact]
    public async Task Advice_in_an_error_names_no_tool_of_others()
    {
        await using var served = await BearerAsync();
        const string Wrong = """{"hostname":"nobody-is-called-this"}""";
        var whole = await served.ToolAsync("summarize_network_traffic", Wrong, Bearer(_all.Token));
        Assert.Contains("find_devices", whole, StringComparison.Ordinal);
        var said = await served.ToolAsync("summarize_network_traffic", Wrong, Bearer(_few.Token));
        Assert.StartsWith("invalid_argument: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("find_devices", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_the_server_says_of_itself_names_a_tool_of_others()
    {
        foreach (var tool in ToolCatalog.Names)
        {
            var (token, line) = TokenList.Make("one", $"tools={tool}");
            await File.WriteAllTextAsync(_file, line, Cancelled);
            await using var served = await Served.StartAsync(appliances.Runner, _clock, [("DTMCP_TOKENS_FILE", _file)]);
            const string Hello = """{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}""";
            const string Guide = $$"""{"uri":"{{AnswerGuide.Uri}}"}""";
            string[] said =
            [
                (await AskAsync(served, token, "tools/list")).GetRawText(),
                (await AskAsync(served, token, "initialize", Hello)).GetRawText(),
                (await AskAsync(served, token, "resources/read", Guide)).GetRawText(),
            ];
            Assert.Contains(tool, said[0], StringComparison.Ordinal);
            Assert.All(said, text => Assert.DoesNotContain(ToolCatalog.Names, other => other != tool && text.Contains(other)));
        }

        await using var all = await BearerAsync();
        Assert.Contains(
            Parameters.Metric.Description, (await AskAsync(all, _all.Token, "tools/list")).GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hunt_traffic", """{"last":"24h"}""", "list_alerts has them.")]
    [InlineData("hunt_traffic", """{"last":"24h","appliance":"all"}""", "list_alerts has them.")]
    [InlineData("get_network_traffic", """{"from":"2020-01-01 00:00:00","to":"2020-01-01 01:00:00"}""", "check_appliance tells ")]
    public async Task A_note_names_no_tool_of_others(string tool, string arguments, string advice)
    {
        var (token, line) = TokenList.Make("one", $"tools={tool}");
        await File.WriteAllTextAsync(_file, $"{line}\n{_all.Line}", Cancelled);
        await using var served = await Served.StartAsync(appliances.Runner, _clock, [("DTMCP_TOKENS_FILE", _file)]);
        var whole = await served.ToolAsync(tool, arguments, Bearer(_all.Token));
        Assert.Contains(advice, whole, StringComparison.Ordinal);
        var said = await served.ToolAsync(tool, arguments, Bearer(token));
        Assert.Contains("\nnotes:\n", said, StringComparison.Ordinal);
        Assert.DoesNotContain(ToolCatalog.Names, other => other != tool && said.Contains(other));
    }

    [Fact]
    public async Task A_change_of_the_file_holds_for_the_next_call()
    {
        await using var served = await BearerAsync();
        Assert.Equal(3, (await NamesAsync(served, _few.Token, "tools/list", "tools")).Length);
        await File.WriteAllTextAsync(_file, $"{_all.Line}\n{_few.Line.Split(" tools=")[0]} tools=check_appliance\n", Cancelled);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal<string[]>(["check_appliance"], await NamesAsync(served, _few.Token, "tools/list", "tools"));
    }

    [Theory]
    [InlineData("alice", null, 4)]
    [InlineData("bob", null, 1)]
    [InlineData("bob", "soc", 2)]
    [InlineData("carol jones", null, 2)]
    [InlineData("carol", null, 1)]
    [InlineData("@soc", null, 1)]
    [InlineData("*", null, 1)]
    public async Task Claims_of_a_token_grant_by_name_and_by_group(string subject, string? group, int tools)
    {
        await File.WriteAllTextAsync(_file, """
            # who may use what
            * tools=check_appliance
            alice tools=find_devices,list_alerts
            alice tools=hunt_traffic   appliances=paris
            @soc tools=list_filter_values
            "carol jones" tools=list_filter_values # with a blank
            """, Cancelled);
        await using var issuer = await Issuer.StartAsync();
        await using var served = await Served.StartAsync(appliances.Runner, TimeProvider.System,
            [.. issuer.Settings, ("DTMCP_GRANTS_FILE", _file), ("DTMCP_OAUTH_GROUPS_CLAIM", "roles")]);
        var token = issuer.Token(made => made.Subject = new ClaimsIdentity(
            [
                new("sub", subject), new("scope", Issuer.Scope), new("groups", "soc"),
                .. group is null ? [] : new Claim[] { new("roles", group) },
            ]));
        var names = (await NamesAsync(served, token, "tools/list", "tools")).Where(name => name != "draw_answer");
        Assert.Equal(tools, names.Count());
    }

    [Fact]
    public async Task A_scope_of_the_token_can_be_the_group()
    {
        await File.WriteAllTextAsync(_file, "@dtmcp.hunt tools=hunt_traffic\n@dtmcp.read tools=check_appliance", Cancelled);
        await using var issuer = await Issuer.StartAsync();
        await using var served = await Served.StartAsync(appliances.Runner, TimeProvider.System,
            [.. issuer.Settings, ("DTMCP_GRANTS_FILE", _file), ("DTMCP_OAUTH_GROUPS_CLAIM", "scope")]);
        Assert.Equal<string[]>(["check_appliance"], await NamesAsync(served, issuer.Token(), "tools/list", "tools"));
        var hunter = issuer.Token(made => made.Subject = new ClaimsIdentity([new("sub", "x"), new("scope", "dtmcp.read dtmcp.hunt")]));
        Assert.Equal<string[]>(["hunt_traffic", "check_appliance", "draw_answer"], await NamesAsync(served, hunter, "tools/list", "tools"));
    }

    [Fact]
    public async Task A_gateways_user_who_has_no_line_may_use_nothing()
    {
        await File.WriteAllTextAsync(_file, "alice tools=check_appliance", Cancelled);
        await using var served = await Served.StartAsync(appliances.Runner, TimeProvider.System,
        [
            ("DTMCP_IDENTITY", "header"), ("DTMCP_IDENTITY_HEADER", "X-Forwarded-User"), ("DTMCP_TRUSTED_PROXIES", "127.0.0.1"),
            ("DTMCP_GRANTS_FILE", _file),
        ]);
        using var alice = await served.AskAsync(("X-Forwarded-User", "alice"));
        Assert.Equal(HttpStatusCode.OK, alice.StatusCode);
        using var eve = await served.AskAsync(("X-Forwarded-User", "eve"));
        Assert.Equal(HttpStatusCode.Forbidden, eve.StatusCode);
        Assert.Equal("There is nothing here that you may use. Ask whoever runs this server.",
            await eve.Content.ReadAsStringAsync(Cancelled));
    }

    [Theory]
    [InlineData("alice tools=hunt_trafic", "Line 1 ")]
    [InlineData("alice\n\nbob appliances=berlin", "Line 3 ")]
    [InlineData("alice tools=", "Line 1 ")]
    [InlineData("alice tool=hunt_traffic", "neither tools=")]
    [InlineData("alice tools=hunt_traffic tools=*", "twice")]
    [InlineData("# nobody", "has no line")]
    public void A_line_that_cannot_be_followed_is_named(string text, string says)
    {
        var refused = Assert.Throws<SetupException>(() => Grants.Parse(text, ["london", "paris"]));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DTMCP_GRANTS_FILE", "/grants", "DTMCP_TOKENS_FILE", "/tokens", "behind the token's line")]
    [InlineData("DTMCP_GRANTS_FILE", "/grants", null, null, "neither is of use")]
    [InlineData("DTMCP_OAUTH_GROUPS_CLAIM", "roles", null, null, "DTMCP_IDENTITY is none")]
    public void A_file_that_would_be_without_effect_stops_the_start(string name, string value, string? other, string? its, string says)
    {
        (string, string)[] settings = other is null ? [(name, value)] : [(name, value), (other, its!)];
        Assert.Contains(says, Assert.Throws<SetupException>(() => Served.Options(settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_writes_what_a_token_is_for_into_its_line()
    {
        var (code, output, _) = await Published.RunAsync(
            Published.Start("token", "alice", "--tools", "hunt_traffic, list_alerts", "--appliances", "london"));
        Assert.Equal(0, code);
        Assert.EndsWith(" tools=hunt_traffic,list_alerts appliances=london", output.TrimEnd().Split('\n')[1], StringComparison.Ordinal);
        var (wrong, _, error) = await Published.RunAsync(Published.Start("token", "alice", "--tools", "hunt"));
        Assert.Equal(2, wrong);
        Assert.Contains("names a tool that there is not", error, StringComparison.Ordinal);
    }

    private int Asked => appliances.London.Appliance.Requests.Count + appliances.Paris.Appliance.Requests.Count;

    private static (string, string) Bearer(string token) => ("Authorization", $"Bearer {token}");

    private static async Task<JsonElement> AskAsync(Served served, string token, string method, string parameters = "{}") =>
        (await served.RpcAsync(method, parameters, Bearer(token))).GetProperty("result");

    private static async Task<string[]> NamesAsync(Served served, string token, string method, string list) =>
    [
        .. (await AskAsync(served, token, method)).GetProperty(list).EnumerateArray().Select(one => one.GetProperty("name").GetString()!),
    ];

    private static async Task<string[]> NextAsync(Served served, string token)
    {
        var text = await served.ToolAsync("summarize_network_traffic", """{"appliance":"paris","format":"json"}""", Bearer(token));
        return [.. JsonElement.Parse(text).GetProperty("next").EnumerateArray().Select(call => call.GetString()!)];
    }

    private async Task<Served> BearerAsync()
    {
        await File.WriteAllTextAsync(_file, $"{_all.Line}\n{_few.Line}\n", Cancelled);
        return await Served.StartAsync(appliances.Runner, _clock, [("DTMCP_TOKENS_FILE", _file)]);
    }
}
