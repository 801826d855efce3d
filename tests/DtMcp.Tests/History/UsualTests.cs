using System.Text.Json.Nodes;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.History;
using DtMcp.Tests.Support;
using DtMcp.Traffic;
using DtMcp.Traffic.Evidence.Collected;
using DtMcp.Traffic.Investigations.Lookups;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.History;

/// <summary>What a device sends every week is usual, and what it sent once is not; and what is said where the history is away.</summary>
[Collection(nameof(ClickHouse))]
public sealed class UsualTests(ClickHouse server)
{
    private const long Now = 1_768_475_000;
    private const long HourMs = 3_600_000;
    private const string Backup = "203.0.113.20";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_upload_is_held_against_what_the_device_sent_in_30_days_where_they_are_held(int shards)
    {
        await using var appliance = await StartAsync();
        using var store = await HeldAsync(server.Options(shards));
        var without = await AskAsync(appliance, null, Hunt);
        var with = await AskAsync(appliance, store, Hunt);

        Assert.Equal(("high", "low"), (Confidence(without, "10.0.0.1"), Confidence(with, "10.0.0.1")));
        Assert.Contains("usually at most 300 MB to one host (history)", Figures(with, "10.0.0.1"), StringComparison.Ordinal);
        Assert.Equal(("low", "medium"), (Confidence(without, "10.0.0.2"), Confidence(with, "10.0.0.2")));
        Assert.Contains("usually less than a fifth of it to one host (history)", Figures(with, "10.0.0.2"), StringComparison.Ordinal);

        // One that the history does not know is held against the day before, as without it.
        Assert.Equal(("low", "low"), (Confidence(without, "10.0.0.3"), Confidence(with, "10.0.0.3")));
        Assert.Equal(Figures(without, "10.0.0.3"), Figures(with, "10.0.0.3"));
        Assert.Contains("What 2 devices usually send is of the history of the 30 days before", Notes(with), StringComparison.Ordinal);
        Assert.DoesNotContain("history", Notes(without), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hunt_traffic")]
    [InlineData("compare_traffic")]
    [InlineData("describe_endpoint")]
    public async Task What_the_history_would_have_told_of_the_past_is_named_where_it_is_away_and_told_once_it_is_back(string tool)
    {
        await using var appliance = await StartAsync();
        using var gate = new Gate();
        using var store = await HeldAsync(server.Options(), gate);
        var clock = new FakeTimeProvider(appliance.Now);
        var investigator = Investigator(appliance, store, clock);
        var question = tool == "describe_endpoint"
            ? Hunt with { Investigation = new EndpointDescription(), Filters = new NetworkQuery { Ip = NetAddress.OrNone(Backup) } }
            : Hunt with { Investigation = Investigating.Of(tool) };
        gate.IsShut = true;
        var away = JsonNode.Parse((await investigator.AskAsync(question, null, Token)).Json!)!;
        Assert.Single(away["notes"]!.AsArray(), note =>
            ((string)note!).StartsWith("Nothing is told of the 30 days before (first seen, what is usual)", StringComparison.Ordinal));
        gate.IsShut = false;
        var still = Notes(JsonNode.Parse((await investigator.AskAsync(question, null, Token)).Json!)!);
        Assert.Contains("Nothing is told", still, StringComparison.Ordinal);

        // It is left alone for half a minute.
        clock.Advance(TimeSpan.FromSeconds(31));
        var back = Notes(JsonNode.Parse((await investigator.AskAsync(question, null, Token)).Json!)!);
        Assert.DoesNotContain("Nothing is told", back, StringComparison.Ordinal);
        Assert.Contains("the history of the 30 days before", back, StringComparison.Ordinal);
    }

    // Yesterday and today: a backup of each week that is due today, a device that sent much to one host yesterday and to another today, and
    // a new one that did the same.
    private static async Task<InvestigatorFixture> StartAsync()
    {
        List<string> rows =
        [
            .. from hours in Enumerable.Range(1, 46) from device in new[] { 1, 2, 3 } select Row(hours, device, "203.0.113.9", 9_000),
            Row(2, 1, Backup, 300_000_000),
            Row(26, 2, "203.0.113.21", 60_000_000), Row(2, 2, "203.0.113.22", 60_000_000),
            Row(26, 3, "203.0.113.23", 60_000_000), Row(2, 3, "203.0.113.24", 60_000_000),
        ];
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, rows.Order(StringComparer.Ordinal), Token);
        return await InvestigatorFixture.StartAsync(options => options with
        {
            RecordsFile = file,
            ClockRuns = false,
            Now = DateTimeOffset.FromUnixTimeSeconds(Now),
        });
    }

    private static string Row(int hoursAgo, int device, string to, long sent)
    {
        const string Rest = """
            "id.resp_p":443,"proto":"tcp","conn_state":"SF","duration":1.5,"resp_bytes":2000,"orig_pkts":900000,"resp_pkts":9
            """;
        var ends = $$"""
            {"ts":{{Now - (hoursAgo * 3_600)}},"id.orig_h":"10.0.0.{{device}}","id.orig_p":50000,"id.resp_h":"{{to}}"
            """;
        return $$"""{{ends}},"orig_bytes":{{sent}},{{Rest}}}""";
    }

    // Two hours of each of the 19 days before: both devices send little to one host, and the first its backup on two of them.
    private static async Task<HistoryStore> HeldAsync(DtMcp.History.Wire.HistoryOptions options, DelegatingHandler? around = null)
    {
        var store = await ClickHouse.OpenAsync(options, around);
        var hour = (Now * 1000 / HourMs * HourMs) - (2 * 24 * HourMs);
        for (var part = 1UL; part <= 38; part++)
        {
            var day = (int)(part + 1) / 2;
            await HoldAsync(store, hour - (day * 24 * HourMs) - (part % 2 == 0 ? HourMs : 0), part, day is 5 or 12);
        }

        return store;
    }

    private static async Task HoldAsync(HistoryStore store, long hourMs, ulong part, bool hasBackup)
    {
        var rows = store.Part("demo", hourMs, part, Token);
        var flows = new FlowSet(maxKept: 0, rows) { Seen = (FlowFields)0x1FFF };
        var chunk = flows.Rent();
        Add("10.0.0.1", "203.0.113.9", 9_000);
        Add("10.0.0.2", "203.0.113.9", 9_000);
        if (hasBackup)
        {
            // Half of it in each of the two hours; and what a sensor made up, which is nobody's habit.
            Add("10.0.0.1", Backup, 150_000_000);
            Add("10.0.0.2", "203.0.113.30", 4_000_000_000);
            chunk.Traits[chunk.Count - 1] |= FlowTraits.SensorArtefact;
        }

        flows.Accept(chunk);
        flows.Settle();
        rows.Finish(flows);
        await store.RollUpAsync("demo", part, Token);
        var hour = new HistoryHour(hourMs, part, rows.Rows) { Total = rows.Rows, Seen = flows.Seen, CollectedMs = hourMs, IsRolled = true };
        await store.CheckAsync("demo", hour, Token);
        store.Note("demo", hour, Token);

        void Add(string source, string destination, long sent)
        {
            var i = chunk.Count++;
            chunk.SetStart(i, hourMs + (i * 1_000));
            chunk.Source[i] = flows.Hosts.GetOrAdd(NetAddress.OrNone(source), HostTable.NoDid, null);
            chunk.Destination[i] = flows.Hosts.GetOrAdd(NetAddress.OrNone(destination), HostTable.NoDid, null);
            chunk.Protocol[i] = flows.Protocols.GetOrAdd("tcp");
            chunk.ApplicationProtocol[i] = flows.ApplicationProtocols.GetOrAdd("ssl");
            chunk.DestinationPort[i] = 443;
            chunk.Traits[i] = FlowTraits.Established;
            chunk.Bytes[i] = sent + 2_000;
            chunk.SetBytesOut(i, sent);
            chunk.Packets[i] = 900_009;
        }
    }

    private static Question Hunt => new()
    {
        Investigation = Investigating.Of("hunt_traffic"),
        Window = new TimeWindow((Now - 86_400) * 1000, Now * 1000),
        Format = AnswerFormat.Json,
        NoBudget = true,
    };

    private static Investigator Investigator(InvestigatorFixture appliance, HistoryStore? store, TimeProvider? clock = null) =>
        appliance.InvestigatorBy(clock ?? appliance.Appliance.Clock, history: store,
        options: new InvestigatorOptions { Appliance = "demo", Evidence = EvidencePolicy.Records });

    private static async Task<JsonNode> AskAsync(InvestigatorFixture appliance, HistoryStore? store, Question question) =>
        JsonNode.Parse((await Investigator(appliance, store).AskAsync(question, null, Token)).Json!)!;

    private static string Notes(JsonNode answer) => string.Join('\n', answer["notes"]!.AsArray().Select(note => (string?)note));

    private static string Confidence(JsonNode answer, string source) => Cell(answer, source, "confidence");

    private static string Figures(JsonNode answer, string source) => Cell(answer, source, "signs");

    private static string Cell(JsonNode answer, string source, string column)
    {
        var row = Assert.Single(answer["tables"]!["findings"]!["rows"]!.AsArray(), row => (string?)row!["source"] == source
            && ((string)row["kind"]!).Contains("upload", StringComparison.Ordinal));
        return (string)row![column]!;
    }

    /// <summary>Lets nothing through while it is shut.</summary>
    private sealed class Gate : DelegatingHandler
    {
        public bool IsShut { get; set; }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            IsShut ? throw new HttpRequestException("Shut by the test.") : base.Send(request, cancellationToken);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            IsShut ? throw new HttpRequestException("Shut by the test.") : base.SendAsync(request, cancellationToken);
    }
}
