using System.Text.Json;

namespace DtMcp.Tests.Simulator;

public sealed class AiAnalystTests : IAsyncLifetime
{
    private SignedRequests _appliance = null!;

    public async ValueTask InitializeAsync() =>
        _appliance = await SignedRequests.StartAsync(SignedRequests.Options with { Now = SignedRequests.StillClock.GetUtcNow() });

    public ValueTask DisposeAsync() => _appliance.DisposeAsync();

    [Fact]
    public async Task Incidents_are_of_the_breaches_that_score_high()
    {
        var events = (await _appliance.GetAsync("/aianalyst/incidentevents")).EnumerateArray().ToList();
        Assert.NotEmpty(events);
        var breaches = _appliance.Simulator.Records.Breaches.Where(breach => breach.Score >= 0.7).Select(breach => breach.Pbid);
        Assert.Equal(breaches, events.Select(one => one.GetProperty("relatedBreaches")[0].GetProperty("pbid").GetInt64()));
        Assert.All(events, one => Assert.True(
            one.GetProperty("periods")[0].GetProperty("start").GetInt64() <= one.GetProperty("periods")[0].GetProperty("end").GetInt64()));
        var groups = (await _appliance.GetAsync("/aianalyst/groups")).EnumerateArray().ToList();
        Assert.Equal(
            events.Select(one => one.GetProperty("currentGroup").GetString()), groups.Select(one => one.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Pinned_ones_come_whatever_the_window_unless_they_are_not_wanted()
    {
        const string Long = "endtime=1600000000000";
        var pinned = Assert.Single((await _appliance.GetAsync($"/aianalyst/incidentevents?{Long}")).EnumerateArray());
        Assert.True(pinned.GetProperty("pinned").GetBoolean());
        Assert.Empty((await _appliance.GetAsync($"/aianalyst/incidentevents?{Long}&includeallpinned=false")).EnumerateArray());
    }

    [Fact]
    public async Task Filters_narrow_the_list()
    {
        var all = (await _appliance.GetAsync("/aianalyst/incidentevents?includeallpinned=false")).EnumerateArray().ToList();
        var did = all[0].GetProperty("breachDevices")[0].GetProperty("did").GetInt64();
        var ofOne = (await _appliance.GetAsync($"/aianalyst/incidentevents?includeallpinned=false&did={did}")).EnumerateArray().ToList();
        Assert.Equal(all.Count(one => one.GetProperty("breachDevices")[0].GetProperty("did").GetInt64() == did), ofOne.Count);
        var high = await _appliance.GetAsync("/aianalyst/incidentevents?includeallpinned=false&minscore=90");
        Assert.All(high.EnumerateArray(), one => Assert.InRange(one.GetProperty("aiaScore").GetDouble(), 90, 100));
        Assert.Equal(JsonValueKind.Array, high.ValueKind);
    }
}
