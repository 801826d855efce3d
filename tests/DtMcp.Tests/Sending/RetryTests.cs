using System.Net;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Sending;

public class RetryTests
{
    private readonly FakeTimeProvider _time = new(Clients.Now);

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task A_busy_appliance_is_asked_four_times(HttpStatusCode status)
    {
        var wire = new StubWire(StubWire.Status(status));
        using var client = Clients.Over(wire, _time);

        var error = await _time.FailAsync(client.GetStatusAsync(TestContext.Current.CancellationToken));

        Assert.Equal("appliance_busy", error.Code);
        Assert.Contains("retried 3 times over", error.Happened, StringComparison.Ordinal);
        Assert.Equal(4, wire.Asked.Count);
    }

    [Fact]
    public async Task Each_attempt_is_signed_anew_with_one_set_of_headers()
    {
        var wire = new StubWire(StubWire.Status(HttpStatusCode.ServiceUnavailable, "Retry-After", "5"),
            StubWire.Json("""{"version":"6.1"}"""));
        using var client = Clients.Over(wire, _time);

        var status = await _time.RunAsync(client.GetStatusAsync(TestContext.Current.CancellationToken));

        Assert.Equal("6.1", status.Version);
        Assert.Equal("2026-01-15 09:00:00", wire.Asked[0].Date);
        Assert.Equal("2026-01-15 09:00:05", wire.Asked[1].Date);
        Assert.NotEqual(wire.Asked[0].Signature, wire.Asked[1].Signature);
        Assert.All(wire.Asked, static asked => Assert.Equal(1, asked.Headers));
    }

    [Fact]
    public async Task A_wait_beyond_the_timeout_is_not_begun()
    {
        var wire = new StubWire(StubWire.Status(HttpStatusCode.TooManyRequests, "Retry-After", "3600"));
        using var client = Clients.Over(wire, _time);

        var error = await Assert.ThrowsAsync<DtMcp.Darktrace.Errors.ApplianceException>(() =>
            client.GetStatusAsync(TestContext.Current.CancellationToken));

        Assert.Equal("appliance_busy", error.Code);
        Assert.Single(wire.Asked);
    }

    [Fact]
    public async Task Broken_transport_is_retried()
    {
        var wire = new StubWire(StubWire.Breaks(HttpRequestError.ResponseEnded), StubWire.Json("{}"));
        using var client = Clients.Over(wire, _time);

        await _time.RunAsync(client.GetStatusAsync(TestContext.Current.CancellationToken));

        Assert.Equal(2, wire.Asked.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.UnprocessableEntity)]
    [InlineData(HttpStatusCode.NotImplemented)]
    public async Task Nothing_else_is_asked_twice(HttpStatusCode status)
    {
        var wire = new StubWire(StubWire.Status(status));
        using var client = Clients.Over(wire, _time);

        await _time.FailAsync(client.GetStatusAsync(TestContext.Current.CancellationToken));

        Assert.Single(wire.Asked);
    }
}
