using System.Globalization;
using DtMcp.Commands;
using DtMcp.Configuration;
using DtMcp.Running;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Scenarios;
using Microsoft.ML.Tokenizers;

namespace DtMcp.Tests.Commands;

/// <summary>
/// What no fixed table answers, each with one <c>dtmcp call --demo</c>, within the tokens of an answer, and right by a plain scan of what
/// the emulated appliance serves.
/// </summary>
public sealed class AskedInOneCallTests
{
    private const int Budget = 2_000;
    private const long HourMs = 3_600_000;

    private static readonly DateTimeOffset Now = new(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);
    private static readonly RecordSet Records = OfficeScenario.Build(1, Now, 2, 0);
    private static readonly TiktokenTokenizer O200k = TiktokenTokenizer.CreateForModel("gpt-4o");

    [Fact]
    public async Task The_ten_heaviest_hours_of_devices()
    {
        var rows = await AskAsync("aggregate_traffic", "by=device,hour", "top=10", "last=24h");

        var expected = Of(Now.AddDays(-1), Now)
            .SelectMany(row => Devices(row).Select(device => (Key: (Address(device), Hour(row.StartMs)), row.Bytes)))
            .GroupBy(pair => pair.Key, pair => pair.Bytes)
            .Select(group => (group.Key.Item1, group.Key.Item2, Count: group.LongCount(), Bytes: group.Sum()))
            .OrderByDescending(group => group.Bytes).Take(10)
            .Select(group => $"{group.Item1} {group.Item2} {Text(group.Count)} {Text(group.Bytes)}");
        Assert.Equal(expected, rows.Select(row => $"{row["device"]} {row["hour"]} {row["connections"]} {row["bytes"]}"));
    }

    [Fact]
    public async Task Bytes_by_country_of_yesterday_hour_by_hour()
    {
        var rows = await AskAsync("aggregate_traffic", "by=country,hour", "measure=bytes", "last=yesterday", "top=60");

        var midnight = new DateTimeOffset(Now.Date, TimeSpan.Zero);
        var expected = Of(midnight.AddDays(-1), midnight.AddMilliseconds(-1))
            .Where(row => !Records.IsInternal(row)).GroupBy(row => $"{Country(row)} {Hour(row.StartMs)}")
            .ToDictionary(group => group.Key, group => $"{Text(group.LongCount())} {Text(group.Sum(row => row.Bytes))}");
        Assert.True(rows.Count > 25, $"{rows.Count} rows");
        Assert.All(rows, row => Assert.Equal(expected[$"{row["country"]} {row["hour"]}"], $"{row["connections"]} {row["bytes"]}"));
        var bytes = rows.Select(row => Number(row["bytes"])).ToList();
        Assert.Equal(bytes.OrderDescending(), bytes);
        Assert.Equal(expected.Values.Max(value => Number(value.Split(' ')[1])), bytes[0]);
    }

    [Fact]
    public async Task Who_else_talks_to_a_host_and_since_when()
    {
        var day = Of(Now.AddDays(-1), Now).ToList();
        var host = day.Where(row => !Records.IsInternal(row.Destination)).GroupBy(row => row.Destination)
            .OrderByDescending(group => group.Select(row => row.Source).Distinct().Count()).First().Key;

        var described = await AskAsync("describe_endpoint", $"ip={Address(host)}", "last=24h", "limit=50");
        var rows = await AskAsync("aggregate_traffic", "by=peer", "measure=first", "sort=ascending", "limit=50", $"ip={Address(host)}");

        var expected = day.Where(row => row.Source == host || row.Destination == host)
            .GroupBy(row => row.Source == host ? row.Destination : row.Source)
            .Select(group => (First: group.Min(row => row.StartMs), Text: $"{Address(group.Key)} {Text(group.LongCount())}"))
            .OrderBy(group => group.First).Select(group => $"{group.Text} {Second(group.First)}").ToList();
        Assert.True(expected.Count > 20);
        Assert.Equal(expected, rows.Select(row => $"{row["peer"]} {row["connections"]} {row["first"]}"));

        // With its names, ports and breaches beside, the description has the busiest.
        var told = described.Where(row => row.ContainsKey("uploaded"))
            .Select(row => $"{row["ip"]} {row["connections"]} {row["first"]}").ToList();
        Assert.True(told.Count > 15, $"{told.Count} devices");
        Assert.Subset(expected.ToHashSet(), told.ToHashSet());
    }

    [Theory]
    [InlineData("fin-ws-01")]
    [InlineData(null)]
    public async Task Names_that_one_device_looked_up_and_nobody_else(string? hostname)
    {
        var (from, to) = (Now.AddDays(-1).ToUnixTimeMilliseconds(), Now.ToUnixTimeMilliseconds());
        var planted = OfficeScenario.Plant(1, Now, 2, 0).Planted.Upload;
        var rows = await AskAsync("lookup_names", $"hostname={hostname ?? planted.DeviceName}", "last=24h");

        var device = Records.Devices.All.Single(one => one.Facts.Hostname == (hostname ?? planted.DeviceName)).Address;
        var names = OfficeNames.Of(Records).Where(entry => entry.StartMs >= from && entry.StartMs <= to).ToList();
        var others = names.Where(entry => entry.Source != device).Select(entry => entry.Name).ToHashSet();
        var own = names.Where(entry => entry.Source == device && !others.Contains(entry.Name)).Select(entry => entry.Name!).ToHashSet();
        Assert.True(hostname is not null || own.Contains(planted.PeerName!));
        Assert.Equal(own.Order(StringComparer.Ordinal), rows.Where(row => row.GetValueOrDefault("by_others") == "0")
            .Select(row => row["name"]).Order(StringComparer.Ordinal));
        Assert.All(rows.Where(row => row.ContainsKey("by_others")), row => Assert.Equal(
            names.Count(entry => entry.Source != device && entry.Name == row["name"]), Number(row["by_others"])));
    }

    // The rows of all tables, each by the names of its columns.
    private static async Task<List<Dictionary<string, string>>> AskAsync(params string[] call)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Entry.RunAsync(["call", .. call, "--demo", "--seed", "1", "--now", "2026-01-15T09:00:00Z", "--clock", "still"],
            new ProcessContext
            {
                Input = () => Stream.Null,
                Output = () => Stream.Null,
                Out = output,
                Error = error,
                Settings = Settings.Read([]),
                Clock = TimeProvider.System,
            });
        Assert.True(code == 0, error.ToString());
        var text = output.ToString();
        Assert.InRange(O200k.CountTokens(text), 1, Budget);

        List<Dictionary<string, string>> rows = [];
        string[] columns = [];
        foreach (var cells in text.Split('\n').Select(line => line.Split('|')))
        {
            if (cells.Length < 2)
            {
                columns = [];
            }
            else if (columns.Length == 0)
            {
                columns = cells;
            }
            else if (cells[0] != "-")
            {
                rows.Add(columns.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second));
            }
        }

        return rows;
    }

    private static IEnumerable<ConnectionRecord> Of(DateTimeOffset from, DateTimeOffset to) => Records.Rows.Where(row =>
        row.StartMs >= from.ToUnixTimeMilliseconds() && row.StartMs <= to.ToUnixTimeMilliseconds());

    private static IEnumerable<int> Devices(ConnectionRecord row) =>
        new[] { row.Source, row.Destination }.Distinct().Where(end => Records.Devices.At(end) is not null);

    private static string Country(ConnectionRecord row) =>
        Records.Outside.GetValueOrDefault(Records.Addresses[Records.IsInternal(row.Destination) ? row.Source : row.Destination])?.Country
            ?? "unknown";

    private static string Address(int id) => Records.Addresses[id].ToString();

    private static string Hour(long milliseconds) => Time(milliseconds - (milliseconds % HourMs), "yyyy-MM-dd HH:00");

    private static string Second(long milliseconds) => Time(milliseconds, "yyyy-MM-dd HH:mm:ss");

    private static string Time(long milliseconds, string format) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString(format, CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
