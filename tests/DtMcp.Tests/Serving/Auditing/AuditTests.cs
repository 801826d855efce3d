using System.Net;
using System.Text.Json;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Serving.Access;
using DtMcp.Serving.Auditing;
using DtMcp.Tests.Running;
using DtMcp.Tests.Serving.Access;
using DtMcp.Tests.Serving.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Serving.Auditing;

public sealed class AuditTests(DemoInvestigators demo, TwoAppliances appliances)
    : IClassFixture<DemoInvestigators>, IClassFixture<TwoAppliances>, IDisposable
{
    private const string Appliance = "the-private-token-of-the-appliance";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dtmcp-audit");
    private readonly (string Token, string Line) _alice = TokenList.Make("alice");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string AuditFile => Path.Combine(_folder.FullName, "audit.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_call_leaves_who_asked_what_and_what_it_came_to()
    {
        await using var served = await StartAsync();
        const string Summary =
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"summarize_network_traffic","arguments":{"last":"23h"}}}""";
        for (var i = 0; i < 2; i++)
        {
            using var response = await served.PostAsync(Summary, ("Authorization", $"Bearer {_alice.Token}"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await response.Content.ReadAsStringAsync(Token);
        }

        var lines = await LinesAsync();
        Assert.Equal(2, lines.Length);
        var line = JsonElement.Parse(lines[0]);
        Assert.Equal("alice", line.GetProperty("user").GetString());
        Assert.Equal("bearer", line.GetProperty("identity").GetString());
        Assert.Equal("127.0.0.1", line.GetProperty("address").GetString());
        Assert.Equal("summarize_network_traffic", line.GetProperty("tool").GetString());
        Assert.Equal("""{"last":"23h"}""", line.GetProperty("arguments").GetRawText());
        Assert.Equal("answered", line.GetProperty("outcome").GetString());
        Assert.InRange(line.GetProperty("answer_bytes").GetInt32(), 100, 100_000);
        Assert.InRange(line.GetProperty("ms").GetInt64(), 0, 600_000);
        Assert.InRange(line.GetProperty("appliance_requests").GetInt64(), 1, 20);
        Assert.InRange(line.GetProperty("connections_read").GetInt64(), 400, 1_000);
        Assert.InRange(line.GetProperty("bytes_read").GetInt64(), 10_000, 1_000_000);
        Assert.False(line.TryGetProperty("code", out _));

        // Asked again it is in memory.
        var again = JsonElement.Parse(lines[1]);
        Assert.Equal((0, 0, 0), (again.GetProperty("appliance_requests").GetInt64(), again.GetProperty("connections_read").GetInt64(),
            again.GetProperty("bytes_read").GetInt64()));
    }

    [Fact]
    public async Task A_request_that_is_refused_leaves_a_line_with_why()
    {
        await using var served = await StartAsync(("DTMCP_RATE_PER_USER", "1"), ("DTMCP_TRUSTED_PROXIES", "127.0.0.1"));
        var secret = TokenList.Make("mallory").Token;
        (await served.AskAsync(("Authorization", $"Bearer {secret}"), ("X-Forwarded-For", "198.51.100.7"))).Dispose();
        (await served.AskAsync(("Authorization", $"Bearer {_alice.Token}"), ("Origin", "https://evil.test"))).Dispose();
        (await served.AskAsync(_alice.Token)).Dispose();
        (await served.AskAsync(_alice.Token)).Dispose();

        var lines = (await LinesAsync()).Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal(
            [
                (401, null, "198.51.100.7", "A bearer token is needed."), (403, null, "127.0.0.1", "This origin is not allowed."),
                (429, "alice", "127.0.0.1", "You have asked more than 1 times a minute."),
            ],
            lines.Select(line => (line.GetProperty("status").GetInt32(), line.GetProperty("user").GetString(),
                line.GetProperty("address").GetString(), line.GetProperty("reason").GetString())));
        Assert.All(lines, line => Assert.Equal("request_refused", line.GetProperty("event").GetString()));
        Assert.All(lines, line => Assert.Equal("/mcp", line.GetProperty("path").GetString()));
        Assert.DoesNotContain(secret, await File.ReadAllTextAsync(AuditFile, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_hammers_does_not_fill_the_file()
    {
        var clock = new FakeTimeProvider();
        using (var log = AuditLog.Open(new AuditOptions(true, AuditFile, 1_000_000, []), TextWriter.Null, clock, NullLogger.Instance)!)
        {
            var refusals = new AuditedRefusals(log, clock);
            for (var i = 0; i < 200; i++)
            {
                await RefuseAsync(refusals);
            }

            clock.Advance(TimeSpan.FromSeconds(1));
            await RefuseAsync(refusals);
        }

        var lines = await LinesAsync();
        Assert.Equal(61, lines.Length);
        Assert.Equal(140, JsonElement.Parse(lines[^1]).GetProperty("unshown").GetInt64());

        static Task RefuseAsync(AuditedRefusals refusals) => refusals.CheckAsync(new DefaultHttpContext(), context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task A_refusal_leaves_its_code_and_the_address_behind_a_proxy_that_is_believed()
    {
        await using var served = await StartAsync(("DTMCP_TRUSTED_PROXIES", "127.0.0.1"));
        using var response = await served.PostAsync(Call("""{"last":"sometime"}"""), ("Authorization", $"Bearer {_alice.Token}"),
            ("X-Forwarded-For", "198.51.100.7"));
        await response.Content.ReadAsStringAsync(Token);

        var line = JsonElement.Parse(Assert.Single(await LinesAsync()));
        Assert.Equal("198.51.100.7", line.GetProperty("address").GetString());
        Assert.Equal("refused", line.GetProperty("outcome").GetString());
        Assert.Equal("invalid_argument", line.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("tools/call", """{"name":"hunt_traffic","arguments":{"last":"1h","odd":"x"}}""", "hunt_traffic", "unknown_tool")]
    [InlineData("tools/call", """{"name":"no_such_tool","arguments":{"last":"1h"}}""", "no_such_tool", "unknown_tool")]
    [InlineData("tools/call", """{"name":"draw_answer","arguments":{"tool":"hunt_traffic","arguments":{"last":"1h","odd":"x"}}}""",
        "hunt_traffic", "unknown_tool")]
    [InlineData("resources/read", """{"uri":"dtmcp://device/101"}""", "analyze_device_activity", "unknown_tool")]
    [InlineData("tools/call", """{"name":"list_alerts","arguments":{"last":"1h","odd":"x","appliance":"london"}}""", "list_alerts",
        "invalid_argument")]
    public async Task A_call_of_what_one_has_not_leaves_a_line(string method, string parameters, string tool, string code)
    {
        var few = TokenList.Make("bob", "tools=list_alerts", "appliances=paris");
        await using var served = await StartAsync(appliances.Runner, few.Line);
        await served.RpcAsync(method, parameters, ("Authorization", $"Bearer {few.Token}"));
        var line = JsonElement.Parse(Assert.Single(await LinesAsync()));
        Assert.Equal(("bob", tool, "refused", code), (line.GetProperty("user").GetString(), line.GetProperty("tool").GetString(),
            line.GetProperty("outcome").GetString(), line.GetProperty("code").GetString()));
        Assert.Equal(0, line.GetProperty("appliance_requests").GetInt64());
        var given = line.GetProperty("arguments");
        Assert.Equal(tool is "hunt_traffic" or "list_alerts", given.TryGetProperty("last", out _));
        Assert.Equal(tool == "list_alerts", given.TryGetProperty("appliance", out _));
        Assert.False(given.TryGetProperty("odd", out _));
    }

    [Theory]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln")]
    [InlineData("0123456789abcdef0123456789abcdef01234567")]
    [InlineData("dtmcp_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData(Appliance)]
    [InlineData("Bearer abcdefgh")]
    public async Task No_secret_is_kept_wherever_it_was_put_and_host_names_are(string secret)
    {
        await using var served = await StartAsync();
        var arguments = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["hostname"] = $"laptop-7.office.test {secret} x",
            ["token"] = secret,
            [secret] = "x",
        });
        using var response = await served.PostAsync(Call(arguments), ("Authorization", $"Bearer {_alice.Token}"));
        await response.Content.ReadAsStringAsync(Token);

        var text = Assert.Single(await LinesAsync());
        Assert.DoesNotContain(secret.Split(' ')[^1], text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_alice.Token, text, StringComparison.Ordinal);
        Assert.Contains("laptop-7.office.test", text, StringComparison.Ordinal);
        Assert.Equal(2, JsonElement.Parse(text).GetProperty("unknown_arguments").GetInt32());
    }

    [Fact]
    public async Task Text_breaks_no_line_and_no_terminal()
    {
        await using var served = await StartAsync();
        const string Odd = "a\u001b[2J\n{\"user\":\"root\"}\u202eb\u200bé";
        using var response = await served.PostAsync(Call($$"""{"hostname":{{JsonSerializer.Serialize(Odd)}}}"""),
            ("Authorization", $"Bearer {_alice.Token}"));
        await response.Content.ReadAsStringAsync(Token);

        var text = Assert.Single(await LinesAsync());
        Assert.DoesNotContain(text, letter => letter is < ' ' or > '~');
        Assert.Equal(Odd, JsonElement.Parse(text).GetProperty("arguments").GetProperty("hostname").GetString());
        Assert.Equal("alice", JsonElement.Parse(text).GetProperty("user").GetString());
    }

    [Fact]
    public async Task A_call_that_its_client_gives_up_is_told_as_that()
    {
        var runner = new WaitingRunner();
        var written = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var error = new Lines(written);
        using var log = AuditLog.Open(new AuditOptions(true, null, 1, []), error, TimeProvider.System, NullLogger.Instance)!;
        using var giving = new CancellationTokenSource();
        var running = new AuditedRunner(runner, log, TimeProvider.System).RunAsync(DtMcp.Tools.ToolCatalog.All[0], [], false, null,
            giving.Token);
        await runner.AskedAsync();
        await giving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal("given_up", JsonElement.Parse(await written.Task).GetProperty("outcome").GetString());
    }

    [Fact]
    public void A_full_file_gives_way_and_only_the_oldest_lines_go()
    {
        using (var log = AuditLog.Open(new AuditOptions(true, AuditFile, 1_000, []), TextWriter.Null, TimeProvider.System,
            NullLogger.Instance)!)
        {
            for (var i = 0; i < 100; i++)
            {
                log.Write(new AuditEntry { Tool = $"tool-{i}", Known = [], Given = [] });
            }
        }

        var files = _folder.GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        Assert.Equal(["audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.3", "audit.jsonl.4", "audit.jsonl.5"],
            files.Select(file => file.Name));
        Assert.All(files, file => Assert.InRange(file.Length, 1, 1_000));
        var tools = files.AsEnumerable().Reverse().SelectMany(file => File.ReadLines(file.FullName))
            .Select(line => int.Parse(JsonElement.Parse(line).GetProperty("tool").GetString()![5..],
                System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(100 - tools.Count, tools.Count), tools);
        if (!OperatingSystem.IsWindows())
        {
            Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));
        }
    }

    [Fact]
    public void A_place_that_cannot_be_written_stops_the_start()
    {
        var nowhere = new AuditOptions(true, Path.Combine(_folder.FullName, "no", "audit.jsonl"), 1_000, []);
        Assert.Contains("cannot be written", Assert.Throws<SetupException>(() =>
            AuditLog.Open(nowhere, TextWriter.Null, TimeProvider.System, NullLogger.Instance)).Message, StringComparison.Ordinal);
        Assert.Contains("whole path", Assert.Throws<SetupException>(() =>
            AuditOptions.Read(Settings.Read([KeyValuePair.Create("DTMCP_AUDIT", "on")]))).Message, StringComparison.Ordinal);
        Assert.False(AuditOptions.Read(Settings.Read([])).IsOn);
    }

    private static string Call(string arguments) =>
        $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"analyze_device_activity","arguments":{{{arguments}}}}}""";

    private Task<string[]> LinesAsync() => File.ReadAllLinesAsync(AuditFile, Token);

    private Task<Served> StartAsync(params (string Name, string Value)[] settings) => StartAsync(demo.Runner, _alice.Line, settings);

    private async Task<Served> StartAsync(IToolRunner runner, string line, params (string Name, string Value)[] settings)
    {
        var tokens = Path.Combine(_folder.FullName, "tokens");
        await File.WriteAllTextAsync(tokens, line, Token);
        return await Served.StartAsync(runner, TimeProvider.System,
            [("DTMCP_TOKENS_FILE", tokens), ("DTMCP_AUDIT", AuditFile), ("DARKTRACE_PRIVATE_TOKEN", Appliance), .. settings]);
    }

    private sealed class Lines(TaskCompletionSource<string> written) : StringWriter
    {
        public override void WriteLine(string? value) => written.TrySetResult(value!);
    }
}
