using System.Globalization;
using System.Net;
using System.Text;
using DtMcp.Serving.Access;
using DtMcp.Tests.Running;
using DtMcp.Tests.Serving.Access;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Serving.Attacks;

/// <summary>Requests that no client would send, byte for byte.</summary>
[Collection(nameof(Alone))]
public sealed class RequestAttackTests(DemoInvestigators demo) : IClassFixture<DemoInvestigators>, IDisposable
{
    // As many connections as a thousand, each with the part of a head that never comes whole.
    private const int SlowConnections = 1_000;

    private readonly string _file = Path.GetTempFileName();
    private readonly (string Token, string Line) _alice = TokenList.Make("alice");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("[", "]", 500_000)]
    [InlineData("{\"a\":", "}", 150_000)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":", "}", 10_000)]
    public async Task Nesting_as_deep_as_a_message_is_long_is_refused_and_harms_nothing(string open, string close, int depth)
    {
        await using var served = await StartAsync();
        var text = new StringBuilder();
        for (var i = 0; i < depth; i++)
        {
            text.Append(open);
        }

        text.Append('1').Insert(text.Length, close, depth);
        using var response = await served.PostAsync(text.ToString(), Bearer);
        Assert.InRange((int)response.StatusCode, 200, 413);
        Assert.DoesNotContain("\"result\"", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        await IsWellAsync(served);
    }

    [Fact]
    public async Task Arguments_nested_deep_are_a_bad_argument()
    {
        await using var served = await StartAsync();
        var deep = string.Concat(Enumerable.Repeat("[", 60)) + string.Concat(Enumerable.Repeat("]", 60));
        var said = await served.RpcAsync("tools/call", $$$"""{"name":"find_devices","arguments":{"query":{{{deep}}}}}""", Bearer);
        Assert.True(said.TryGetProperty("error", out _) || said.GetProperty("result").GetProperty("isError").GetBoolean());
        await IsWellAsync(served);
    }

    [Fact]
    public async Task A_body_in_chunks_without_end_is_cut_at_a_mebibyte()
    {
        await using var served = await StartAsync();
        using var connection = await RawConnection.OpenAsync(served.Base);
        await connection.SendAsync(Head("Transfer-Encoding: chunked"));
        var chunk = $"8000\r\n{new string(' ', 0x8000)}\r\n";
        var sent = 0;
        try
        {
            for (; sent < 1_000; sent++)
            {
                await connection.SendAsync(chunk);
            }
        }
        catch (IOException)
        {
            // Closed under our hands.
        }

        var answer = await connection.ReadToEndAsync();
        Assert.True(sent < 1_000 || answer.StartsWith("HTTP/1.1 413 ", StringComparison.Ordinal), $"{sent} chunks were taken");
        Assert.DoesNotContain(" 200 ", answer.Split('\n')[0], StringComparison.Ordinal);
        await IsWellAsync(served);
    }

    // What one of two readers of a stream takes for a request of its own.
    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 4")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity")]
    [InlineData("Transfer-Encoding: xchunked\r\nContent-Length: 4")]
    [InlineData("Content-Length: 4\r\nContent-Length: 5")]
    [InlineData("Content-Length: 4, 5")]
    [InlineData("Content-Length : 4")]
    [InlineData("Content-Length: 4\r\n Transfer-Encoding: chunked")]
    [InlineData("Content-Length: 4\r\nX: a\rb")]
    public async Task A_request_whose_end_can_be_read_in_two_ways_is_the_last_of_its_connection(string headers)
    {
        await using var served = await StartAsync();
        var answer = await RawConnection.AskAsync(served.Base, Head(headers)
            + "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.Equal(2, answer.Split("HTTP/1.1 ").Length);
        Assert.DoesNotContain("HTTP/1.1 200", answer, StringComparison.Ordinal);
        await IsWellAsync(served);
    }

    [Theory]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /mcp HTTP/1.1\r\nConnection: close\r\n\r\n")]
    [InlineData("POST http://evil.example/mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: localhost@evil.example\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: evil.example#localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\nConnection: close\r\n\r\n")]
    [InlineData("CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\nConnection: close\r\n\r\n")]
    public async Task Another_host_is_refused_however_it_is_written(string request)
    {
        await using var served = await StartAsync();
        var answer = await RawConnection.AskAsync(served.Base, request);
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        // Refused for the host, before anybody is asked for a token.
        Assert.DoesNotContain("HTTP/1.1 401", answer, StringComparison.Ordinal);
    }

    // A page whose name comes to mean 127.0.0.1 keeps its name and origin.
    [Theory]
    [InlineData("rebind.evil.example", null)]
    [InlineData("rebind.evil.example:{port}", "http://rebind.evil.example:{port}")]
    [InlineData("localhost:{port}", "http://rebind.evil.example:{port}")]
    [InlineData("7f000001.rbndr.example", null)]
    public async Task A_name_that_was_rebound_to_this_machine_is_not_answered(string host, string? origin)
    {
        await using var served = await StartAsync();
        var port = served.Base.Port.ToString(CultureInfo.InvariantCulture);
        (string, string)[] headers = [Bearer, ("Host", host.Replace("{port}", port, StringComparison.Ordinal))];
        using var response = await served.AskAsync(
            origin is null ? headers : [.. headers, ("Origin", origin.Replace("{port}", port, StringComparison.Ordinal))]);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/mcp/")]
    [InlineData("/MCP")]
    [InlineData("//mcp")]
    [InlineData("/./mcp")]
    [InlineData("/%6dcp")]
    [InlineData("/mcp%2f")]
    [InlineData("/mcp%00")]
    [InlineData("/mcp;x=y")]
    [InlineData("/healthz/../mcp")]
    [InlineData("/healthz/%2e%2e/mcp")]
    [InlineData("/.well-known/../mcp")]
    [InlineData("/mcp\\..\\mcp")]
    public async Task No_way_to_write_the_path_goes_past_the_token(string path)
    {
        await using var served = await StartAsync();
        var body = Served.List;
        var answer = await RawConnection.AskAsync(served.Base,
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
            "Accept: application/json, text/event-stream\r\n" +
            $"X-Original-URL: /healthz\r\nX-Rewrite-URL: /healthz\r\nX-HTTP-Method-Override: GET\r\nX-Forwarded-User: alice\r\n" +
            $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("summarize_network_traffic", answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_thousand_connections_that_come_slowly_keep_nobody_from_an_answer()
    {
        await using var served = await StartAsync();
        await IsWellAsync(served);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var slow = await Task.WhenAll(Enumerable.Range(0, SlowConnections).Select(_ => RawConnection.OpenAsync(served.Base)));
        try
        {
            const string Part = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
            await Task.WhenAll(slow.Select(connection => connection.SendAsync(Part)));
            for (var i = 0; i < 5; i++)
            {
                await IsWellAsync(served);
                await Task.WhenAll(slow.Select(connection => connection.SendAsync("x")));
            }

            // Both ends of each are in this process.
            var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / SlowConnections;
            Assert.InRange(each, long.MinValue, 64 * 1024);
        }
        finally
        {
            foreach (var connection in slow)
            {
                connection.Dispose();
            }
        }

        Assert.Equal(SlowConnections, slow.Length);
        Assert.False(TestContext.Current.CancellationToken.IsCancellationRequested);
    }

    private (string, string) Bearer => ("Authorization", $"Bearer {_alice.Token}");

    private string Head(string headers) =>
        $"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_alice.Token}\r\n" +
        $"Content-Type: application/json\r\n{headers}\r\n\r\n";

    private async Task IsWellAsync(Served served)
    {
        using var response = await served.AskAsync(_alice.Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<Served> StartAsync()
    {
        await File.WriteAllTextAsync(_file, _alice.Line, Token);
        return await Served.StartAsync(demo, ("DTMCP_TOKENS_FILE", _file));
    }
}
