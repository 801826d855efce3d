using System.Diagnostics;
using DtMcp.Simulator;

namespace DtMcp.Tests.Hosting;

/// <summary>Runs the real program against an emulated appliance with a known token pair, at its most talkative, through every fault, and reads all that it prints.</summary>
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
            new SimulatorOptions { PublicToken = PublicToken, PrivateToken = PrivateToken, Fault = fault, Connections = 1000, Days = 1 }, TimeProvider.System, cancellationToken);
        var program = Path.Combine(AppContext.BaseDirectory, "dtmcp.dll");
        var start = new ProcessStartInfo("dotnet", [program, "call", "summarize_network_traffic", "detail=brief"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("DTMCP_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DARKTRACE_HOST"] = appliance.Address.ToString();
        start.Environment["DARKTRACE_PUBLIC_TOKEN"] = PublicToken;
        start.Environment["DARKTRACE_PRIVATE_TOKEN"] = PrivateToken;
        start.Environment["DTMCP_LOG_LEVEL"] = "trace";

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var printed = await output + await errors;

        Assert.Equal(fault is null ? 0 : 1, process.ExitCode);
        Assert.NotEmpty(printed);
        Assert.DoesNotContain(PublicToken, printed, StringComparison.Ordinal);
        Assert.DoesNotContain(PrivateToken, printed, StringComparison.Ordinal);
    }
}
