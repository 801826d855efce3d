using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Simulator;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Issues;

/// <summary>The endpoints beside the traffic as appliances were recorded to answer, and as the emulated one does since.</summary>
public sealed class Companions_11
{
    private static readonly string Samples = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory,
        "../../../../../shared/darktrace-api/samples"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acknowledged_breaches_are_in_the_table_and_told_as_such()
    {
        await using var appliance = new StandIn();
        appliance.On("/devices", """[{"did":13,"ip":"192.0.2.13"}]""").On("/modelbreaches",
            target => target.Contains("includeacknowledged=true", StringComparison.Ordinal)
            ? """
              [{"pbid":9001,"acknowledged":{"username":"a","time":1768467000000},"time":1768466000000,"model":{"name":"Example::Known"},
               "score":0.592,"device":{"did":13}},
               {"pbid":9002,"acknowledged":false,"time":1768466000000,"model":{"then":{"name":"Example::Open"}},"score":0.953,
                "device":{"did":13}},
               {"pbid":9003,"time":1768466000000,"model":{"then":{"name":"Example::System"}},"score":0.1,"device":{"did":-1}}]
              """
            : "[]");

        var answer = await appliance.AskAsync("analyze_device_activity", Clients.Now, new NetworkQuery { Did = 13 });

        Assert.Matches(@"Example::Known\|59\|yes\|9001", answer);
        Assert.Matches(@"Example::Open\|95\|no\|9002", answer);
    }

    [Fact]
    public async Task The_emulated_appliance_has_an_acknowledged_breach_and_tells_no_percentscore()
    {
        await using var investigator = await InvestigatorFixture.StartAsync();
        var client = investigator.Client;

        var breaches = await client.GetModelBreachesAsync(investigator.LastDay, null, Cancel);

        Assert.Single(breaches, breach => breach.IsAcknowledged == true);
        await using var signed = await SignedRequests.StartAsync();
        Assert.DoesNotContain("percentscore", (await signed.AskAsync("/modelbreaches")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_seen_last_are_shown_first()
    {
        await using var investigator = await InvestigatorFixture.StartAsync();

        var rows = (await investigator.AskAsync("find_devices",
            more: question => question with { Limit = 20 })).GetProperty("tables").GetProperty("devices").GetProperty("rows");

        var seen = rows.EnumerateArray().Select(row => row.GetProperty("last_seen").GetString()!).ToList();
        Assert.Equal(20, seen.Count);
        Assert.Equal(seen.OrderDescending(StringComparer.Ordinal), seen);
        Assert.True(string.CompareOrdinal(seen[0],
            investigator.Now.AddHours(-1).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)) > 0);
    }

    [Fact]
    public async Task More_devices_than_a_page_are_asked_in_an_order_that_does_not_shift_and_none_twice()
    {
        static string Page(IEnumerable<int> dids) =>
            $$"""{"totalCount":500,"devices":[{{string.Join(
                ',', dids.Select(did => $$"""{"did":{{did}},"lastSeen":{{1768467540000 - did}}}"""))}}]}""";
        await using var appliance = new StandIn();
        appliance.On("/devicesearch",
            target => target.Contains("offset=0&", StringComparison.Ordinal) ? Page(Enumerable.Range(200, 300))
                : Page(Enumerable.Range(1, 200)));

        var found = await appliance.Client.SearchDevicesAsync(new DeviceSearchQuery(), 1000, Cancel);

        Assert.Equal(499, found.Devices.Count);
        Assert.Equal(1, found.Devices[0].Did);
        Assert.All(appliance.Asked, target => Assert.Contains("orderBy=firstSeen&order=asc", target, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("200 OK", "text/html", "<!doctype html><html><head><title>Darktrace | Login</title></head></html>", null,
        "permission_denied")]
    [InlineData("201 Created", "text/html", "<html><head><title>Darktrace | Login</title></head></html>", null, "permission_denied")]
    [InlineData("201 Created", "text/html", "<html><head><title>Log In | Darktrace</title></head></html>", null, "permission_denied")]
    [InlineData("201 Created", "text/html", "<html><head><title>Portal</title></head></html>", null, "not_darktrace")]
    [InlineData("302 Found", "text/plain", "Found. Redirecting to /403", null, "permission_denied")]
    [InlineData("302 Found", "text/plain", "Found. Redirecting to /login", null, "not_available")]
    [InlineData("302 Found", "text/plain", "Found. Redirecting to /403", "/elsewhere", "not_darktrace")]
    [InlineData("302 Found", "text/plain", "", null, "not_darktrace")]
    public async Task Log_in_pages_and_refusals_are_known_in_each_of_their_forms(string status, string type, string body, string? location,
        string code)
    {
        await using var appliance = new StandIn();
        appliance.On("/status", (_, stream, token) => TinyServer.Raw(
            $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\n{(location is null ? "" : $"Location: {location}\r\n")}Content-Length: " +
            $"{body.Length}\r\nConnection: close\r\n\r\n{body}")(stream, token));

        Assert.Equal(code, (await Assert.ThrowsAsync<ApplianceException>(() => appliance.Client.GetStatusAsync(Cancel))).Code);
    }

    [Fact]
    public async Task A_unified_view_tells_of_its_masters()
    {
        await using var appliance = new StandIn(new FakeTimeProvider(Clients.Now)).On(
            "/status",
            """
            {"time":"2026-01-15 09:00","version":"6.1.23 (abcdef1)","type":"unifiedView","instances":{
             "6":{"id":6,"label":"Site A","version":"6.1.22","type":"master","subnets":3,"internalIPRangeList":["192.0.2.0/24"],
              "probes":{"192.0.2.250":{"version":"x"}}},
             "7":{"id":7,"label":"Site B","error":true},"8":{"hostname":"site-c","subnets":2,
              "internalIPRangeList":["192.0.2.0/24","198.51.100.0/24"]}}}
            """);

        var status = await appliance.Client.GetStatusAsync(Cancel);
        var check = await appliance.AskAsync("check_appliance", Clients.Now);

        Assert.Equal(["192.0.2.0/24", "198.51.100.0/24"], status.InternalRanges);
        Assert.Equal(5, status.Subnets);
        Assert.Equal([("Site A", "6.1.22", true), ("Site B", null, false), ("site-c", null, true)],
            status.Instances.Select(instance => (instance.Name, instance.Version, instance.DoesAnswer)));
        Assert.Contains("3 instances; no answer from Site B", check, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoints_and_connections_keep_what_recorded_answers_tell()
    {
        await using var appliance = new StandIn();
        appliance.On("/endpointdetails", target => target.Contains("hostname", StringComparison.Ordinal)
            ? """{"hostname":"c2.example.org","ips":[{"ip":"203.0.113.77","firsttime":1768400000000,"lasttime":1768467000000}],"""
            + """ "locations":[{"country":"Germany","city":""},{"country":"Germany"}],"popularity":0,"dgascore":72.5,"devices":[]}"""
            : """{"ip":"203.0.113.77","ipage":67600,"iptime":"2026-01-14 14:13:20","city":""}""")
            .On("/details", """
                [{"timems":1768467522000,"eventType":"connection","uid":"C1","status":"ongoing","totalbytesin":1200,"totalbytesout":"900"},
                 {"timems":1768467523000,"uid":"C1","status":"ongoing"}]
                """);

        var named = await appliance.Client.GetEndpointDetailsAsync(null, "c2.example.org", false, Cancel);
        var addressed = await appliance.Client.GetEndpointDetailsAsync(TextAddress.Of("203.0.113.77"), null, false, Cancel);
        var events = await appliance.Client.GetDetailsAsync(new DetailsQuery { Did = 1, IncludeTotalBytes = true }, Cancel);

        Assert.Equal((0d, 72.5), (named.Popularity!.Value, named.DgaScore!.Value));
        Assert.Equal(("203.0.113.77", 1768467000000L), (Assert.Single(named.Ips).Ip, named.Ips[0].LastTime!.Value));
        Assert.Equal(["Germany"], named.Countries);
        Assert.Equal((67600L, null), (addressed.AgeSeconds!.Value, addressed.City));
        Assert.Equal((1200L, 900L, null), (events[0].TotalBytesIn!.Value, events[0].TotalBytesOut!.Value, events[1].TotalBytesIn));
        Assert.Contains("includetotalbytes=true", appliance.Asked.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_emulated_appliance_tells_of_a_device_that_moved_and_of_one_with_a_client_sensor()
    {
        await using var investigator = await InvestigatorFixture.StartAsync();
        var client = investigator.Client;

        var devices = await client.GetDevicesAsync(new DevicesQuery { SeenSince = "7day" }, Cancel);
        var moved = Assert.Single(devices, device => device.Addresses.Count > 1);
        var sensor = Assert.Single(devices, device => device.Details.SubnetId == -11);
        var holder = Assert.Single(devices, device => device.Ip == moved.Addresses[1].Ip);

        Assert.False(moved.Addresses[1].MayHoldSince(investigator.LastDay.StartMs));
        Assert.NotEqual(moved.Did, holder.Did);
        Assert.False(Assert.Single(sensor.Addresses).IsPresent);
        foreach (var device in new[] { holder, sensor })
        {
            var answer = await investigator.AskAsync("analyze_device_activity", new NetworkQuery { Did = device.Did });
            Assert.Equal("records", answer.GetProperty("scope").GetProperty("evidence").GetString());
            Assert.True(answer.GetProperty("totals").GetProperty("bytes_out").GetInt64() > 0);
        }
    }

    [Theory]
    [InlineData("devices_live.json")]
    [InlineData("devices_guide_variants.json")]
    [InlineData("devices_unifiedview_live.json")]
    [InlineData("devicesearch_live.json")]
    [InlineData("modelbreaches_minimal_live.json")]
    [InlineData("modelbreaches_full_acknowledged_live.json")]
    [InlineData("status_unifiedview_live.json")]
    [InlineData("subnets_live.json")]
    [InlineData("summarystatistics_live.json")]
    [InlineData("endpointdetails_external_ip_live.json")]
    [InlineData("endpointdetails_hostname_live.json")]
    [InlineData("details_pbid_totalbytes_live.json")]
    [InlineData("details_mixed_live.json")]
    public async Task Answers_shaped_as_they_were_recorded_are_read(string name)
    {
        var file = Path.Combine(Samples, name);
        Assert.SkipUnless(File.Exists(file), $"{file} is not there: recorded shapes are kept beside the repository.");
        await using var appliance = new StandIn().On("/" + name.Split('_', '.')[0], await File.ReadAllTextAsync(file, Cancel));
        var client = appliance.Client;
        switch (name.Split('_', '.')[0])
        {
            case "devices":
                var devices = await client.GetDevicesAsync(new DevicesQuery(), Cancel);
                Assert.All(devices, device => Assert.True(device.Addresses.Count > 0 || device.Details.SubnetId is -9 or 3,
                    $"did {device.Did} has no address"));
                Assert.All(devices.SelectMany(device => device.Addresses),
                    address => Assert.InRange(address.LastSeenMs ?? 0, 1_700_000_000_000, 1_800_000_000_000));
                break;
            case "devicesearch":
                Assert.Equal(3, (await client.SearchDevicesAsync(new DeviceSearchQuery(), 10, Cancel)).Devices.Count(device =>
                    device.Details.LastSeen is not null));
                break;
            case "modelbreaches":
                Assert.All(await client.GetModelBreachesAsync(new TimeWindow(1, 2), null, Cancel),
                    breach => Assert.True(breach is { Model: not null, Score: not null, PercentScore: not null, TimeMs: not null }));
                break;
            case "status":
                Assert.Equal(2, (await client.GetStatusAsync(Cancel)).Instances.Count);
                break;
            case "subnets":
                Assert.All(await client.GetSubnetsAsync(null, Cancel), subnet => Assert.NotNull(subnet.Network));
                break;
            case "summarystatistics":
                Assert.True((await client.GetSummaryStatisticsAsync(Cancel)).Devices > 0);
                break;
            case "endpointdetails":
                var details = await client.GetEndpointDetailsAsync(TextAddress.Of("203.0.113.77"), null, true, Cancel);
                Assert.True(details.FirstTime > 0 && details.Devices.Count == 1
                    && (details.AgeSeconds > 0 || details is { Popularity: 0, DgaScore: 0, Ips.Count: 2, Countries.Count: 2 }));
                break;
            default:
                var events = await client.GetDetailsAsync(new DetailsQuery { Pbid = 1 }, Cancel);
                Assert.All(events, told => Assert.True(told.TimeMs > 0));
                Assert.True(name.Contains("mixed", StringComparison.Ordinal) || events.Any(told => told.TotalBytesIn > 0));
                break;
        }
    }
}
