using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Requests.Searches;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Sending;

/// <summary>
/// Whatever the emulated appliance sends, trickled and cut at any byte, gives the right answer or a named error: over every endpoint, with
/// a fixed seed.
/// </summary>
public sealed class BrokenWireTests : IAsyncLifetime
{
    private const int Cuts = 60;

    private ApplianceSimulator _guide = null!;
    private ApplianceSimulator _sdk = null!;

    public static TheoryData<string> Endpoints =>
        ["network-sdk", "network-guide", "records", "enums", "metrics", "metricdata", "devices", "devicesearch", "subnets",
            "endpointdetails", "details", "modelbreaches", "status", "summarystatistics"];

    public async ValueTask InitializeAsync()
    {
        var options = new SimulatorOptions
        {
            PublicToken = "wire-public-0001",
            PrivateToken = "wire-private-0002",
            Connections = 1000,
            Days = 1,
        };
        _guide = await ApplianceSimulator.StartAsync(options, TimeProvider.System, TestContext.Current.CancellationToken);
        _sdk = await ApplianceSimulator.StartAsync(options with { Dialect = Dialect.Sdk }, TimeProvider.System,
            TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _guide.DisposeAsync();
        await _sdk.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_body_trickled_whole_is_read_right_and_one_cut_anywhere_is_a_named_error(string endpoint)
    {
        var appliance = endpoint == "network-sdk" ? _sdk : _guide;
        var whole = await AskAsync(endpoint, appliance, long.MaxValue, trickle: 0);
        Assert.Equal(whole.Answer, (await AskAsync(endpoint, appliance, long.MaxValue, trickle: 7)).Answer);
        var random = new Random(20261124);
        for (var i = 0; i < Cuts; i++)
        {
            // The last bytes may be white space after the document, without which it is whole all the same.
            var at = i < 10 ? i : random.NextInt64(0, whole.Length - 4);

            var error = await Assert.ThrowsAsync<ApplianceException>(() => AskAsync(endpoint, appliance, at, trickle: i % 2 == 0 ? 0 : 13));

            Assert.Contains(error.Error, new[] { ApplianceError.BadAnswer, ApplianceError.NotDarktrace });
        }
    }

    private static async Task<(string Answer, long Length)> AskAsync(string endpoint, ApplianceSimulator appliance, long cutAt, int trickle)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var wire = new BrokenWire(cutAt, trickle);
        using var client = DarktraceClient.Create(
            new DarktraceOptions
            {
                Host = appliance.Address,
                PublicToken = "wire-public-0001",
                PrivateToken = new Secret("wire-private-0002"),
            }, appliance.Clock, null, wire);
        var now = appliance.Clock.GetUtcNow().ToUnixTimeMilliseconds() / 60_000 * 60_000;
        var window = new TimeWindow(now - 86_400_000, now);
        var flows = new FlowSet();
        object? answer = endpoint switch
        {
            "network-sdk" or "network-guide" =>
                (await client.GetNetworkAsync(new NetworkQuery { Window = window }, flows, null, cancellationToken)).Kind,
            "records" => await client.SearchConnectionsAsync(new ConnSearch { Window = window }, flows, null, cancellationToken),
            "enums" => string.Join(',',
                (await client.GetEnumsAsync("Protocol", cancellationToken)).SelectMany(category => category.Values)),
            "metrics" => string.Join(',', (await client.GetMetricsAsync(cancellationToken)).Select(metric => metric.Name)),
            "metricdata" => (await client.GetMetricDataAsync(new MetricDataQuery
            {
                Metrics = ["datatransfervolume"],
                Did = 1,
                Window = window,
            }, cancellationToken)).Sum(series => series.Points.Sum(point => point.Size)),
            "devices" => string.Join(',',
                (await client.GetDevicesAsync(new DevicesQuery(), cancellationToken)).Select(device => device.Did)),
            "devicesearch" => (await client.SearchDevicesAsync(new DeviceSearchQuery(), 100, cancellationToken)).Total,
            "subnets" => string.Join(',', await client.GetSubnetsAsync(null, cancellationToken)),
            "endpointdetails" =>
                (await client.GetEndpointDetailsAsync(TextAddress.Of("203.0.113.68"), null, true, cancellationToken)).ToString(),
            "details" => (await client.GetDetailsAsync(new DetailsQuery { Did = 1, Window = window }, cancellationToken)).Count,
            "modelbreaches" => string.Join(',',
                (await client.GetModelBreachesAsync(window, null, cancellationToken)).Select(breach => breach.Pbid)),
            "status" => (await client.GetStatusAsync(cancellationToken)).Version,
            _ => (await client.GetSummaryStatisticsAsync(cancellationToken)).ToString(),
        };
        return ($"{answer} {flows.Count} {flows.Chunks.Sum(chunk => chunk.Bytes.Take(chunk.Count).Sum())}", wire.Length);
    }

    /// <summary>Passes requests on, and of each answer so many bytes, a few at a time.</summary>
    private sealed class BrokenWire(long cutAt, int trickle) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        public long Length { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.AcceptEncoding.Clear();
            var response = await base.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            Length = body.Length;
            var cut = new StreamContent(new TrickleStream(cutAt < body.Length ? body[..(int)cutAt] : body, trickle));
            cut.Headers.ContentType = response.Content.Headers.ContentType;
            response.Content = cut;
            return response;
        }
    }

    private sealed class TrickleStream(byte[] body, int step) : MemoryStream(body)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return await base.ReadAsync(step > 0 && buffer.Length > step ? buffer[..step] : buffer, cancellationToken);
        }
    }
}
