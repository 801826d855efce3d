using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Support;
using DtMcp.Traffic;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Issues;

/// <summary>
/// What a row says of itself decides whether it counts: its device, its start. An appliance stands in that sends the same rows whatever is
/// asked.
/// </summary>
public sealed class RowsAsked_11
{
    private const int RowsEach = 400;

    private static readonly long End = Clients.Now.ToUnixTimeMilliseconds();
    private static readonly TimeWindow Hour = new(End - 3_600_000, End);

    [Theory]
    [InlineData(1_000_000, true)]
    [InlineData(1_000_000, false)]
    [InlineData(10, false)]
    public async Task An_address_that_moved_counts_for_each_device_only_with_its_own_rows(long mostRows, bool fromCapture)
    {
        // 10.0.0.5 is device 5 in the first half of the hour and device 6 in the second.
        var rows = Enumerable.Range(0, 2 * RowsEach).Select(i => Row(Hour.StartMs + (i * 1_000), i < RowsEach ? 5 : 6, 10));
        using var appliance = new Appliance(rows);
        var investigator = appliance.Investigator(mostRows);
        if (fromCapture)
        {
            Assert.Equal(2 * RowsEach, (await AskAsync(investigator, new NetworkQuery())).Connections);
        }

        Assert.Equal(RowsEach, (await AskAsync(investigator, new NetworkQuery { Did = 5 })).Connections);
        Assert.Equal(RowsEach, (await AskAsync(investigator, new NetworkQuery { Did = 6 })).Connections);
        Assert.Equal(2 * RowsEach, (await AskAsync(investigator, new NetworkQuery { Ip = TextAddress.Of("10.0.0.5") })).Connections);
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(3)]
    public async Task Rows_that_start_outside_the_window_never_count_and_it_is_said_how_many(long mostRows)
    {
        var (first, last) = (Hour.StartMs, Hour.EndMs);
        long[] starts = [first - 1, first, first + 5, last - 1, last, last + 1, last + 60_000, first + 6, first + 7];
        using var appliance = new Appliance(starts.Select(start => Row(start, 5, 100)));

        var (connections, bytes, text) = await AskAsync(appliance.Investigator(mostRows), new NetworkQuery());

        Assert.Equal((6, 600), (connections, bytes));
        Assert.Contains("3 connections that start outside the time asked for", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get_network_traffic", 1_000_000)]
    [InlineData("get_network_traffic", 100)]
    [InlineData("summarize_network_traffic", 1_000_000)]
    [InlineData("summarize_external_traffic", 1_000_000)]
    [InlineData("analyze_protocols_and_ports", 100)]
    [InlineData("compare_traffic", 1_000_000)]
    [InlineData("hunt_traffic", 1_000_000)]
    public async Task Sums_stop_at_the_largest_number_and_say_so(string tool, long mostRows)
    {
        using var appliance = new Appliance(Enumerable.Range(0, 2_000).Select(i => Row(Hour.StartMs + i, 5, (1L << 53) - 1)));

        var (_, bytes, text) = await AskAsync(appliance.Investigator(mostRows), new NetworkQuery(), tool);

        Assert.DoesNotContain("\":-", text, StringComparison.Ordinal);
        Assert.True(bytes is null or long.MaxValue, $"{bytes}");
        Assert.Contains("a sum of 9223372036854775807 means at least that", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sums_of_tables_stop_at_the_largest_number_and_say_so()
    {
        var device = "{\"did\":1,\"ip\":\"10.0.0.5\",\"size\":9007199254740991}";
        using var appliance = new Appliance(Enumerable.Repeat(device, 1_100), "devices");

        var (_, _, text) = await AskAsync(appliance.Investigator(1_000_000), new NetworkQuery());

        Assert.Contains("\"size\":9223372036854775807", text, StringComparison.Ordinal);
        Assert.Contains("a sum of 9223372036854775807 means at least that", text, StringComparison.Ordinal);
    }

    private static async Task<(long? Connections, long? Bytes, string Text)> AskAsync(
        Investigator investigator, NetworkQuery filters, string tool = "get_network_traffic")
    {
        var question = new Question
        {
            Investigation = Investigating.Of(tool),
            Filters = filters,
            Window = Hour,
            Format = AnswerFormat.Json,
            Limit = 3,
        };
        var answer = await investigator.AskAsync(question, null, TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(answer.Json!);
        var totals = document.RootElement.GetProperty("totals");
        return (Number("connections"), Number("bytes"), answer.Text);

        long? Number(string name) =>
            totals.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
    }

    private static string Row(long start, long did, long bytes) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"sourcedevice":{"did":{{did}},"ip":"10.0.0.5"},"destinationdevice":{"ip":"203.0.113.9"},"protocol":"tcp",
        "sourceport":50000,"destinationport":443,"bytes":{{bytes}},"packets":9,"starttime":{{start}},"direction":"external"}
        """);

    private sealed class Appliance(IEnumerable<string> rows, string name = "traffic") : HttpMessageHandler
    {
        private readonly string _rows = "{\"" + name + "\":[" + string.Join(',', rows) + "]}";
        private readonly FakeTimeProvider _time = new(Clients.Now);
        private DarktraceClient? _client;

        public Investigator Investigator(long mostRows)
        {
            var options = new InvestigatorOptions { Appliance = "test", Evidence = EvidencePolicy.Network, MaxFlows = mostRows };
            return new Investigator(options, _client = Clients.Over(this, _time), _time);
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.RequestUri!.AbsolutePath switch
            {
                "/network" => _rows,
                "/devicesearch" => "{\"totalCount\":0,\"devices\":[]}",
                _ => "[]",
            };
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }

        protected override void Dispose(bool disposing)
        {
            _client?.Dispose();
            base.Dispose(disposing);
        }
    }
}
