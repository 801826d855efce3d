using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Serving;
using DtMcp.Tests.Running;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Issues;

/// <summary>
/// What others chose reached stderr as it was: it could move a terminal's cursor, turn its direction, draw lines of its own, or hold a
/// client's token.
/// </summary>
public sealed class WordsOnStderr_11(DemoInvestigators demo) : IClassFixture<DemoInvestigators>
{
    private const string Hidden = "\u009b31m\u202eevil\u2028line\u2066x\u200b";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_cannot_be_seen_in_a_tools_name_or_an_address_shows_escaped_at_every_level()
    {
        await using var session = new StdioSession(start => start.Environment["DTMCP_LOG_LEVEL"] = "trace");
        var name = JsonSerializer.Serialize(Hidden);
        await session.SendAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":{{{name}}}}}""");
        await session.SendAsync($$$"""{"jsonrpc":"2.0","id":2,"method":"resources/read","params":{"uri":{{{name}}}}}""");
        await session.SendAsync($$$"""{"jsonrpc":"2.0","id":3,"method":"prompts/get","params":{"name":{{{name}}}}}""");
        await session.SendAsync($$$"""{"jsonrpc":"2.0","id":4,"method":{{{name}}}}""");
        await session.SendAsync(
            $$$$"""{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"find_devices","arguments":{{{{{name}}}}:1}}}""");
        var answers = await session.PingAsync(1);
        Assert.Equal(0, await session.EndAsync());
        var error = await session.ErrorsAsync();

        Assert.Contains("\\u202Eevil\\u2028line", error, StringComparison.Ordinal);
        AssertVisible(error);
        Assert.Equal(5, answers.Concat(session.Rest).Count());
    }

    [Theory]
    [InlineData("call")]
    [InlineData("call", "find_devices", "--records")]
    [InlineData("--nothing")]
    [InlineData("serve", "--urls")]
    public async Task What_a_command_line_holds_shows_escaped(params string[] args)
    {
        var (code, _, error) = await Published.RunAsync(Published.Start([.. args, Hidden, "--demo"]));

        Assert.Equal(2, code);
        AssertVisible(error);
    }

    [Fact]
    public async Task A_clients_typo_is_no_fault_of_the_program()
    {
        await using var session = new StdioSession();
        await session.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"sumarize_network_traffic"}}""");
        await session.SendAsync("""{"jsonrpc":"2.0","id":2,"method":"resources/read","params":{"uri":"dtmcp://guide/answer"}}""");
        await session.SendAsync("""{"jsonrpc":"2.0","id":3,"method":"prompts/get","params":{"name":"revue_day"}}""");
        await session.SendAsync("""{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":7}}""");
        var answers = await session.PingAsync(1);
        Assert.Equal(0, await session.EndAsync());

        Assert.Equal([1, 2, 3, 4], answers.Concat(session.Rest).Select(answer => answer.GetProperty("id").GetInt32()).Order());
        Assert.All(answers.Concat(session.Rest),
            answer => Assert.Equal(-32602, answer.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.Empty(await session.ErrorsAsync());
    }

    [Theory]
    [InlineData("POST", "/mcp?access_token=s3cret-of-a-client")]
    [InlineData("GET", "/mcp?access_token=s3cret-of-a-client")]
    [InlineData("GET", "/nowhere?a=b&access_token=s3cret-of-a-client")]
    [InlineData("GET", "/mcp?access_token=s3cret-of-a-client HTTP/1.1\r\nx")]
    public async Task The_query_of_an_address_is_never_logged(string method, string target)
    {
        await using var error = new StringWriter(CultureInfo.InvariantCulture);
        using var log = new ErrorLog(TextWriter.Synchronized(error), LogLevel.Trace, new FakeTimeProvider(Clients.Now));
        await using (var server = await HttpServer.StartAsync(demo.Runner, ListenAddress.Parse("http://127.0.0.1:0"), new ServingOptions(),
            TimeProvider.System, log, Token))
        {
            using var client = new System.Net.Sockets.TcpClient();
            var point = IPEndPoint.Parse(new Uri(server.Addresses[0]).Authority);
            await client.ConnectAsync(point, Token);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), Token);
            using var reader = new StreamReader(stream);
            Assert.StartsWith("HTTP/1.1 4", await reader.ReadToEndAsync(Token), StringComparison.Ordinal);
        }

        Assert.Contains(" info ", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    private static void AssertVisible(string error)
    {
        Assert.NotEmpty(error);
        Assert.DoesNotContain(error.EnumerateRunes(), rune => rune.Value is not ('\n' or '\r') && Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
    }
}
