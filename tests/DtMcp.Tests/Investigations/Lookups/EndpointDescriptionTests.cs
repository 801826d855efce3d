using System.Text.Json;
using DtMcp.Darktrace.Requests;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;
using DtMcp.Simulator.Scenarios;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Investigations.Lookups;

/// <summary>The story of a far end, and that of a device in order of time, against a plain scan of the records.</summary>
public class EndpointDescriptionTests
{
    [Fact]
    public async Task Who_talks_to_a_far_end_since_when_and_how_much_is_as_a_plain_scan_has_it()
    {
        await using var office = await InvestigatorFixture.StartAsync(options => options with { ClockRuns = false });
        var records = office.Appliance.Records;
        foreach (var host in records.Outside.Keys.Where(address => address.IsIPv4).Take(15))
        {
            var rows = Between(records, host, office.LastDay.StartMs, office.LastDay.EndMs);
            var answer = await AskAsync(office, new EndpointDescription(), new NetworkQuery { Ip = Darktrace(host) });

            var told = answer.GetProperty("tables").GetProperty("devices").GetProperty("rows").EnumerateArray().ToDictionary(
                row => row.GetProperty("ip").GetString()!);
            Assert.Equal(rows.Select(row => row.Device).Distinct().Count(), told.Count);
            foreach (var group in rows.GroupBy(row => row.Device))
            {
                var row = told[group.Key];
                Assert.Equal(group.Count(), row.GetProperty("connections").GetInt32());
                Assert.Equal(group.Sum(one => one.Up), row.GetProperty("uploaded").GetInt64());
                Assert.Equal(group.Sum(one => one.Down), row.GetProperty("downloaded").GetInt64());
                Assert.Equal(Second(group.Min(one => one.StartMs)), row.GetProperty("first").GetString());
                Assert.Equal(Second(group.Max(one => one.StartMs)), row.GetProperty("last").GetString());
            }
        }
    }

    [Fact]
    public async Task A_timeline_has_the_planted_upload_and_its_breach_in_order_of_time()
    {
        await using var office = await InvestigatorFixture.StartAsync(options => options with { ClockRuns = false });
        var planted = OfficeScenario.Plant(1, office.Now, 2, 0).Planted.Upload;
        var device = office.Appliance.Records.Devices.All.Single(one => one.Address == planted.Device);

        var answer = await AskAsync(office, new DeviceActivity(Timeline: true), new NetworkQuery { Did = device.Did });

        var events = answer.GetProperty("tables").GetProperty("timeline").GetProperty("rows").EnumerateArray().ToList();
        var times = events.Select(one => one.GetProperty("time").GetString()!).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        var upload = Assert.Single(events, one => one.GetProperty("event").GetString() == "upload");
        Assert.Equal(planted.Peer.ToString(), upload.GetProperty("what").GetString());
        var rows = Between(office.Appliance.Records, planted.Peer, office.LastDay.StartMs, office.LastDay.EndMs);
        Assert.Equal(rows.Sum(row => row.Up), upload.GetProperty("bytes_out").GetInt64());
        Assert.Equal(Second(rows.Min(row => row.StartMs)), upload.GetProperty("time").GetString());
        Assert.Contains(events, one => one.GetProperty("event").GetString() == "model breach");
        Assert.False(answer.GetProperty("tables").TryGetProperty("contacts_out", out _));
    }

    private static List<(string Device, long StartMs, long Up, long Down)> Between(RecordSet records, IpAddress host, long from, long to)
    {
        if (!records.AddressIndex.TryGetValue(host, out var index))
        {
            return [];
        }

        List<(string, long, long, long)> rows = [];
        foreach (var row in records.Rows.Where(row => row.StartMs >= from && row.StartMs <= to))
        {
            if (row.Destination == index)
            {
                rows.Add((records.Addresses[row.Source].ToString(), row.StartMs, row.OrigBytes, row.RespBytes));
            }
            else if (row.Source == index)
            {
                rows.Add((records.Addresses[row.Destination].ToString(), row.StartMs, row.RespBytes, row.OrigBytes));
            }
        }

        return rows;
    }

    private static async Task<JsonElement> AskAsync(InvestigatorFixture office, Investigation investigation, NetworkQuery filters)
    {
        var answer = await office.Investigator.AskAsync(
            new Question
            {
                Investigation = investigation,
                Filters = filters,
                Window = office.LastDay,
                Format = AnswerFormat.Json,
                NoBudget = true,
                Limit = 1_000,
            },
            null, TestContext.Current.CancellationToken);
        return JsonElement.Parse(answer.Json!);
    }

    private static DtMcp.Darktrace.Values.NetAddress Darktrace(IpAddress address) =>
        DtMcp.Darktrace.Values.NetAddress.TryParse(address.ToString(), out var parsed) ? parsed : throw new InvalidOperationException();

    private static string Second(long ms) => DtMcp.Traffic.Answers.TimeText.Second(ms)!;
}
