using System.Net;
using System.Text.Json;
using DtMcp.Simulator.Setup;

namespace DtMcp.Tests.Simulator;

public sealed class FaultTests
{
    [Theory]
    [InlineData("signature", 400, "API SIGNATURE ERROR")]
    [InlineData("date", 400, "API DATE ERROR")]
    [InlineData("permission", 302, "/403")]
    [InlineData("not-found", 404, "error")]
    [InlineData("login-page", 200, "<title>Log In | Darktrace</title>")]
    [InlineData("busy", 429, "error")]
    [InlineData("error-500", 500, "error")]
    public async Task A_fault_gives_its_documented_answer(string fault, int status, string text)
    {
        await using var appliance = await StartAsync(fault);

        var answer = await appliance.AskAsync("/network");

        Assert.Equal(status, (int)answer.Status);
        Assert.Contains(text, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_with_a_count_passes()
    {
        await using var appliance = await StartAsync("busy:2");

        Assert.Equal(HttpStatusCode.TooManyRequests, (await appliance.AskAsync("/network")).Status);
        using (var response = await appliance.SendAsync("/network"))
        {
            Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        }

        Assert.Equal(HttpStatusCode.OK, (await appliance.AskAsync("/network")).Status);
    }

    [Fact]
    public async Task A_cut_off_body_announced_more_than_it_sends()
    {
        await using var appliance = await StartAsync("cut-off");

        using var response = await appliance.SendAsync("/network");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var (read, buffer) = (0L, new byte[4096]);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await body.ReadAsync(buffer, TestContext.Current.CancellationToken) is var count and > 0)
            {
                read += count;
            }
        });
        Assert.InRange(read, 1, response.Content.Headers.ContentLength!.Value - 1);
    }

    [Fact]
    public async Task Bad_json_is_whole_http()
    {
        await using var appliance = await StartAsync("bad-json");

        var (status, body) = await appliance.AskAsync("/network");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
    }

    [Fact]
    public async Task A_slow_answer_sends_headers_and_stalls_until_the_client_goes_away()
    {
        await using var appliance = await StartAsync("slow");

        using var response = await appliance.SendAsync("/network");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var reading = body.ReadAsync(new byte[16], TestContext.Current.CancellationToken);
        Assert.False(reading.IsCompleted);
        await appliance.DisposeAsync();
        await Assert.ThrowsAnyAsync<IOException>(async () => await reading);
    }

    [Fact]
    public async Task A_reset_breaks_the_connection_before_any_answer()
    {
        await using var appliance = await StartAsync("reset:1");

        await Assert.ThrowsAsync<HttpRequestException>(() => appliance.SendAsync("/network"));
        Assert.Equal(HttpStatusCode.OK, (await appliance.AskAsync("/network")).Status);
    }

    [Theory]
    [InlineData("bussy")]
    [InlineData("busy:0")]
    [InlineData("busy:some")]
    public async Task A_fault_that_is_none_is_refused(string fault) =>
        await Assert.ThrowsAsync<SimulatorException>(() => StartAsync(fault));

    private static Task<SignedRequests> StartAsync(string fault) =>
        SignedRequests.StartAsync(SignedRequests.Options with { Fault = fault });
}
