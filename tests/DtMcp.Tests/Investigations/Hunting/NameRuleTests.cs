using System.Text.Json;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Investigations.Hunting;
using DtMcp.Traffic.Investigations.Hunting.Signs;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Investigations.Hunting;

/// <summary>Hunts in names, over the wire.</summary>
public sealed class NameRuleTests
{
    private const string Resolver = "10.1.1.1";

    // Letters drawn with a fixed seed, and words of people.
    private static readonly string[] Words =
        ["river", "garden", "market", "silver", "window", "planet", "winter", "copper", "bridge", "forest"];

    [Theory]
    [InlineData(99, null)]
    [InlineData(100, "low")]
    [InlineData(500, "medium")]
    [InlineData(800, "high")]
    public async Task A_device_that_asks_for_hundreds_of_names_of_one_domain_is_a_tunnel(int names, string? confidence)
    {
        using var logs = Logs();
        for (var i = 0; i < names; i++)
        {
            logs.Lookup(i, NameLogs.Device, $"{i:x8}9f3a2c.t1.lowbeam.example.net");
            logs.Lookup(i, NameLogs.Other, $"{i}.1.168.192.in-addr.arpa", outcome: "NXDOMAIN");
        }

        var answer = await HuntAsync(logs);

        var found = Rows(answer).Where(row => Text(row, "kind") == "dns_tunnel").ToList();
        Assert.Equal(confidence is null ? [] : [(confidence, NameLogs.Device, Resolver)],
            found.Select(row => (Text(row, "confidence"), Text(row, "source"), Text(row, "destination"))));
        Assert.All(found, row => Assert.Contains(
            $"{names} different names (≥100; 500 medium, 800 high) below t1.lowbeam.example.net", Text(row, "signs"),
            StringComparison.Ordinal));
        if (confidence is not null)
        {
            Assert.StartsWith(
                "lookup_names did=2 name=*.t1.lowbeam.example.net ",
                answer.GetProperty("next").EnumerateArray().First().GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(9, 0, true, null)]
    [InlineData(10, 100, true, "low")]
    [InlineData(29, 0, true, "low")]
    [InlineData(30, 30, true, "medium")]
    [InlineData(30, 31, true, "low")]
    [InlineData(60, 0, false, "low")]
    [InlineData(100, 200, false, "low")]
    [InlineData(101, 200, false, "medium")]
    [InlineData(101, 200, true, "medium")]
    [InlineData(101, 101, true, "high")]
    public async Task Domains_that_nobody_has_are_told_by_their_number_their_share_and_their_letters(
        int nowhere, int there, bool isRandom, string? confidence)
    {
        using var logs = Logs();
        var random = new Random(11);
        for (var i = 0; i < nowhere; i++)
        {
            var label = isRandom
                ? new string([.. Enumerable.Range(0, 14).Select(_ => (char)('a' + random.Next(26)))])
                : Words[i % 10] + (char)('a' + (i / 10));
            logs.Lookup(i, NameLogs.Device, $"{label}.test", outcome: "NXDOMAIN");

            // A search list puts the own domain behind all: that is one domain.
            logs.Lookup(i, NameLogs.Other, $"{label}.corp.example.test", outcome: "NXDOMAIN");
        }

        for (var i = 0; i < there; i++)
        {
            logs.Lookup(i, NameLogs.Device, $"www.site{i}.test", "198.51.100.7");
        }

        var answer = await HuntAsync(logs);

        Assert.Equal(
            confidence is null ? [] : [(confidence, NameLogs.Device)],
            Rows(answer).Where(row => Text(row, "kind") == "generated_names")
                .Select(row => (Text(row, "confidence"), Text(row, "source"))));
    }

    [Fact]
    public async Task A_domain_that_was_there_once_is_somebodys()
    {
        using var logs = Logs();
        for (var i = 0; i < 150; i++)
        {
            logs.Lookup(i, NameLogs.Device, $"host{i}.test", outcome: "NXDOMAIN")
                .Lookup(i + 200, NameLogs.Device, $"host{i}.test", "198.51.100.7");
        }

        Assert.DoesNotContain(Rows(await HuntAsync(logs)), row => Text(row, "kind") == "generated_names");
    }

    [Fact]
    public async Task A_device_or_a_subnet_is_asked_alone_and_a_filter_that_names_know_nothing_of_leaves_them_out()
    {
        using var logs = Logs();
        for (var i = 0; i < 600; i++)
        {
            logs.Lookup(i, NameLogs.Device, $"{i:x8}.t1.lowbeam.example.net");
        }

        Assert.Single(Rows(await HuntAsync(logs, new NetworkQuery { Ip = TextAddress.Of(NameLogs.Device) })), IsTunnel);
        Assert.DoesNotContain(Rows(await HuntAsync(logs, new NetworkQuery { Ip = TextAddress.Of(NameLogs.Other) })), IsTunnel);
        Assert.DoesNotContain(Rows(await HuntAsync(logs, new NetworkQuery { Port = 53 })), IsTunnel);
        var alone = await HuntAsync(logs, new NetworkQuery { Port = 53 }, HuntKind.DnsTunnel);
        Assert.Contains("Names were not looked at", alone.GetProperty("notes").ToString(), StringComparison.Ordinal);

        static bool IsTunnel(JsonElement row) => Text(row, "kind") == "dns_tunnel";
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Names_of_an_ordinary_day_are_no_finding(int seed)
    {
        await using var office = await InvestigatorFixture.StartAsync(
            options => options with { Seed = seed, Connections = 0, ClockRuns = false });

        var answer = await office.AskAsync("hunt_traffic");

        Assert.True(answer.GetProperty("totals").GetProperty("connections").GetInt64() > 5_000);
        Assert.NotEmpty(Rows(answer));
        Assert.DoesNotContain(Rows(answer), row => Text(row, "kind") is "dns_tunnel" or "generated_names");
        Assert.DoesNotContain("were not looked", answer.GetProperty("notes").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hunt_that_is_asked_again_asks_no_names_again()
    {
        using var logs = Logs();
        var asked = 0;
        await using var office = await InvestigatorFixture.StartAsync(options => options with
        {
            RecordsFile = logs.Lookup(1, NameLogs.Device, "www.example.net").Write().Path,
            OnRequest = entry => asked += entry.Target.StartsWith("/advancedsearch/", StringComparison.Ordinal) ? 1 : 0,
        });
        var first = await HuntAsync(office, new NetworkQuery(), HuntKind.All);
        var once = asked;

        var again = await HuntAsync(office, new NetworkQuery(), HuntKind.All);

        Assert.True(once > 0);
        Assert.Equal(once, asked);
        Assert.Equal(first.GetProperty("tables").ToString(), again.GetProperty("tables").ToString());
    }

    [Fact]
    public async Task Where_names_cannot_be_asked_a_hunt_says_so_and_goes_on()
    {
        await using var office = await InvestigatorFixture.StartAsync(options => options with
        {
            Connections = 500,
            Days = 1,
            Dialect = Dialect.Sdk,
            Without = ["advancedsearch"],
        });

        var answer = await office.AskAsync("hunt_traffic");

        Assert.Contains(
            "DNS tunnels and generated names were not looked for", answer.GetProperty("notes").ToString(), StringComparison.Ordinal);
        Assert.True(answer.GetProperty("totals").GetProperty("connections").GetInt64() > 0);
    }

    private static NameLogs Logs() => new NameLogs()
        .Connection(0, NameLogs.Device, Resolver, 53, "dns").Connection(0, NameLogs.Other, Resolver, 53, "dns")
        .Connection(3_500, NameLogs.Other, Resolver, 53, "dns");

    private static async Task<JsonElement> HuntAsync(NameLogs logs, NetworkQuery? filters = null, HuntKind kind = HuntKind.All)
    {
        await using var office = await InvestigatorFixture.StartAsync(options => options with { RecordsFile = logs.Write().Path });
        return await HuntAsync(office, filters ?? new NetworkQuery(), kind);
    }

    private static async Task<JsonElement> HuntAsync(InvestigatorFixture office, NetworkQuery filters, HuntKind kind)
    {
        var answer = await office.Investigator.AskAsync(
            new Question
            {
                Investigation = new Hunt(kind),
                Window = new TimeWindow(NameLogs.Start.ToUnixTimeMilliseconds(), NameLogs.Start.AddHours(1).ToUnixTimeMilliseconds()),
                Filters = filters,
                Format = AnswerFormat.Json,
                NoBudget = true,
            },
            null, TestContext.Current.CancellationToken);
        return JsonElement.Parse(answer.Json!);
    }

    private static List<JsonElement> Rows(JsonElement answer) =>
        [.. answer.GetProperty("tables").GetProperty("findings").GetProperty("rows").EnumerateArray()];

    private static string Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetString()! : "";
}
