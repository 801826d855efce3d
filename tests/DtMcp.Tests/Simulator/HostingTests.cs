using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using DtMcp.Simulator;
using DtMcp.Simulator.Setup;

namespace DtMcp.Tests.Simulator;

public sealed class HostingTests
{
    private const string SignatureError = "{\n  \"network\": \"API SIGNATURE ERROR\"\n}";
    private const string DateError = "{\n  \"network\": \"API DATE ERROR\"\n}";
    private const string InputError = "{\n  \"network\": \"INPUT ERROR\"\n}";

    [Theory]
    [InlineData("/network?protocol=tcp&port=443", "/network?port=443&protocol=tcp")]
    [InlineData("/network?protocol=tcp", "/network?protocol=udp")]
    [InlineData("/network?ip=fe80%3A%3A1", "/network?ip=fe80%3A%3A1")]
    [InlineData("/network", "/network?")]
    public async Task What_was_not_signed_as_sent_is_refused(string sent, string signed)
    {
        await using var appliance = await SignedRequests.StartAsync();

        Assert.Equal((HttpStatusCode.BadRequest, SignatureError), await appliance.AskAsync(sent, signed: signed));
    }

    [Theory]
    [InlineData("/network?from=2026-01-15%2008%3A00%3A00&to=2026-01-15%2009%3A00%3A00",
        "/network?from=2026-01-15 08:00:00&to=2026-01-15 09:00:00")]
    [InlineData("/network?from=2026-01-15+08%3A00%3A00&to=2026-01-15+09%3A00%3A00",
        "/network?from=2026-01-15 08:00:00&to=2026-01-15 09:00:00")]
    [InlineData("/network?ip=fe80%3A%3A1", "/network?ip=fe80::1")]
    public async Task The_decoded_query_is_what_counts(string sent, string signed)
    {
        await using var appliance = await SignedRequests.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await appliance.AskAsync(sent, signed: signed)).Status);
    }

    [Theory]
    [InlineData("DTAPI-Token")]
    [InlineData("DTAPI-Date")]
    [InlineData("DTAPI-Signature")]
    public async Task A_missing_header_is_a_signature_error(string header)
    {
        await using var appliance = await SignedRequests.StartAsync();

        using var response = await appliance.SendAsync("/network", request => request.Headers.Remove(header));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(SignatureError, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("2026-01-15 09:00:00", true)]
    [InlineData("20260115T090000", true)]
    [InlineData("2026-01-15T09:00:00", true)]
    [InlineData("2026-01-15T09:00:00.123456+00:00", true)]
    [InlineData("2026-01-15 09:00:00.123456", true)]
    [InlineData("Thu, 15 Jan 2026 09:00:00 GMT", true)]
    [InlineData("Thu Jan 15 09:00:00 2026", true)]
    [InlineData("2026-01-15 09:30:00", true)]
    [InlineData("2026-01-15 08:30:00", true)]
    [InlineData("2026-01-15 09:30:01", false)]
    [InlineData("2026-01-15 08:29:59", false)]
    [InlineData("2026-01-15 11:00:00", false)]
    [InlineData("yesterday", false)]
    public async Task A_date_counts_in_its_documented_forms_within_thirty_minutes(string date, bool accepted)
    {
        await using var appliance = await SignedRequests.StartAsync();

        var (status, body) = await appliance.AskAsync("/network?responsedata=metric", date: date);

        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.BadRequest, status);
        Assert.Equal(!accepted, body == DateError);
    }

    [Fact]
    public async Task A_delay_is_before_each_good_answer_and_before_no_refusal()
    {
        var clock = new HurriedClock();
        await using var appliance = new SignedRequests(await ApplianceSimulator.StartAsync(
            SignedRequests.Options with { Delay = TimeSpan.FromMilliseconds(317), Connections = 100, Days = 1 }, clock,
            TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.OK, (await appliance.AskAsync("/network?responsedata=metric")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await appliance.AskAsync("/network", signed: "/other")).Status);
        Assert.Equal(HttpStatusCode.OK, (await appliance.AskAsync("/enums?responsedata=Protocol")).Status);

        Assert.Equal([317, 317], clock.Waits);
    }

    [Fact]
    public async Task Answers_carry_the_date_of_the_appliances_clock()
    {
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with
        {
            Now = new DateTimeOffset(2025, 3, 4, 5, 6, 7, TimeSpan.Zero),
        });

        using var response = await appliance.SendAsync("/network");

        Assert.Equal(new DateTimeOffset(2025, 3, 4, 5, 6, 7, TimeSpan.Zero), response.Headers.Date);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("starttime=1")]
    [InlineData("from=2026-01-15 08:00:00")]
    [InlineData("starttime=1&to=2026-01-15 08:00:00")]
    [InlineData("from=2026-01-15 08:00:00&to=2026-01-15 09:00:00&starttime=1&endtime=2")]
    [InlineData("starttime=2&endtime=1")]
    [InlineData("from=soon&to=later")]
    [InlineData("port=https")]
    [InlineData("port=65536")]
    [InlineData("did=one")]
    [InlineData("ip=10.1.2")]
    [InlineData("intext=both")]
    [InlineData("metric=saasthings")]
    [InlineData("fulldevicedetails=maybe")]
    public async Task A_parameter_that_means_nothing_is_an_input_error(string query)
    {
        await using var appliance = await SignedRequests.StartAsync();

        Assert.Equal((HttpStatusCode.BadRequest, InputError), await appliance.AskAsync($"/network?{query}"));
    }

    [Fact]
    public async Task An_unknown_endpoint_redirects_to_the_login_page_and_that_is_html()
    {
        await using var appliance = await SignedRequests.StartAsync();

        using var response = await appliance.SendAsync("/networks");

        Assert.Equal((HttpStatusCode.Found, "/login"), (response.StatusCode, response.Headers.Location?.OriginalString));
        Assert.Equal("Found. Redirecting to /login", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("<title>Log In | Darktrace</title>", (await appliance.AskAsync("/login")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("visualizer")]
    [InlineData("network")]
    public async Task A_permission_that_is_missing_redirects_to_403(string without)
    {
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with { Without = [without] });

        using var response = await appliance.SendAsync("/network");

        Assert.Equal((HttpStatusCode.Found, "/403"), (response.StatusCode, response.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData(null)]
    public async Task A_body_is_compressed_as_the_client_asks(string? coding)
    {
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with { Dialect = Dialect.Sdk });

        using var response = await appliance.SendAsync("/network",
            request => request.Headers.TryAddWithoutValidation("Accept-Encoding", coding));

        Assert.Equal(coding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using var plain = coding switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var document = await JsonDocument.ParseAsync(plain, default, TestContext.Current.CancellationToken);
        Assert.True(document.RootElement.GetProperty("traffic").GetArrayLength() > 0);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://192.168.1.5:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("nonsense")]
    public async Task It_listens_on_loopback_only(string urls) =>
        await Assert.ThrowsAsync<SimulatorException>(() => SignedRequests.StartAsync(SignedRequests.Options with { Urls = urls }));

    [Fact]
    public async Task Requests_are_logged_as_sent_and_without_tokens()
    {
        var seen = new List<RequestLogEntry>();
        await using var appliance = await SignedRequests.StartAsync(SignedRequests.Options with
        {
            Dialect = Dialect.Sdk,
            OnRequest = seen.Add,
        });
        var answer = await appliance.GetAsync("/network?from=2026-01-15%2008%3A00%3A00&to=2026-01-15%2009%3A00%3A00");

        await appliance.DisposeAsync();

        var entry = Assert.Single(appliance.Simulator.Requests);
        Assert.Equal(entry, Assert.Single(seen));
        Assert.Equal("/network?from=2026-01-15%2008%3A00%3A00&to=2026-01-15%2009%3A00%3A00", entry.Target);
        Assert.Equal((200, answer.GetProperty("traffic").GetArrayLength()), (entry.Status, entry.Rows));
    }

    [Fact]
    public async Task A_restricted_token_gets_stable_pseudonyms()
    {
        await using var open = await SignedRequests.StartAsync(SignedRequests.Options with { Dialect = Dialect.Sdk });
        await using var restricted = await SignedRequests.StartAsync(SignedRequests.Options with
        {
            Dialect = Dialect.Sdk,
            Restricted = true,
        });

        var names = Hostnames(await open.GetAsync("/network"));
        var pseudonyms = Hostnames(await restricted.GetAsync("/network"));

        Assert.Equal(names.Count, pseudonyms.Count);
        Assert.Empty(names.Intersect(pseudonyms));
        Assert.Equal(pseudonyms, Hostnames(await restricted.GetAsync("/network")));
    }

    private static HashSet<string> Hostnames(JsonElement answer) =>
        [.. answer.GetProperty("traffic").EnumerateArray()
            .SelectMany(row => (JsonElement[])[row.GetProperty("sourcedevice"), row.GetProperty("destinationdevice")])
            .Where(host => host.TryGetProperty("hostname", out _))
            .Select(host => host.GetProperty("hostname").GetString()!)];

    /// <summary>A clock whose timers go off at once; it keeps what they were set to.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        private readonly ConcurrentQueue<double> _waits = [];

        public IEnumerable<double> Waits => _waits;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _waits.Enqueue(dueTime.TotalMilliseconds);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
