using System.Net;
using DtMcp.Darktrace;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Sending;

public sealed class CircuitTests
{
    // One attempt each: a wait beyond the timeout is not begun.
    private static readonly Func<HttpResponseMessage> Busy = StubWire.Status(HttpStatusCode.ServiceUnavailable, "Retry-After", "3600");

    private readonly FakeTimeProvider _time = new(Clients.Now);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_failures_in_a_row_nothing_is_sent_and_it_is_told_when_it_will_be_tried_again()
    {
        var wire = new StubWire(Busy);
        using var client = Clients.Over(wire, _time);
        await FailAsync(client, "appliance_busy", times: 5);

        _time.Advance(TimeSpan.FromSeconds(2));
        var error = await FailAsync(client, "not_answering");

        Assert.Equal(5, wire.Asked.Count);
        Assert.Equal(
            "The appliance failed 5 requests in a row (appliance_busy) and is left alone; it is tried again in 8 s, at 09:00:10 UTC.",
            error.Happened);
    }

    [Fact]
    public async Task An_answer_between_starts_the_count_anew_though_it_be_a_refusal()
    {
        var refused = StubWire.Status(HttpStatusCode.Forbidden);
        var wire = new StubWire(Busy, Busy, Busy, Busy, refused, Busy);
        using var client = Clients.Over(wire, _time);
        await FailAsync(client, "appliance_busy", times: 4);
        await FailAsync(client, "permission_denied");
        await FailAsync(client, "appliance_busy", times: 5);
        await FailAsync(client, "not_answering");
    }

    [Fact]
    public async Task One_small_request_tries_it_and_when_that_fails_it_is_left_alone_again()
    {
        var wire = new StubWire(Busy);
        using var client = Clients.Over(wire, _time);
        await FailDevicesAsync(client, "appliance_busy", times: 5);
        for (var i = 1; i <= 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await FailDevicesAsync(client, "not_answering", times: 3);
            Assert.Equal(5 + i, wire.Asked.Count);
            Assert.StartsWith("/status?", wire.Asked[^1].Target, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task When_it_answers_again_whatever_that_is_the_question_that_waited_is_asked(HttpStatusCode status)
    {
        var wire = new StubWire(Busy, Busy, Busy, Busy, Busy, StubWire.Json("{}", status), StubWire.Json("[]"));
        using var client = Clients.Over(wire, _time);
        await FailDevicesAsync(client, "appliance_busy", times: 5);
        _time.Advance(TimeSpan.FromSeconds(10));

        await client.GetDevicesAsync(new(), Token);
        await client.GetDevicesAsync(new(), Token);

        Assert.Equal(8, wire.Asked.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task While_it_is_being_tried_others_fail_at_once_and_a_trial_given_up_leaves_it_to_the_next()
    {
        var isTried = new TaskCompletionSource();
        var asked = 0;
        await using var server = new TinyServer(async (target, stream, token) =>
        {
            if (Interlocked.Increment(ref asked) == 6)
            {
                isTried.SetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            await (asked <= 5
                ? TinyServer.Raw("HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                : TinyServer.Json("[]"))(stream, token);
        });
        using var client = DarktraceClient.Create(Clients.Options(server.Http), _time, null);
        Task<Darktrace.Errors.ApplianceException> failAsync() =>
            Assert.ThrowsAsync<Darktrace.Errors.ApplianceException>(() => client.GetDevicesAsync(new(), Token));
        for (var i = 0; i < 5; i++)
        {
            var error = await Assert.ThrowsAsync<Darktrace.Errors.ApplianceException>(() => client.GetStatusAsync(Token));
            Assert.Equal("appliance_busy", error.Code);
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        using var gaveUp = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var trying = client.GetDevicesAsync(new(), gaveUp.Token);
        await isTried.Task.WaitAsync(TestContext.Current.CancellationToken);
        var refused = await failAsync();
        Assert.Equal("not_answering", refused.Code);
        Assert.EndsWith("it is tried again just now.", refused.Happened, StringComparison.Ordinal);

        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trying);
        Assert.Empty(await client.GetDevicesAsync(new(), Token));
    }

    [Fact]
    public async Task What_is_wrong_with_what_answers_is_told_each_time()
    {
        var wire = new StubWire(StubWire.Text("<html>", "text/html"));
        using var client = Clients.Over(wire, _time);
        await FailAsync(client, "not_darktrace", times: 10);
        using var insecure = Clients.Over(new StubWire(StubWire.Breaks(HttpRequestError.SecureConnectionError)), _time);
        await FailAsync(insecure, "unreachable", times: 5);
        await FailAsync(insecure, "not_answering");
    }

    [Fact]
    public async Task One_users_question_that_always_fails_takes_nothing_from_the_others()
    {
        var wire = new ByTarget(target => target.StartsWith("/status", StringComparison.Ordinal) ? StubWire.Json("{}")
            : target.StartsWith("/subnets", StringComparison.Ordinal) ? StubWire.Json("[]") : Busy);
        using var client = Clients.Over(wire, _time);
        for (var i = 0; i < 4; i++)
        {
            await FailDevicesAsync(client, "appliance_busy", times: 5);
        }

        Assert.Empty(await client.GetSubnetsAsync(null, Token));
        // One small request for each five that failed, and that is all it costs.
        Assert.Equal(4, wire.Asked.Count(target => target.StartsWith("/status", StringComparison.Ordinal)));
        Assert.Equal(20, wire.Asked.Count(target => target.StartsWith("/devices", StringComparison.Ordinal)));
    }

    [Fact(Timeout = 60_000)]
    public async Task While_it_is_only_in_doubt_others_are_asked()
    {
        var isTried = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        await using var server = new TinyServer(async (target, stream, token) =>
        {
            if (target.StartsWith("/status", StringComparison.Ordinal))
            {
                isTried.TrySetResult();
                await answer.Task.WaitAsync(token);
            }

            await (target.StartsWith("/devices", StringComparison.Ordinal)
                ? TinyServer.Raw("HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                : TinyServer.Json("[]"))(stream, token);
        });
        using var client = DarktraceClient.Create(Clients.Options(server.Http), _time, null);
        Task<Darktrace.Errors.ApplianceException> failAsync() =>
            Assert.ThrowsAsync<Darktrace.Errors.ApplianceException>(() => client.GetDevicesAsync(new(), Token));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("appliance_busy", (await failAsync()).Code);
        }

        var trying = failAsync();
        await isTried.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await client.GetSubnetsAsync(null, Token));
        answer.SetResult();
        Assert.Equal("appliance_busy", (await trying).Code);
    }

    [Fact]
    public async Task Without_a_connection_nothing_has_to_be_tried_first()
    {
        var wire = new StubWire(StubWire.Breaks(HttpRequestError.ConnectionError));
        using var client = Clients.Over(wire, _time);
        await FailDevicesAsync(client, "unreachable", times: 5);
        await FailDevicesAsync(client, "not_answering");
        Assert.DoesNotContain(wire.Asked, asked => asked.Target.StartsWith("/status", StringComparison.Ordinal));
    }

    private sealed class ByTarget(Func<string, Func<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var target = request.RequestUri!.PathAndQuery;
            Asked.Add(target);
            return Task.FromResult(answer(target)());
        }
    }

    private Task<Darktrace.Errors.ApplianceException> FailAsync(DarktraceClient client, string code, int times = 1) =>
        FailAsync(() => client.GetStatusAsync(Token), code, times);

    private Task<Darktrace.Errors.ApplianceException> FailDevicesAsync(DarktraceClient client, string code, int times = 1) =>
        FailAsync(() => client.GetDevicesAsync(new(), Token), code, times);

    private async Task<Darktrace.Errors.ApplianceException> FailAsync<T>(Func<Task<T>> ask, string code, int times)
    {
        var error = await _time.FailAsync(ask());
        for (var i = 1; i < times; i++)
        {
            Assert.Equal(code, error.Code);
            error = await _time.FailAsync(ask());
        }

        Assert.Equal(code, error.Code);
        return error;
    }
}
