using System.Globalization;
using System.Text.Json;
using DtMcp.Commands;
using DtMcp.Configuration;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Darktrace.Values;
using DtMcp.Running;
using DtMcp.Simulator;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Investigations;
using DtMcp.Tests.Support;
using DtMcp.Tools;
using DtMcp.Tools.Arguments;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Issues;

/// <summary>What is offered works, and what is said is so: sorting, made-up records, the emulated clock, what to call next.</summary>
public sealed class TrueWords_11
{
    private static readonly string[] SmallDemo = ["--demo", "--connections", "500", "--days", "1"];

    [Fact]
    public async Task Rows_are_sorted_by_every_column_that_sort_offers()
    {
        await using var investigator = await StartAsync(Dialect.Sdk);
        foreach (var column in Parameters.Sort.Values)
        {
            var descending = await ColumnAsync(investigator, column, column);
            var ascending = await ColumnAsync(investigator, column, "-" + column);

            var (larger, smaller) = column == "start" ? (ascending, descending) : (descending, ascending);
            Assert.Equal(50, larger.Count);
            Assert.Equal(larger.OrderDescending(StringComparer.Ordinal), larger);
            Assert.Equal(smaller.Order(StringComparer.Ordinal), smaller);
            Assert.NotEqual(larger[0], smaller[0]);
        }
    }

    [Theory]
    [InlineData("source")]
    [InlineData("destination")]
    [InlineData("protocol")]
    [InlineData("applicationprotocol")]
    [InlineData("-direction")]
    public async Task A_column_that_rows_are_not_sorted_by_is_refused_with_those_that_they_are(string column)
    {
        var (code, output, error) = await RunAsync(["call", "get_network_traffic", $"sort={column}", .. SmallDemo]);

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains("start, bytes, packets, seconds, source_port or destination_port", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sort_is_refused_where_there_are_tables_and_no_rows()
    {
        await using var investigator = await StartAsync(Dialect.Guide, options => options with { Without = ["advancedsearch"] });

        var error = await Assert.ThrowsAsync<ApplianceException>(() =>
            investigator.AskAsync("get_network_traffic", more: question => question with { Sort = new(SortColumn.Bytes) }));

        Assert.Equal(ApplianceError.InvalidArgument, error.Error);
        Assert.Contains("tables", error.Happened, StringComparison.Ordinal);
        Assert.Contains("Advanced Search", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_made_up_records_are_called_synthetic()
    {
        var file = await RecordsAsync();
        string[] call = ["call", "summarize_network_traffic", "last=1h", "--format", "json"];
        var (_, real, _) = await RunAsync([.. call, "--demo", "--records", file]);
        var (_, made, _) = await RunAsync([.. call, .. SmallDemo]);

        Assert.False(Synthetic(real));
        Assert.True(Synthetic(made));

        static bool Synthetic(string answer) => JsonElement.Parse(answer).GetProperty("scope").GetProperty("synthetic").GetBoolean();
    }

    [Theory]
    [InlineData(true, null, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    [InlineData(false, null, true)]
    [InlineData(false, false, false)]
    public async Task The_clock_over_records_stands_still_unless_told(bool isOverRecords, bool? told, bool runs)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
        var options = new SimulatorOptions
        {
            PublicToken = "words-public-0001",
            PrivateToken = "words-private-0002",
            RecordsFile = isOverRecords ? await RecordsAsync() : null,
            Connections = 500,
            Days = 1,
            ClockRuns = told,
        };
        await using var appliance = await ApplianceSimulator.StartAsync(options, time, TestContext.Current.CancellationToken);
        var before = appliance.Clock.GetUtcNow();

        time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(runs ? TimeSpan.FromHours(2) : TimeSpan.Zero, appliance.Clock.GetUtcNow() - before);

        // A client by that clock is heard still, and so is one whose own clock went on.
        var (its, own) = (appliance.Clock, new FakeTimeProvider(before + TimeSpan.FromHours(2)));
        foreach (var clock in new[] { its, own })
        {
            var (publicToken, privateToken) = (options.PublicToken, new Secret(options.PrivateToken));
            using var client = DarktraceClient.Create(
                new DarktraceOptions { Host = appliance.Address, PublicToken = publicToken, PrivateToken = privateToken }, clock, null);
            Assert.NotEmpty(await client.GetSubnetsAsync(null, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_hostname_and_an_address_outside_select_the_connections_between_the_two()
    {
        await using var investigator = await StartAsync(Dialect.Sdk);
        var records = investigator.Appliance.Records;
        var row = records.Rows.First(row =>
            records.Devices.At(row.Source)?.Facts.Hostname is not null && !records.IsInternal(row.Destination));
        var (device, ip) = (records.Devices.At(row.Source)!, records.Addresses[row.Destination].ToString());
        var arguments = JsonElement.Parse($$"""{"hostname":"{{device.Facts.Hostname}}","ip":"{{ip}}"}""");
        var tool = ToolCatalog.All.Single(known => known.Name == "get_network_traffic");
        var fields = arguments.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, field.Value));
        var asked = tool.Ask(ToolArguments.Read(tool.Name, tool.Parameters, tool.Required, fields), investigator.Appliance.Clock);

        var byName = await investigator.AskAsync(
            "get_network_traffic", asked.Filters, more: question => question with { Hostname = asked.Hostname });
        var byId = await investigator.AskAsync("get_network_traffic", new NetworkQuery { Did = device.Did, Ip = TextAddress.Of(ip) });
        var own = new NetworkQuery { Ip = TextAddress.Of(records.Addresses[row.Source].ToString()) };
        var twice = await Assert.ThrowsAsync<ApplianceException>(() => investigator.AskAsync(
            "get_network_traffic", own, more: question => question with { Hostname = device.Facts.Hostname }));

        Assert.InRange(byId.GetProperty("totals").GetProperty("connections").GetInt64(), 1, 1_000);
        Assert.Equal(byId.GetProperty("totals").GetRawText(), byName.GetProperty("totals").GetRawText());
        Assert.Equal(ApplianceError.InvalidArgument, twice.Error);
        Assert.Contains("both mean a device", twice.Happened, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_was_never_seen_is_not_suggested()
    {
        var rows = new RowMaker();
        rows.Add(1_768_460_400_000, "10.0.0.5", "203.0.113.9", 0, 100, 100, protocol: "icmp", application: "");
        Assert.True(NetAddress.TryParse("10.0.0.5", out var focus));

        var next = WholeTables.Run("analyze_device_activity", rows.Build(), WholeTables.Settings with { FocusAddress = focus }).Next;

        Assert.Contains(
            next, call => call.StartsWith("get_network_traffic ip=10.0.0.5 peer=203.0.113.9 sort=bytes ", StringComparison.Ordinal));
        Assert.All(next, call => Assert.DoesNotContain("destinationport", call, StringComparison.Ordinal));
    }

    private static Task<InvestigatorFixture> StartAsync(Dialect dialect, Func<SimulatorOptions, SimulatorOptions>? more = null) =>
        InvestigatorFixture.StartAsync(options =>
            (more ?? (same => same))(options with { Dialect = dialect, Connections = 2_000, Days = 1 }));

    private static async Task<IReadOnlyList<string>> ColumnAsync(InvestigatorFixture investigator, string column, string sort)
    {
        var answer = await investigator.AskAsync("get_network_traffic", more: question =>
            question with { Sort = RowSort.Of(sort), Limit = 50 });
        return [.. answer.GetProperty("tables").GetProperty("traffic").GetProperty("rows").EnumerateArray()
            .Select(row => row.TryGetProperty(column, out var value) ? Sortable(value) : "")];
    }

    private static string Sortable(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDecimal().ToString("00000000000000000000.000", CultureInfo.InvariantCulture),
        _ => value.GetString()!,
    };

    private static async Task<string> RecordsAsync()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("dtmcp-words-").FullName, "conn.log");
        await File.WriteAllLinesAsync(
            file,
            Enumerable.Range(0, 100).Select(i => string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"ts":{{1_768_460_400 + i}},"uid":"C{{i}}","id.orig_h":"10.0.0.5","id.orig_p":50000,"id.resp_h":"203.0.113.9",""" +
                $$""" "id.resp_p":443,"proto":"tcp","orig_bytes":10,"resp_bytes":20,"orig_pkts":1,"resp_pkts":1,"conn_state":"SF"}""")),
            TestContext.Current.CancellationToken);
        return file;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Entry.RunAsync(args, new ProcessContext
        {
            Input = () => Stream.Null,
            Output = () => Stream.Null,
            Out = output,
            Error = error,
            Settings = Settings.Read([]),
            Clock = TimeProvider.System,
        });
        return (code, output.ToString(), error.ToString());
    }
}
