using System.Net;
using System.Net.Sockets;
using System.Text;
using DtMcp.Serving.Access;
using DtMcp.Tests.Serving.Access;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Serving.Limits;

public sealed class LimitsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly FakeTimeProvider _clock = new();
    private readonly WaitingRunner _runner = new();
    private readonly (string Token, string Line) _alice = TokenList.Make("alice");
    private readonly (string Token, string Line) _bob = TokenList.Make("bob");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_come_again_and_others_are_answered()
    {
        await using var served = await StartAsync(("DTMCP_RATE_PER_USER", "10"));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal((HttpStatusCode.OK, null), await StatusAsync(served.AskAsync(_alice.Token)));
        }

        Assert.Equal((HttpStatusCode.TooManyRequests, 6), await StatusAsync(served.AskAsync(_alice.Token)));
        Assert.Equal((HttpStatusCode.OK, null), await StatusAsync(served.AskAsync(_bob.Token)));
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal((HttpStatusCode.OK, null), await StatusAsync(served.AskAsync(_alice.Token)));
        Assert.Equal((HttpStatusCode.TooManyRequests, 6), await StatusAsync(served.AskAsync(_alice.Token)));
    }

    [Fact]
    public async Task All_together_may_ask_so_often()
    {
        await using var served = await StartAsync(("DTMCP_RATE", "2"));
        Assert.Equal((HttpStatusCode.OK, null), await StatusAsync(served.AskAsync(_alice.Token)));
        Assert.Equal((HttpStatusCode.OK, null), await StatusAsync(served.AskAsync(_bob.Token)));
        Assert.Equal((HttpStatusCode.TooManyRequests, 30), await StatusAsync(served.AskAsync(_bob.Token)));
        Assert.Equal("ok", await served.GetAsync("/healthz"));
    }

    [Fact]
    public async Task Who_is_being_answered_waits_and_others_do_not()
    {
        await using var served = await StartAsync(("DTMCP_CONCURRENCY_PER_USER", "1"));
        var running = served.CallAsync(_alice.Token);
        await _runner.AskedAsync();
        Assert.Equal((HttpStatusCode.TooManyRequests, 1), await StatusAsync(served.AskAsync(_alice.Token)));
        Assert.Equal((HttpStatusCode.OK, null), await StatusAsync(served.AskAsync(_bob.Token)));
        _runner.Answer();
        Assert.Equal((HttpStatusCode.OK, null), await StatusAsync(running));
        Assert.Equal((HttpStatusCode.OK, null), await StatusAsync(served.AskAsync(_alice.Token)));
    }

    [Fact]
    public async Task A_full_server_says_so_and_is_still_alive()
    {
        await using var served = await StartAsync(("DTMCP_CONCURRENCY", "1"));
        var running = served.CallAsync(_alice.Token);
        await _runner.AskedAsync();
        Assert.Equal((HttpStatusCode.TooManyRequests, 1), await StatusAsync(served.AskAsync(_bob.Token)));
        Assert.Equal("ok", await served.GetAsync("/healthz"));
        _runner.Answer();
        Assert.Equal((HttpStatusCode.OK, null), await StatusAsync(running));
    }

    [Fact]
    public async Task Where_nobody_is_known_nobody_is_limited_alone()
    {
        await using var served = await Served.StartAsync(_runner, _clock, [("DTMCP_RATE_PER_USER", "1")]);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal((HttpStatusCode.OK, null), await StatusAsync(served.AskAsync()));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task An_answer_that_takes_too_long_is_given_up_and_says_what_to_do()
    {
        await using var served = await StartAsync(("DTMCP_ANSWER_TIMEOUT", "60"));
        var running = served.CallAsync(_alice.Token);
        await _runner.AskedAsync();
        _clock.Advance(TimeSpan.FromSeconds(60));
        using var response = await running;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("took_too_long: The answer took longer than 60 s.", text, StringComparison.Ordinal);
        Assert.Contains("\"isError\":true", text, StringComparison.Ordinal);
    }

    // Without the setting the server would wait for 30 s.
    [Theory(Timeout = 20_000)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"jsonrpc\"")]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-")]
    public async Task What_does_not_come_in_is_not_waited_for(string part)
    {
        await using var served = await Served.StartAsync(_runner, TimeProvider.System, [("DTMCP_REQUEST_TIMEOUT", "1")]);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, served.Base.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(part), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 408 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_is_to_end_answers_what_runs_and_takes_no_more()
    {
        await using var served = await StartAsync();
        var running = served.CallAsync(_alice.Token);
        await _runner.AskedAsync();
        var drained = served.Server.DrainAsync(TimeSpan.FromSeconds(25));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 5), await StatusAsync(served.AskAsync(_bob.Token)));
        Assert.Contains("503", (await Assert.ThrowsAsync<HttpRequestException>(() => served.GetAsync("/readyz"))).Message,
            StringComparison.Ordinal);
        Assert.Equal("ok", await served.GetAsync("/healthz"));
        Assert.False(drained.IsCompleted);
        _runner.Answer();
        Assert.Equal((HttpStatusCode.OK, null), await StatusAsync(running));
        await drained.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_still_runs_after_the_grace_time_is_given_up()
    {
        await using var served = await StartAsync();
        var running = served.CallAsync(_alice.Token);
        await _runner.AskedAsync();
        var drained = served.Server.DrainAsync(TimeSpan.FromSeconds(25));
        _clock.Advance(TimeSpan.FromSeconds(25));
        await drained.WaitAsync(TestContext.Current.CancellationToken);
        await served.Server.DisposeAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var response = await running;
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        });
    }

    private static async Task<(HttpStatusCode Status, int? RetryAfter)> StatusAsync(Task<HttpResponseMessage> asked)
    {
        using var response = await asked;
        await response.Content.ReadAsStringAsync(Token);
        return (response.StatusCode, (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    private async Task<Served> StartAsync(params (string Name, string Value)[] settings)
    {
        await File.WriteAllTextAsync(_file, $"{_alice.Line}\n{_bob.Line}\n", Token);
        return await Served.StartAsync(_runner, _clock, [("DTMCP_TOKENS_FILE", _file), .. settings]);
    }
}
