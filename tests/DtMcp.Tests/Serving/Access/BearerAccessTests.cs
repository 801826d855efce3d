using System.Net;
using DtMcp.Configuration;
using DtMcp.Serving.Access;
using DtMcp.Tests.Running;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Serving.Access;

public sealed class BearerAccessTests(DemoInvestigators demo) : IClassFixture<DemoInvestigators>, IDisposable
{
    private const string Rest = "81884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private readonly string _file = Path.GetTempFileName();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Each_token_of_the_file_is_let_in_and_no_other()
    {
        var (alice, ofAlice) = TokenList.Make("alice");
        var (bob, ofBob) = TokenList.Make("bob@example.com");
        var (eve, ofEve) = TokenList.Make("eve");
        await WriteAsync($"# people\n{ofAlice}  # of the first floor\r\n\n{ofBob}\n");
        await using var served = await Served.StartAsync(demo, ("DTMCP_TOKENS_FILE", _file));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, alice));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, bob));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(served, eve));
        // Who has read the file has no token.
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(served, ofAlice.Split(' ')[1]));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(served, ofEve.Split(' ')[1]));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(served, ""));
    }

    [Fact]
    public async Task A_token_in_the_address_is_no_token()
    {
        var (alice, line) = TokenList.Make("alice");
        await WriteAsync(line);
        await using var served = await Served.StartAsync(demo, ("DTMCP_TOKENS_FILE", _file));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(served.Base, $"/mcp?access_token={alice}"));
        using var response = await served.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.DoesNotContain(alice, served.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_headers_are_no_token()
    {
        var (alice, line) = TokenList.Make("alice");
        await WriteAsync(line);
        await using var served = await Served.StartAsync(demo, ("DTMCP_TOKENS_FILE", _file));
        using var response = await served.AskAsync(("Authorization", $"Bearer {alice}"), ("Authorization", "Bearer x"));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_changed_file_is_taken_without_a_restart()
    {
        var (alice, ofAlice) = TokenList.Make("alice");
        var (bob, ofBob) = TokenList.Make("bob");
        await WriteAsync(ofAlice);
        await using var served = await Served.StartAsync(demo, _clock, [("DTMCP_TOKENS_FILE", _file)]);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(served, bob));

        await WriteAsync(ofBob);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, bob));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(served, alice));
        Assert.Contains("DTMCP_TOKENS_FILE has changed and is taken", served.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice", "no name and SHA-256")]
    [InlineData("alice 1234", "no name and SHA-256")]
    [InlineData("", "is empty")]
    [InlineData("# nobody", "has no token")]
    [InlineData(null, "cannot be read")]
    public async Task A_change_that_cannot_be_read_keeps_what_was_good_and_says_so_once(string? text, string says)
    {
        var (alice, line) = TokenList.Make("alice");
        await WriteAsync(line);
        await using var served = await Served.StartAsync(demo, _clock, [("DTMCP_TOKENS_FILE", _file)]);
        if (text is null)
        {
            File.Delete(_file);
        }
        else
        {
            await WriteAsync(text);
        }

        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, alice));
        }

        Assert.Equal(2, served.Log.Split(says).Length);
        Assert.Contains(" warn ", served.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_one_token_is_read_again_too()
    {
        await WriteAsync("the-first-token-of-all\n");
        await using var served = await Served.StartAsync(demo, _clock, [("DTMCP_BEARER_TOKEN_FILE", _file)]);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, "the-first-token-of-all"));

        await WriteAsync("short");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, "the-first-token-of-all"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(served, "short"));

        await WriteAsync("the-second-token-of-all\n");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, "the-second-token-of-all"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(served, "the-first-token-of-all"));
    }

    [Theory]
    [InlineData("alice", "Line 1 ")]
    [InlineData("# x\nal:ice 9f86d0" + Rest, "Line 2 ")]
    [InlineData("a 9f86d0" + Rest + "\nb 9F86D0" + Rest, "Line 2 ")]
    public async Task A_file_that_cannot_be_followed_stops_the_start_and_is_not_shown(string text, string says)
    {
        await WriteAsync(text);
        var refused = await Assert.ThrowsAsync<SetupException>(() => Served.StartAsync(demo, ("DTMCP_TOKENS_FILE", _file)));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("9f86d0", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_file_too_long_to_be_read_whole_is_not_read_in_part()
    {
        await WriteAsync(string.Concat(Enumerable.Range(0, 1_000).Select(i => TokenList.Make($"user{i}").Line + "\n")));
        var refused = await Assert.ThrowsAsync<SetupException>(() => Served.StartAsync(demo, ("DTMCP_TOKENS_FILE", _file)));
        Assert.Contains("64 KiB", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_makes_a_token_that_its_line_lets_in()
    {
        var (code, output, _) = await Published.RunAsync(Published.Start("token", "alice"));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(0, code);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("dtmcp_", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("alice ", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(lines[0], lines[1], StringComparison.Ordinal);

        await WriteAsync(lines[1]);
        await using var served = await Served.StartAsync(demo, ("DTMCP_TOKENS_FILE", _file));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, lines[0]));
    }

    [Fact]
    public async Task A_name_that_would_break_the_file_is_refused()
    {
        var (code, output, error) = await Published.RunAsync(Published.Start("token", "al ice"));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("is no name of a token", error, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(Served served, string token)
    {
        using var response = await served.AskAsync(token);
        return response.StatusCode;
    }

    private Task WriteAsync(string text) => File.WriteAllTextAsync(_file, text, TestContext.Current.CancellationToken);
}
