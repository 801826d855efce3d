using System.Text.Json;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Records.NameLogs;
using DtMcp.Simulator.Scenarios;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Investigations.NameLookups;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Tests.Investigations.NameLookups;

/// <summary>Names over the wire, held against the emulated appliance's own ledger.</summary>
public class NameLookupTests
{
    [Fact]
    public async Task What_a_device_looked_up_that_nobody_else_did_is_told_by_the_ledger()
    {
        await using var office = await InvestigatorFixture.StartAsync(options => options with { ClockRuns = false });
        var window = office.LastDay;
        var ledger = OfficeNames.Of(office.Appliance.Records)
            .Where(entry => entry.StartMs >= window.StartMs && entry.StartMs <= window.EndMs).ToList();
        var askers = office.Appliance.Records.Devices.All.Where(device => ledger.Any(entry => entry.Source == device.Address)).ToList();
        Assert.True(askers.Count > 12);
        foreach (var device in askers.Take(12))
        {
            var own = ledger.Where(entry => entry.Source == device.Address).ToList();
            var others = ledger.Where(entry => entry.Source != device.Address).Select(entry => entry.Name).ToHashSet();

            var answer = await AskAsync(office, new NameLookup(), window, question => question with
            {
                Filters = new NetworkQuery { Did = device.Did },
            });

            var rows = Rows(answer, "names");
            Assert.Equal(
                own.Select(entry => entry.Name!).Where(name => !others.Contains(name)).Distinct().Order(StringComparer.Ordinal),
                rows.Where(row => row.GetProperty("by_others").GetInt64() == 0).Select(Name).Order(StringComparer.Ordinal));
            Assert.Equal(own.Select(entry => entry.Name!).Distinct().Count(), rows.Count);
            Assert.Equal(own.Count(entry => entry.Kind == NameKind.Dns), Total(answer, "lookups"));
            Assert.Equal(own.Count(entry => entry.Kind != NameKind.Dns), Total(answer, "calls"));
            Assert.Equal(own.Count(entry => entry.Outcome == "NXDOMAIN"), Total(answer, "nxdomain"));
            foreach (var row in rows)
            {
                var of = own.Where(entry => entry.Name == Name(row)).ToList();
                Assert.Equal(ledger.Count(entry => entry.Name == Name(row)) - of.Count, row.GetProperty("by_others").GetInt64());
                Assert.Equal(of.Count(entry => entry.Kind == NameKind.Dns), row.GetProperty("lookups").GetInt64());
            }
        }
    }

    [Fact]
    public async Task Without_a_device_the_names_that_fewest_devices_used_come_first_and_the_devices_are_listed()
    {
        await using var office = await InvestigatorFixture.StartAsync(options => options with { ClockRuns = false });
        var window = office.LastDay;
        var ledger = OfficeNames.Of(office.Appliance.Records)
            .Where(entry => entry.StartMs >= window.StartMs && entry.StartMs <= window.EndMs).ToList();

        var answer = await AskAsync(office, new NameLookup(), window);

        Assert.Equal(
            ledger.GroupBy(entry => entry.Name!).Select(group => (group.Key, group.Select(entry => entry.Source).Distinct().Count()))
                .OrderBy(pair => pair.Item2).Select(pair => pair.Item2),
            Rows(answer, "names").Select(row => (int)row.GetProperty("devices").GetInt64()));
        Assert.Equal(ledger.Select(entry => entry.Source).Distinct().Count(), Total(answer, "devices"));
    }

    [Fact]
    public async Task More_entries_than_a_page_holds_are_read_in_parts_and_none_twice()
    {
        using var logs = new NameLogs();
        logs.Connection(0, NameLogs.Device, "198.51.100.7", 443, "ssl").Connection(3_500, NameLogs.Device, "198.51.100.7", 443, "ssl");
        var random = new Random(5);
        for (var i = 0; i < 23_000; i++)
        {
            // Half of them in one minute: a part of the window that has to be divided again.
            var second = i % 2 == 0 ? 600 + (random.NextDouble() * 60) : random.NextDouble() * 3_500;
            logs.Lookup(second, i % 3 == 0 ? NameLogs.Other : NameLogs.Device, $"host{i % 500}.example.net", "198.51.100.7");
        }

        await using var office = await InvestigatorFixture.StartAsync(
            options => options with { RecordsFile = logs.Write().Path, IndexLimit = 10_000 });
        var answer = await AskAsync(office, new NameLookup(), Hour);

        Assert.Equal(23_000, Total(answer, "lookups"));
        Assert.Equal(500, Total(answer, "names"));
        Assert.Equal(2, Total(answer, "devices"));
    }

    [Theory]
    [InlineData(99, null)]
    [InlineData(100, "low")]
    [InlineData(600, "medium")]
    [InlineData(1_000, "critical")]
    public async Task A_device_that_asks_for_hundreds_of_names_of_one_domain_is_told_as_a_tunnel(int names, string? severity)
    {
        using var logs = new NameLogs();
        logs.Connection(0, NameLogs.Device, "198.51.100.7", 443, "ssl").Connection(3_500, NameLogs.Other, "198.51.100.7", 443, "ssl");
        for (var i = 0; i < names; i++)
        {
            logs.Lookup(i, NameLogs.Device, $"{i:x8}9f3a2c.t1.lowbeam.example.net", outcome: "NXDOMAIN");
            logs.Lookup(i, NameLogs.Other, $"{i}.1.168.192.in-addr.arpa");
            logs.Lookup(i, i % 2 == 0 ? NameLogs.Device : NameLogs.Other, $"www{i % 40}.example.org");
        }

        await using var office = await InvestigatorFixture.StartAsync(options => options with { RecordsFile = logs.Write().Path });
        var answer = await AskAsync(office, new NameLookup(), Hour);

        var tunnels = answer.GetProperty("tables").TryGetProperty("tunnels", out var table)
            ? table.GetProperty("rows").EnumerateArray().ToList()
            : [];
        Assert.Equal(severity is null ? 0 : 1, tunnels.Count);
        if (severity is not null)
        {
            Assert.Equal(("t1.lowbeam.example.net", severity, NameLogs.Device, (long)names), (
                tunnels[0].GetProperty("domain").GetString()!, tunnels[0].GetProperty("severity").GetString()!,
                tunnels[0].GetProperty("ip").GetString()!, tunnels[0].GetProperty("names").GetInt64()));
        }
    }

    [Fact]
    public async Task A_far_end_is_named_and_filtered_by_the_names_that_were_seen()
    {
        using var logs = new NameLogs();
        logs.Lookup(1, NameLogs.Device, "files.example.net", "198.51.100.7,198.51.100.8")
            .Connection(2, NameLogs.Device, "198.51.100.7", 443, "ssl", sent: 70_000)
            .Connection(3, NameLogs.Other, "198.51.100.8", 443, "ssl", sent: 80_000)
            .Connection(4, NameLogs.Device, "198.51.100.9", 443, "ssl").Tls(4, NameLogs.Device, "198.51.100.9", "mail.example.org")
            .Connection(3_500, NameLogs.Other, "198.51.100.10", 443, "ssl");
        await using var office = await InvestigatorFixture.StartAsync(options => options with { RecordsFile = logs.Write().Path });

        var external = await office.AskAsync("summarize_external_traffic", window: Hour);
        Assert.Equal(
            [("198.51.100.10", null), ("198.51.100.7", "files.example.net"), ("198.51.100.8", "files.example.net"),
                ("198.51.100.9", "mail.example.org")],
            Rows(external, "destinations").Select(row => (row.GetProperty("ip").GetString()!,
                row.TryGetProperty("hostname", out var name) ? name.GetString() : null))
                .OrderBy(pair => pair.Item1, StringComparer.Ordinal));
        Assert.Contains("Names of 3 far ends are from DNS answers", external.GetProperty("notes").ToString(), StringComparison.Ordinal);

        var filtered = await office.AskAsync("get_network_traffic", window: Hour, more: question => question with
        {
            Conditions = new RowConditions { PeerName = "Files.example.net" },
        });
        Assert.Equal(2, filtered.GetProperty("totals").GetProperty("connections").GetInt64());

        var described = await AskAsync(office, new EndpointDescription(), Hour, question => question with
        {
            Conditions = new RowConditions { PeerName = "mail.example.org" },
        });
        Assert.Equal("198.51.100.9", described.GetProperty("endpoint").GetProperty("ip").GetString());
        Assert.Equal(1, Total(described, "connections"));
    }

    [Fact]
    public async Task A_connection_has_the_name_that_it_called_though_its_far_end_has_many()
    {
        const string Shared = "198.51.100.7";
        using var logs = new NameLogs();
        logs.Lookup(1, NameLogs.Device, "one.example.net", Shared).Lookup(2, NameLogs.Other, "two.example.net", Shared)
            .Connection(10, NameLogs.Device, Shared, 443, "ssl", from: 40_001)
            .Tls(10.2, NameLogs.Device, Shared, "called.example.net", 40_001)
            .Connection(20, NameLogs.Device, Shared, 443, "ssl", from: 40_002)
            .Connection(30, NameLogs.Other, Shared, 443, "ssl", from: 40_001)
            .Connection(40, NameLogs.Device, Shared, 443, "ssl", from: 40_003)
            .Tls(40.1, NameLogs.Device, Shared, "other.example.net", 40_003)
            .Lookup(50, NameLogs.Device, "later.example.net", Shared)
            .Connection(60, NameLogs.Device, Shared, 443, "ssl", from: 40_001)
            .Tls(60.1, NameLogs.Device, Shared, "again.example.net", 40_001);
        await using var office = await InvestigatorFixture.StartAsync(options => options with { RecordsFile = logs.Write().Path });

        var answer = await office.AskAsync("get_network_traffic", window: Hour);

        Assert.Equal(
            ["called.example.net", "one.example.net", "two.example.net", "other.example.net", "again.example.net"],
            Rows(answer, "traffic").Where(row => row.GetProperty("destination").GetString() == Shared)
                .OrderBy(row => row.GetProperty("start").GetString(), StringComparer.Ordinal)
                .Select(row => row.GetProperty("destination_hostname").GetString()));
        Assert.Contains("3 are what the connection itself called (TLS, HTTP), 2 are of the DNS", answer.GetProperty("notes").ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_by_name_have_the_names_that_were_seen()
    {
        using var logs = new NameLogs();
        logs.Lookup(1, NameLogs.Device, "files.example.net", "198.51.100.7,198.51.100.8")
            .Connection(2, NameLogs.Device, "198.51.100.7", 443, "ssl", sent: 70_000)
            .Connection(3, NameLogs.Other, "198.51.100.8", 443, "ssl", sent: 80_000)
            .Connection(4, NameLogs.Device, "198.51.100.9", 443, "ssl").Tls(4, NameLogs.Device, "198.51.100.9", "mail.example.org")
            .Connection(5, NameLogs.Device, "198.51.100.7", 443, "ssl").Tls(5, NameLogs.Device, "198.51.100.7", "shared.example.org")
            .Connection(3_500, NameLogs.Other, "198.51.100.10", 443, "ssl");
        await using var office = await InvestigatorFixture.StartAsync(options => options with { RecordsFile = logs.Write().Path });

        var answer = await AskAsync(office, new TrafficAggregation("name", null, "peers"), Hour);

        Assert.Equal(
            [("files.example.net", 3, 153_200, 2), ("mail.example.org", 1, 1_400, 1), ("unknown", 1, 1_400, 1)],
            Rows(answer, "groups").Select(row => (
                row.GetProperty("name").GetString()!, (int)row.GetProperty("connections").GetInt64(),
                (int)row.GetProperty("bytes").GetInt64(), (int)row.GetProperty("peers").GetInt64()))
                .OrderBy(row => row.Item1, StringComparer.Ordinal));
        Assert.Contains("are from DNS answers, TLS server names", answer.GetProperty("notes").ToString(), StringComparison.Ordinal);
    }

    private static TimeWindow Hour =>
        new(NameLogs.Start.ToUnixTimeMilliseconds(), NameLogs.Start.AddHours(1).ToUnixTimeMilliseconds());

    private static async Task<JsonElement> AskAsync(InvestigatorFixture office, Investigation investigation, TimeWindow window,
        Func<Question, Question>? more = null)
    {
        var question = new Question
        {
            Investigation = investigation,
            Window = window,
            Format = AnswerFormat.Json,
            NoBudget = true,
            Limit = 100_000,
        };
        var answer = await office.Investigator.AskAsync(more?.Invoke(question) ?? question, null, TestContext.Current.CancellationToken);
        return JsonElement.Parse(answer.Json!);
    }

    private static List<JsonElement> Rows(JsonElement answer, string table) =>
        [.. answer.GetProperty("tables").GetProperty(table).GetProperty("rows").EnumerateArray()];

    private static string Name(JsonElement row) => row.GetProperty("name").GetString()!;

    private static long Total(JsonElement answer, string name) => answer.GetProperty("totals").GetProperty(name).GetInt64();
}
