using System.Net;
using System.Text.Json;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Simulator.Setup;

namespace DtMcp.Tests.Evidence;

/// <summary>The appliance is left alone; what was read of it is not.</summary>
public sealed class WhileNotAnsweringTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_read_before_is_answered_and_what_is_missing_beside_it_is_said()
    {
        using var wire = new Switch();
        await using var fixture = await InvestigatorFixture.StartAsync(
            options => options with { Dialect = Dialect.Sdk, ClockRuns = false }, wire: wire);
        var before = await fixture.AskAsync("summarize_network_traffic");
        wire.IsDown = true;
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<ApplianceException>(() => fixture.Client.GetStatusAsync(Token));
        }

        var asked = wire.Asked;
        var after = await fixture.AskAsync("summarize_network_traffic");
        Assert.Equal(Tables(before), Tables(after));

        // Another question of the same rows, which would look up more.
        var device = await fixture.AskAsync("analyze_device_activity", new NetworkQuery { Did = 101 });
        Assert.Contains("No model breaches: The appliance failed 5 requests in a row (appliance_busy)", device.GetRawText(),
            StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<ApplianceException>(() => fixture.AskAsync("find_devices"));
        Assert.Equal("not_answering", error.Code);
        Assert.Equal(asked, wire.Asked);
    }

    private static string Tables(JsonElement answer) => answer.GetProperty("tables").GetRawText();

    private sealed class Switch() : DelegatingHandler(new SocketsHttpHandler())
    {
        public bool IsDown { get; set; }

        public int Asked { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            if (!IsDown)
            {
                return await base.SendAsync(request, cancellationToken);
            }

            var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            response.Headers.TryAddWithoutValidation("Retry-After", "3600");
            return response;
        }
    }
}
