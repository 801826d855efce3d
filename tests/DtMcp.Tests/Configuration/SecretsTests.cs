using DtMcp.Simulator;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Configuration;

/// <summary>
/// Runs the real program against an emulated appliance with a known token pair, at its most talkative, through every fault, and reads all
/// that it prints.
/// </summary>
public class SecretsTests
{
    private const string PublicToken = "public-token-that-must-not-show-1234";
    private const string PrivateToken = "private-token-that-must-not-show-5678";

    [Theory]
    [InlineData(null)]
    [InlineData("signature")]
    [InlineData("date")]
    [InlineData("permission")]
    [InlineData("login-page")]
    [InlineData("error-500")]
    [InlineData("cut-off")]
    [InlineData("reset")]
    public async Task Nothing_that_is_printed_holds_a_token(string? fault)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var appliance = await ApplianceSimulator.StartAsync(
            new SimulatorOptions { PublicToken = PublicToken, PrivateToken = PrivateToken, Fault = fault, Connections = 1000, Days = 1 },
            TimeProvider.System, cancellationToken);
        var start = Published.Start("call", "summarize_network_traffic", "detail=brief");
        start.Environment["DARKTRACE_HOST"] = appliance.Address.ToString();
        start.Environment["DARKTRACE_PUBLIC_TOKEN"] = PublicToken;
        start.Environment["DARKTRACE_PRIVATE_TOKEN"] = PrivateToken;
        start.Environment["DTMCP_LOG_LEVEL"] = "trace";

        var (code, output, error) = await Published.RunAsync(start);
        var printed = output + error;

        Assert.Equal(fault is null ? 0 : 1, code);
        Assert.NotEmpty(printed);
        Assert.DoesNotContain(PublicToken, printed, StringComparison.Ordinal);
        Assert.DoesNotContain(PrivateToken, printed, StringComparison.Ordinal);
    }
}
