using System.Text;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Reading.Companions;

public class CompanionTests
{
    [Fact]
    public async Task Enums_come_as_categories_or_as_the_bare_list_that_was_asked()
    {
        var all =
            await Over(
                """{"Protocol":[{"code":"6","name":"TCP"},{"code":17,"name":"UDP"}],"Vendor":"""
                + """[{"code":"-16579579","name":"Example","hidden":true}],"Odd":null}""")
            .GetEnumsAsync(null, Cancel);
        var bare = await Over("""[{"code":"6","name":"TCP"},{}]""").GetEnumsAsync("Protocol", Cancel);

        Assert.Equal(["Protocol", "Vendor", "Odd"], all.Select(static category => category.Name));
        Assert.Equal([("6", "TCP"), ("17", "UDP")], all[0].Values.Select(static value => (value.Code, value.Name)));
        Assert.True(Assert.Single(all[1].Values).Hidden);
        Assert.Equal("TCP", Assert.Single(Assert.Single(bare).Values).Name);
        Assert.Equal("Protocol", bare[0].Name);
    }

    [Fact]
    public async Task One_metric_may_come_without_its_list()
    {
        var metric =
            Assert.Single(
                await Over("""{"mlid":"17","name":"datatransfervolume","units":"bytes","filtertypes":["Direction",null,7],"set":null}""")
                    .GetMetricsAsync(Cancel));

        Assert.Equal((17L, "datatransfervolume", "bytes"), (metric.Mlid!.Value, metric.Name, metric.Units));
        Assert.Equal(["Direction", "7"], metric.FilterTypes);
    }

    [Fact]
    public async Task Series_skip_breach_times_and_points_without_a_time()
    {
        var series = Assert.Single(await Over(
            """[{"breachtimes":[{"pid":1}]},{"metric":"m","data":[{"time":"2026-01-15 08:29:00","size":14,"in":false,"out":14},"""
            + """{"timems":"1768465800000","in":1,"out":2.5},{"size":3}]}]""")
            .GetMetricDataAsync(new MetricDataQuery { Metrics = ["m"] }, Cancel));

        Assert.Equal([1768465740000, 1768465800000], series.Points.Select(static point => point.TimeMs));
        Assert.Equal((14d, null, 14d), (series.Points[0].Size, series.Points[0].In, series.Points[0].Out));
        Assert.Equal(3.5, series.Points[1].Size);
    }

    [Fact]
    public async Task Devices_are_read_whatever_their_form()
    {
        var devices = await Over(
            """
            [{"id":3627731978,"ips":["192.0.2.1","192.0.2.2"],"time":1735689600000,"endtime":1768467540000,"typename":"desktop",
             "customFields":{"did":9}},
             {"DID":"-6","sid":12,"sid":82,"ip":"192.0.2.39","ips":[{"ip":"192.0.2.40","did":1}],"firstSeen":"2025-01-01 00:00:00",
              "lastseen":1,"tags":[{"tid":1,"name":"Admin"},{"x":1}],"hostname":"\ud800"},
             {"hostname":"no id"}, null, 7]
            """).GetDevicesAsync(new DevicesQuery(), Cancel);

        Assert.Equal([3627731978, -6], devices.Select(static device => device.Did));
        Assert.Equal(("192.0.2.1", "desktop", 1735689600000, 1768467540000),
            (devices[0].Ip, devices[0].Details.Type, devices[0].Details.FirstSeen, devices[0].Details.LastSeen));
        Assert.Equal(82, devices[1].Details.SubnetId);
        Assert.Equal(["192.0.2.39", "192.0.2.40"], devices[1].Addresses.Select(static address => address.Ip));
        Assert.Equal(1735689600000, devices[1].Details.FirstSeen);
        Assert.Equal(["Admin"], devices[1].Details.Tags);
        Assert.Null(devices[1].Details.Hostname);
    }

    [Fact]
    public async Task A_device_search_is_paged_up_to_the_most_that_are_wanted()
    {
        static string Page(int from, int count) =>
            $$"""{"totalCount":1000,"devices":[{{string.Join(
                ',', Enumerable.Range(from, count).Select(static did => $$"""{"did":{{did}}}"""))}}]}""";
        var wire = new StubWire(StubWire.Json(Page(1, 300)), StubWire.Json(Page(301, 100)));

        var found = await Clients.Over(wire, TimeProvider.System).SearchDevicesAsync(new DeviceSearchQuery { Hostname = "a b*" }, 400,
            Cancel);

        Assert.Equal((1000L, 400), (found.Total, found.Devices.Count));
        Assert.Equal(
            ["/devicesearch?count=300&query=hostname%3A%22a%20b%2A%22&offset=0&orderBy=firstSeen&order=asc",
                "/devicesearch?count=100&query=hostname%3A%22a%20b%2A%22&offset=300&orderBy=firstSeen&order=asc"],
            wire.Asked.Select(static asked => asked.Target));
    }

    [Fact]
    public async Task A_device_search_ends_at_an_empty_page()
    {
        var wire = new StubWire(StubWire.Json("""{"totalCount":5,"devices":[{"did":1}]}"""),
            StubWire.Json("""{"totalCount":5,"devices":[]}"""));

        var found = await Clients.Over(wire, TimeProvider.System).SearchDevicesAsync(new DeviceSearchQuery(), 400, Cancel);

        Assert.Equal((5L, 1), (found.Total, found.Devices.Count));
    }

    [Fact]
    public async Task Endpoints_details_and_breaches_are_read()
    {
        var inside = await Over(
            """{"subnetlabel":"Finance","subnetid":"12","subnetnetwork":"192.0.2.0/24","country":"","name":"internal_ip"}""")
            .GetEndpointDetailsAsync(TextAddress.Of("192.0.2.7"), null, devices: true, Cancel);
        var events = Assert.Single(await Over(
            """[{"timems":1768467522000,"eventType":"connection","status":"ok","status":"failed","sdid":212,"sourcePort":51416,"""
            + """ "destinationPort":"443","protocol":"TCP","sourceDevice":{"did":212,"time":"1"},"destinationDevice":"""
            + """{"hostname":"c2.example.org","country":"Germany"}},{}]""")
            .GetDetailsAsync(new DetailsQuery { Did = 212 }, Cancel));
        var breach =
            Assert.Single(
                await Over(
                    """{"pbid":292504,"creationTime":5,"model":{"now":{"name":"Now"},"then":"""
                    + """{"name":"Then","category":"Suspicious"}},"percentscore":60,"device":{"did":212}}""")
            .GetModelBreachesAsync(new TimeWindow(1, 2), 212, Cancel));

        Assert.Equal((true, 12L, "Finance", null), (inside.IsInternal, inside.SubnetId!.Value, inside.SubnetLabel, inside.Country));
        Assert.Equal(("failed", 51416, 443, "Germany"),
            (events.Status, events.SourcePort!.Value, events.DestinationPort!.Value, events.DestinationEnd!.Details.Country));
        Assert.Equal(("Then", 0.6, 212L, 5L), (breach.Model, breach.Score!.Value, breach.Device!.Did, breach.TimeMs!.Value));
    }

    [Fact]
    public async Task Status_subnets_and_statistics_are_read()
    {
        var status =
            await Over(
                """{"time":"2026-01-15 09:00","version":"6.1.23","probes":{"12":{"version":"x"}},"internalIPRangeList":"""
                + """["10.0.0.0/8"],"subnets":97}""").GetStatusAsync(Cancel);
        var subnet = Assert.Single(await Over("""{"sid":12,"network":"192.0.2.0/24","clientDevices":69}""").GetSubnetsAsync(null, Cancel));
        var counts = await Over("""{"subnets":23,"devicecount":{"saas":{"total":135},"totalServer":87,"total":519}}""")
            .GetSummaryStatisticsAsync(Cancel);

        Assert.Equal((1768467600000, "6.1.23", 97L), (status.TimeMs!.Value, status.Version, status.Subnets!.Value));
        Assert.Equal(["10.0.0.0/8"], status.InternalRanges);
        Assert.Equal((12L, "192.0.2.0/24", 69L), (subnet.Sid, subnet.Network, subnet.ClientDevices!.Value));
        Assert.Equal((519L, 87L, 23L), (counts.Devices!.Value, counts.ServerDevices!.Value, counts.Subnets!.Value));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[{}]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[[{}]]")]
    public async Task An_answer_that_says_nothing_is_empty(string body)
    {
        Assert.Empty(await Over(body).GetDevicesAsync(new DevicesQuery(), Cancel));
        Assert.Empty((await Over(body).SearchDevicesAsync(new DeviceSearchQuery(), 5, Cancel)).Devices);
        Assert.Null((await Over(body).GetStatusAsync(Cancel)).Version);
        Assert.Null((await Over(body).GetSummaryStatisticsAsync(Cancel)).Devices);
    }

    [Fact]
    public async Task Any_cut_of_a_document_is_a_bad_answer()
    {
        const string Whole = """[{"did":1,"ips":[{"ip":"192.0.2.1"}],"tags":["ü"]},{"did":2}]""";
        var bytes = Encoding.UTF8.GetBytes(Whole);
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            var client = Clients.Over(
                new StubWire(() => new HttpResponseMessage
                {
                    Content = new ByteArrayContent(cut) { Headers = { { "Content-Type", "application/json" } } },
                }), TimeProvider.System);
            Assert.Equal("bad_answer",
                (await Assert.ThrowsAsync<ApplianceException>(() => client.GetDevicesAsync(new DevicesQuery(), Cancel))).Code);
        }

        Assert.Equal("bad_answer",
            (await Assert.ThrowsAsync<ApplianceException>(() => Over(Whole + "x").GetDevicesAsync(new DevicesQuery(), Cancel))).Code);
    }

    [Fact]
    public async Task A_body_beyond_the_cap_and_a_nesting_bomb_are_bad_answers()
    {
        var large = "[\"" + new string('a', 33 * 1024 * 1024) + "\"]";
        var deep = new string('[', 100) + new string(']', 100);

        Assert.Contains("32 MiB",
            (await Assert.ThrowsAsync<ApplianceException>(() => Over(large).GetDevicesAsync(new DevicesQuery(), Cancel))).Happened,
            StringComparison.Ordinal);
        Assert.Equal("bad_answer",
            (await Assert.ThrowsAsync<ApplianceException>(() => Over(deep).GetDevicesAsync(new DevicesQuery(), Cancel))).Code);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DarktraceClient Over(string body) => Clients.Over(new StubWire(StubWire.Json(body)), TimeProvider.System);
}
