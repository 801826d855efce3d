using System.Net;
using System.Text.Json;
using DtMcp.Simulator.Records;

namespace DtMcp.Tests.Simulator;

public sealed class CompanionEndpointTests : IAsyncLifetime
{
    private const string LastDay = "starttime=1768381200000&endtime=1768467600000";

    private SignedRequests _appliance = null!;

    private RecordSet Records => _appliance.Simulator.Records;

    public async ValueTask InitializeAsync() =>
        _appliance = await SignedRequests.StartAsync(SignedRequests.Options with { Now = SignedRequests.StillClock.GetUtcNow() });

    public ValueTask DisposeAsync() => _appliance.DisposeAsync();

    [Fact]
    public async Task Enums_have_text_codes_and_every_service_of_the_records()
    {
        var enums = await _appliance.GetAsync("/enums");
        var names = enums.GetProperty("Application protocol").EnumerateArray().Select(entry =>
            entry.GetProperty("name").GetString()).ToArray();
        Assert.Equal(names.Distinct().Count(), names.Length);
        for (var i = 0; i < Records.Services.Count; i++)
        {
            Assert.Contains(WireCodes.ApplicationProtocolName(Records.Services[i]), names);
        }

        Assert.All(enums.EnumerateObject().SelectMany(category => category.Value.EnumerateArray()),
            entry => Assert.Equal(JsonValueKind.String, entry.GetProperty("code").ValueKind));
        var one = await _appliance.GetAsync("/enums?responsedata=protocol");
        Assert.Equal(["Protocol"], one.EnumerateObject().Select(property => property.Name));
        Assert.Contains("6 TCP",
            one.GetProperty("Protocol").EnumerateArray().Select(entry =>
                $"{entry.GetProperty("code").GetString()} {entry.GetProperty("name").GetString()}"));
        Assert.Empty((await _appliance.GetAsync("/enums?responsedata=nothing")).EnumerateObject());
    }

    [Fact]
    public async Task Metrics_come_as_an_array_and_one_as_an_object()
    {
        var metrics = await _appliance.GetAsync("/metrics?responsedata=mlid,name");
        Assert.All(metrics.EnumerateArray(), metric => Assert.Equal(2, metric.EnumerateObject().Count()));
        Assert.Equal("datatransfervolume", (await _appliance.GetAsync("/metrics/17")).GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await _appliance.AskAsync("/metrics/999")).Status);
        Assert.Equal("[{}]",
            string.Concat((await _appliance.AskAsync("/modelbreaches?responsedata=nothing&pbid=41001")).Body.Where(letter =>
                !char.IsWhiteSpace(letter))));
    }

    [Fact]
    public async Task Metric_data_of_a_device_add_up_to_its_connections()
    {
        var device = Records.Devices.All[12];
        var answer = await _appliance.GetAsync(
            $"/metricdata?metric1=datatransfervolume&metric2=connections&did={device.Did}&interval=3600&breachtimes=true&{LastDay}");
        Assert.True(answer[0].TryGetProperty("breachtimes", out _));
        var rows = Records.Rows.Where(row => row.StartMs is >= 1768381200000 and <= 1768467600000).ToArray();
        var (sent, came) = (rows.Where(row => row.Source == device.AddressIndex).ToArray(),
            rows.Where(row => row.Destination == device.AddressIndex).ToArray());
        var volume = answer[1].GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(sent.Sum(row => row.OrigBytes) + came.Sum(row => row.RespBytes),
            volume.Sum(point => point.GetProperty("out").GetInt64()));
        Assert.Equal(sent.Sum(row => row.RespBytes) + came.Sum(row => row.OrigBytes),
            volume.Sum(point => point.GetProperty("in").GetInt64()));
        Assert.All(volume, point => Assert.Equal(0, point.GetProperty("timems").GetInt64() % 3_600_000));
        Assert.Equal(sent.Length + came.Length,
            answer[2].GetProperty("data").EnumerateArray().Sum(point => point.GetProperty("size").GetInt64()));
        Assert.Equal(HttpStatusCode.BadRequest, (await _appliance.AskAsync("/metricdata?metric=nonsense")).Status);
    }

    [Fact]
    public async Task Devices_are_an_array_and_one_by_did_an_object()
    {
        var all = await _appliance.GetAsync("/devices?includetags=true");
        Assert.Equal(Records.Devices.All.Count, all.GetArrayLength());
        var one = await _appliance.GetAsync("/devices?did=3");
        Assert.Equal(3, one.GetProperty("id").GetInt32());
        Assert.Equal(JsonValueKind.Object, one.GetProperty("ips")[0].ValueKind);
        Assert.Equal(Records.Devices.All[2].FirstSeenMs, one.GetProperty("time").GetInt64());
        Assert.Equal(2, (await _appliance.GetAsync("/devices?count=2")).GetArrayLength());
        Assert.Equal(one.GetProperty("macaddress").GetString(),
            (await _appliance.GetAsync($"/devices?mac={one.GetProperty("macaddress").GetString()}"))[0].GetProperty("macaddress")
                .GetString());
        Assert.True((await _appliance.GetAsync("/devices?seensince=1min")).GetArrayLength() < all.GetArrayLength());
        Assert.Equal(HttpStatusCode.BadRequest, (await _appliance.AskAsync("/devices?seensince=soon")).Status);
    }

    [Theory]
    [InlineData("hostname:\"fin*\"", "fin", true)]
    [InlineData("hostname:\"FIN-*\" hostname:\"sal*\"", "fin,sal", true)]
    [InlineData("type:\"camera\"", "cam", true)]
    [InlineData("print", "print", false)]
    [InlineData("hostname:\"fin*\" AND type:\"laptop\"", "", true)]
    [InlineData("hostname:\"fin*\" OR hostname:\"sal*\"", "", true)]
    [InlineData("hostname:\"fin*\" tag:\"Key Server\"", "", true)]
    public async Task Device_search_follows_its_little_language(string query, string prefixes, bool whole)
    {
        var answer = await _appliance.GetAsync($"/devicesearch?count=300&query={Uri.EscapeDataString(query)}");
        var names = answer.GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("hostname").GetString()!).ToArray();
        var wanted = prefixes.Split(',', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(names.Length, answer.GetProperty("totalCount").GetInt32());
        Assert.Equal(wanted.Length > 0, names.Length > 0);
        if (whole)
        {
            Assert.All(names, name => Assert.Contains(wanted, prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
            Assert.All(wanted, prefix => Assert.Contains(names, name => name.StartsWith(prefix, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Device_search_pages_and_sorts()
    {
        var (all, offset) = (new List<string>(), 0);
        for (JsonElement page; (page = await PageAsync(offset)).GetProperty("devices").GetArrayLength() > 0; offset += 25)
        {
            all.AddRange(page.GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("hostname").GetString()!));
        }

        Assert.Equal(Records.Devices.All.Count, all.Count);
        Assert.Equal(all.OrderDescending(StringComparer.OrdinalIgnoreCase), all);
        Assert.Equal(HttpStatusCode.BadRequest, (await _appliance.AskAsync("/devicesearch?count=301")).Status);
        var spellings = (await _appliance.GetAsync("/devicesearch")).GetProperty("devices").EnumerateArray().Select(device =>
            device.TryGetProperty("firstSeen", out _)).Distinct();
        Assert.Equal(2, spellings.Count());
    }

    [Fact]
    public async Task Subnets_status_and_statistics_agree()
    {
        var subnets = await _appliance.GetAsync("/subnets");
        Assert.Equal(Records.Subnets.All.Count, subnets.GetArrayLength());
        var servers = Records.Subnets.All.First(subnet => subnet.Label == "Servers");
        Assert.Equal("Servers", (await _appliance.GetAsync($"/subnets?sid={servers.Sid}"))[0].GetProperty("label").GetString());
        var status = await _appliance.GetAsync("/status");
        Assert.Equal("2026-01-15 09:00", status.GetProperty("time").GetString());
        Assert.Equal(subnets.EnumerateArray().Select(subnet => subnet.GetProperty("network").GetString()),
            status.GetProperty("subnetData").EnumerateArray().Select(subnet => subnet.GetProperty("network").GetString()));
        Assert.False((await _appliance.GetAsync("/status?fast=true&includechildren=false")).TryGetProperty("probes", out _));
        Assert.Equal(subnets.GetArrayLength(),
            (await _appliance.GetAsync("/summarystatistics?responsedata=subnets")).GetProperty("subnets").GetInt32());
        Assert.Equal((HttpStatusCode.BadRequest, "{\n  \"summarystatistics\": \"INPUT ERROR\"\n}"),
            await _appliance.AskAsync("/summarystatistics?hours=3"));
    }

    [Fact]
    public async Task Endpoint_details_know_outside_and_inside_addresses_and_names()
    {
        var (address, info) = Records.Outside.First(pair => pair.Value.Hostname!.StartsWith("drop.", StringComparison.Ordinal));
        var outside = await _appliance.GetAsync($"/endpointdetails?ip={address}&devices=true");
        Assert.Equal((info.Country, info.Asn), (outside.GetProperty("country").GetString(), outside.GetProperty("asn").GetString()));
        Assert.Equal(1, outside.GetProperty("devices").GetArrayLength());
        var inside = await _appliance.GetAsync($"/endpointdetails?ip={Records.Devices.All[0].Address}");
        Assert.Equal(("internal_ip", JsonValueKind.String),
            (inside.GetProperty("name").GetString(), inside.GetProperty("subnetid").ValueKind));
        var named = await _appliance.GetAsync($"/endpointdetails?hostname={info.Hostname}");
        Assert.Equal(outside.GetProperty("firsttime").GetInt64(), named.GetProperty("firsttime").GetInt64());
        Assert.Equal(HttpStatusCode.BadRequest, (await _appliance.AskAsync("/endpointdetails?devices=true")).Status);
    }

    [Fact]
    public async Task Details_list_the_connections_of_a_device_without_bytes()
    {
        var device = Records.Devices.All[12];
        var events = await _appliance.GetAsync($"/details?did={device.Did}&fulldevicedetails=true&{LastDay}");
        Assert.Equal(Records.Rows.Count(row =>
            row.StartMs is >= 1768381200000 and <= 1768467600000
                && (row.Source == device.AddressIndex || row.Destination == device.AddressIndex)), events.GetArrayLength());
        var times = events.EnumerateArray().Select(one => one.GetProperty("timems").GetInt64()).ToArray();
        Assert.Equal(times.OrderDescending(), times);
        Assert.True(events[0].TryGetProperty("destinationPort", out _));
        Assert.False(events[0].TryGetProperty("bytes", out _));
        Assert.Equal(5, (await _appliance.GetAsync($"/details?did={device.Did}&count=5")).GetArrayLength());
        Assert.Equal((HttpStatusCode.BadRequest, "{\n  \"details\": \"INPUT ERROR\"\n}"),
            await _appliance.AskAsync($"/details?did={device.Did}&count=5&{LastDay}"));
        Assert.Equal(HttpStatusCode.BadRequest, (await _appliance.AskAsync("/details")).Status);
    }

    [Fact]
    public async Task Breaches_can_be_followed_to_their_connections()
    {
        var breaches = await _appliance.GetAsync($"/modelbreaches?minimal=true&includeacknowledged=true&{LastDay}");
        Assert.Equal(5, (await _appliance.GetAsync($"/modelbreaches?minimal=true&{LastDay}")).GetArrayLength());
        Assert.Equal(6, breaches.GetArrayLength());
        foreach (var breach in breaches.EnumerateArray())
        {
            var pbid = breach.GetProperty("pbid").GetInt64();
            Assert.Equal(pbid, (await _appliance.GetAsync($"/modelbreaches/{pbid}")).GetProperty("pbid").GetInt64());
            Assert.True((await _appliance.GetAsync($"/details?pbid={pbid}")).GetArrayLength() > 0);
        }

        var did = breaches[0].GetProperty("device").GetProperty("did").GetInt32();
        Assert.All((await _appliance.GetAsync($"/modelbreaches?did={did}&minscore=0.1")).EnumerateArray(),
            breach => Assert.Equal(did, breach.GetProperty("device").GetProperty("did").GetInt32()));
        Assert.Equal(0, (await _appliance.GetAsync("/modelbreaches?minscore=0.99")).GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await _appliance.AskAsync("/modelbreaches/1")).Status);
    }

    [Fact]
    public async Task Permissions_and_a_restricted_token_are_answered_as_documented()
    {
        await using var limited = await SignedRequests.StartAsync(SignedRequests.Options with
        {
            Without = ["status", "advancedsearch"],
            Connections = 6_000,
        });
        Assert.Equal(HttpStatusCode.Found, (await limited.AskAsync("/status")).Status);
        Assert.Equal(HttpStatusCode.Found, (await limited.AskAsync("/advancedsearch/api/search/e30")).Status);
        Assert.Equal(HttpStatusCode.OK, (await limited.AskAsync("/summarystatistics")).Status);
        await using var restricted = await SignedRequests.StartAsync(SignedRequests.Options with
        {
            Restricted = true,
            Connections = 6_000,
        });
        Assert.Equal(HttpStatusCode.Found, (await restricted.AskAsync("/devicesearch")).Status);
        Assert.StartsWith("device-", (await restricted.GetAsync("/devices"))[0].GetProperty("hostname").GetString(),
            StringComparison.Ordinal);
    }

    private Task<JsonElement> PageAsync(int offset) =>
        _appliance.GetAsync($"/devicesearch?count=25&offset={offset}&orderBy=hostname&order=desc");
}
