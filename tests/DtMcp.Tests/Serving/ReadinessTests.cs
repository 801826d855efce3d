using System.Net;
using DtMcp.Darktrace;
using DtMcp.Serving;
using DtMcp.Tests.Serving.Access;
using DtMcp.Tests.Serving.Limits;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Serving;

/// <summary>A probe is told whether an appliance answered lately, and is no load on it.</summary>
public sealed class ReadinessTests : IDisposable
{
    private static readonly (int, string) Well = (200, "ok");
    private static readonly (int, string) Not = (503, "no appliance answers");

    private readonly FakeTimeProvider _time = new(Clients.Now);
    private readonly Wire _one = new();
    private readonly Wire _other = new();

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_nothing_was_asked_one_small_request_tells_for_half_a_minute()
    {
        using var client = Clients.Over(_one, _time);
        await using var served = await StartAsync(client);
        Assert.Empty(_one.Asked);
        foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => served.ProbeAsync("/readyz"))))
        {
            Assert.Equal(Well, answer);
        }

        for (var i = 0; i < 6; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(Well, await served.ProbeAsync("/readyz"));
        }

        Assert.StartsWith("/status?", Assert.Single(_one.Asked), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Well, await served.ProbeAsync("/readyz"));
        Assert.Equal(2, _one.Asked.Count);
    }

    [Fact]
    public async Task What_calls_saw_is_enough()
    {
        using var client = Clients.Over(_one, _time);
        await using var served = await StartAsync(client);
        await client.GetSubnetsAsync(null, Token);
        Assert.Equal(Well, await served.ProbeAsync("/readyz"));
        Assert.StartsWith("/subnets", Assert.Single(_one.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_appliance_that_does_not_answer_is_said_and_asked_every_ten_seconds_at_most()
    {
        using var client = Clients.Over(_one, _time);
        await using var served = await StartAsync(client);
        _one.Status = HttpStatusCode.ServiceUnavailable;
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(Not, await served.ProbeAsync("/readyz"));
            Assert.Equal(Well, await served.ProbeAsync("/healthz"));
            Assert.Equal(Well, await served.ProbeAsync("/readyz?exclude=appliance"));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _one.Asked.Count);
        _one.Status = HttpStatusCode.OK;
        Assert.Equal(Well, await served.ProbeAsync("/readyz"));
    }

    [Fact]
    public async Task A_refusal_is_an_answer()
    {
        _one.Status = HttpStatusCode.Forbidden;
        using var client = Clients.Over(_one, _time);
        await using var served = await StartAsync(client);
        Assert.Equal(Well, await served.ProbeAsync("/readyz"));
    }

    [Fact]
    public async Task Of_several_appliances_one_that_answers_will_do()
    {
        using var one = Clients.Over(_one, _time);
        using var other = Clients.Over(_other, _time);
        await using var served = await StartAsync(one, other);
        _one.Status = HttpStatusCode.ServiceUnavailable;
        Assert.Equal(Well, await served.ProbeAsync("/readyz"));
        _other.Status = HttpStatusCode.ServiceUnavailable;
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(Not, await served.ProbeAsync("/readyz"));
    }

    private Task<Served> StartAsync(params DarktraceClient[] clients) => Served.StartAsync(
        new WaitingRunner(), _time, [], ready: new Readiness(clients, _time).AnswersAsync);

    private sealed class Wire : HttpMessageHandler
    {
        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var target = request.RequestUri!.PathAndQuery;
            lock (Asked)
            {
                Asked.Add(target);
            }

            return Task.FromResult(Status == HttpStatusCode.ServiceUnavailable
                ? StubWire.Status(Status, "Retry-After", "3600")()
                : StubWire.Json(target.StartsWith("/subnets", StringComparison.Ordinal) ? "[]" : "{}", Status)());
        }
    }
}
