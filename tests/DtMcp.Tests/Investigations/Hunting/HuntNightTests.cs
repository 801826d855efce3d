using System.Globalization;
using System.Text.Json;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Simulator.Scenarios;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Tools;
using DtMcp.Traffic.Investigations.Hunting.Signs;

namespace DtMcp.Tests.Investigations.Hunting;

/// <summary>Three in the morning, while an upload is under way: asked through the tools, over signed HTTP.</summary>
public sealed class HuntNightTests
{
    private static readonly DateTimeOffset Night = new(2026, 1, 15, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(Dialect.Guide, "", 1, true)]
    [InlineData(Dialect.Guide, "", 7, true)]
    [InlineData(Dialect.Sdk, "", 1, true)]
    [InlineData(Dialect.Sdk, "advancedsearch", 1, false)]
    [InlineData(Dialect.Guide, "advancedsearch", 1, true)]
    public async Task The_upload_of_the_night_is_high_and_the_first_change_of_its_device(Dialect dialect, string without,
        int seed, bool tellsDirections)
    {
        var upload = OfficeScenario.Plant(seed, Night, 2, 0).Planted.Upload;
        await using var office = await StartAsync(dialect, without, seed);

        var hunt = await AskAsync(office, "hunt_traffic", new() { ["last"] = "24h" });
        Assert.Equal(!tellsDirections, hunt.GetProperty("notes").EnumerateArray().Any(note =>
            note.GetString()!.Contains("so uploads cannot be told", StringComparison.Ordinal)));
        Assert.Equal(without.Length > 0, hunt.GetProperty("notes").EnumerateArray().Any(note =>
            note.GetString()!.StartsWith("No records: ", StringComparison.Ordinal)));
        Assert.Equal(tellsDirections, Rows(hunt, "findings").Exists(row =>
            Text(row, "kind") == "upload" && Text(row, "confidence") == "high"
            && Text(row, "source") == upload.Device.ToString() && Text(row, "destination") == upload.Peer.ToString()));

        var compared = await AskAsync(office, "compare_traffic", new() { ["last"] = "24h", ["ip"] = upload.Device.ToString() });
        var first = Rows(compared, "destinations")[0];
        Assert.Equal((upload.Peer.ToString(), true), (Text(first, "ip"), Text(first, "change") is "new" or "grown"));
    }

    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Sdk)]
    public async Task Each_finding_is_followed_by_the_call_that_shows_its_rows(Dialect dialect)
    {
        await using var office = await StartAsync(dialect, "", 1);
        List<(JsonElement Row, string Call)> all = [];
        foreach (var kind in HuntKinds.Words.Skip(1))
        {
            var hunt = await AskAsync(office, "hunt_traffic", new() { ["last"] = "24h", ["kind"] = kind });
            all.AddRange(Rows(hunt, "findings").Where(row => Text(row, "confidence") != "low")
                .Zip(hunt.GetProperty("next").EnumerateArray().Select(call => call.GetString()!)));
        }

        Assert.InRange(all.Count, 5, 12);
        foreach (var (row, call) in all)
        {
            var words = call.Split(' ');
            var arguments = words.Skip(1).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0],
                pair => pair[0] is "did" or "destinationport" ? (object)long.Parse(pair[1], CultureInfo.InvariantCulture) : pair[1]);
            var shown = (await AskAsync(office, words[0], arguments)).GetProperty("totals").GetProperty("connections").GetInt64();
            var told = row.GetProperty("connections").GetInt64();
            Assert.True(Text(row, "kind") == "scan" ? shown >= told : shown == told, $"{row} is told, {shown} shown by {call}");
        }
    }

    private static Task<InvestigatorFixture> StartAsync(Dialect dialect, string without, int seed) =>
        InvestigatorFixture.StartAsync(options => options with
        {
            Dialect = dialect,
            Without = without.Length == 0 ? [] : [without],
            Seed = seed,
            Now = Night,
            ClockRuns = false,
        });

    private static async Task<JsonElement> AskAsync(InvestigatorFixture office, string tool, Dictionary<string, object> arguments)
    {
        // Each call ends with its client.
        using var client = DarktraceClient.Create(new DarktraceOptions
        {
            Host = office.Appliance.Address,
            PublicToken = "public-0001",
            PrivateToken = new Secret("private-0002"),
        }, office.Appliance.Clock, null);
        var (text, isError) = await ToolAppliances.CallAsync(client, office.Appliance.Clock, tool,
            JsonSerializer.Serialize(new Dictionary<string, object>(arguments) { ["format"] = "json" }));
        Assert.False(isError, text);
        return JsonElement.Parse(text);
    }

    private static List<JsonElement> Rows(JsonElement answer, string table) =>
        [.. answer.GetProperty("tables").GetProperty(table).GetProperty("rows").EnumerateArray()];

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.GetString() : null;
}
