using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Reading.Companions;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Sending;

/// <summary>The client against the emulated appliance, which checks signatures with its own code.</summary>
public class SimulatedApplianceTests
{
    [Theory]
    [InlineData(DateFormat.Spaced)]
    [InlineData(DateFormat.Extended)]
    [InlineData(DateFormat.Compact)]
    public async Task A_signed_request_is_accepted(DateFormat format)
    {
        await using var simulator = await StartAsync();
        using var client = Create(simulator, options => options with { DateFormat = format });

        Assert.NotNull((await client.GetStatusAsync(Cancel)).Version);
        Assert.NotNull(client.LastServerDate);
    }

    [Fact]
    public async Task Every_companion_is_asked_and_read()
    {
        await using var simulator = await StartAsync();
        using var client = Create(simulator);
        var end = simulator.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var day = new TimeWindow(end - 86_400_000, end);

        var device = Assert.Single(await client.GetDevicesAsync(new DevicesQuery { Did = 1 }, Cancel));
        Assert.Equal(1, device.Did);
        Assert.Contains(await client.GetEnumsAsync(null, Cancel),
            static category => category.Name == "Protocol" && category.Values.Count > 0);
        Assert.Contains(await client.GetMetricsAsync(Cancel), static metric => metric.Name == "datatransfervolume");
        Assert.NotEmpty(Assert.Single(await client.GetMetricDataAsync(new MetricDataQuery
        {
            Metrics = ["datatransfervolume"],
            Did = 1,
            IntervalSeconds = 3600,
            Window = day,
        }, Cancel)).Points);
        Assert.NotEmpty(await client.GetSubnetsAsync(null, Cancel));
        Assert.True((await client.GetEndpointDetailsAsync(device.Addresses[0].Address, null, devices: true, Cancel)).IsInternal);
        Assert.NotEmpty(await client.GetDetailsAsync(new DetailsQuery { Did = 1, Window = day }, Cancel));
        Assert.NotEmpty(await client.GetModelBreachesAsync(new TimeWindow(0, end), null, Cancel));
        Assert.True((await client.GetSummaryStatisticsAsync(Cancel)).Devices > 0);
        await FindsAsync(client, new DeviceSearchQuery { Hostname = device.Details.Hostname }, device);
        await FindsAsync(client, new DeviceSearchQuery { Ip = device.Ip, Os = "*" }, device);
    }

    [Fact]
    public async Task A_changed_token_or_clock_is_refused_by_its_name()
    {
        await using var simulator = await StartAsync();
        using var tampered = Create(simulator, static options => options with { PrivateToken = new Secret("another-token") });
        using var late = DarktraceClient.Create(Options(simulator), new FakeTimeProvider(simulator.Clock.GetUtcNow().AddMinutes(31)), null);
        using var nearly = DarktraceClient.Create(Options(simulator), new FakeTimeProvider(simulator.Clock.GetUtcNow().AddMinutes(29)),
            null);

        Assert.Equal("signature_rejected", (await FailAsync(tampered)).Code);
        var skew = await FailAsync(late);
        Assert.Equal("clock_skew", skew.Code);
        Assert.Contains("31 minutes apart", skew.Happened, StringComparison.Ordinal);
        await nearly.GetStatusAsync(Cancel);
    }

    [Theory]
    [InlineData("signature", "signature_rejected")]
    [InlineData("date", "clock_skew")]
    [InlineData("permission", "permission_denied")]
    [InlineData("not-found", "not_available")]
    [InlineData("login-page", "permission_denied")]
    [InlineData("error-500", "appliance_busy")]
    [InlineData("slow", "timeout")]
    [InlineData("cut-off", "bad_answer")]
    [InlineData("bad-json", "bad_answer")]
    [InlineData("reset", "unreachable")]
    public async Task Each_fault_has_its_code(string fault, string code)
    {
        await using var simulator = await StartAsync(fault);
        using var client = Create(simulator,
            options => fault == "slow" ? options with { Timeout = TimeSpan.FromMilliseconds(500) } : options);

        Assert.Equal(code, (await FailAsync(client)).Code);
    }

    [Fact]
    public async Task A_busy_appliance_is_waited_for()
    {
        await using var simulator = await StartAsync("error-500:2");
        using var client = Create(simulator);

        Assert.NotNull((await client.GetStatusAsync(Cancel)).Version);
        Assert.Equal([500, 500, 200], simulator.Requests.Select(static request => request.Status));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task<ApplianceSimulator> StartAsync(string? fault = null) => ApplianceSimulator.StartAsync(
        new SimulatorOptions
        {
            PublicToken = Clients.PublicToken,
            PrivateToken = Clients.PrivateToken,
            Fault = fault,
            Now = Clients.Now,
            Connections = 2000,
        }, TimeProvider.System, Cancel);

    private static DarktraceOptions Options(ApplianceSimulator simulator) =>
        Clients.Options(simulator.Address.GetLeftPart(UriPartial.Authority));

    private static DarktraceClient Create(ApplianceSimulator simulator, Func<DarktraceOptions, DarktraceOptions>? change = null) =>
        DarktraceClient.Create((change ?? (static options => options))(Options(simulator)), simulator.Clock, null);

    private static Task<ApplianceException> FailAsync(DarktraceClient client) =>
        Assert.ThrowsAsync<ApplianceException>(() => client.GetStatusAsync(Cancel));

    private static async Task FindsAsync(DarktraceClient client, DeviceSearchQuery query, Device device) =>
        Assert.Contains((await client.SearchDevicesAsync(query, 10, Cancel)).Devices, found => found.Did == device.Did);
}
