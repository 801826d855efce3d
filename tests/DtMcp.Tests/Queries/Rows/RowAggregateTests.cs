using System.Globalization;
using System.Text.Json;
using DtMcp.Simulator.Records;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Investigations;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Tests.Queries.Rows;

/// <summary>Any grouping, any measure and any filter against a plain scan of what the emulated appliance serves.</summary>
public sealed class RowAggregateTests
{
    private const int Combinations = 150;
    private const long HourMs = 3_600_000;

    [Fact]
    public async Task Any_grouping_tells_what_a_plain_scan_does()
    {
        await using var investigator = await StartAsync();
        var ledger = new Ledger(investigator.Appliance.Records);
        var window = Whole(investigator);
        var random = new Random(15);
        var (filled, checkedRows) = (0, 0);
        for (var i = 0; i < Combinations; i++)
        {
            var by = AggregateWords.By[random.Next(AggregateWords.By.Count)];
            var then = random.Next(2) == 0 ? AggregateWords.By[random.Next(AggregateWords.By.Count)] : null;
            then = then == by ? null : then;
            string[] measures = ["connections", "bytes", "bytes_in", "bytes_out", "packets", "failed", "first", "last"];
            var measure = measures[random.Next(measures.Length)];
            var conditions = ledger.Conditions(random);

            var answer = await investigator.AskAsync("get_network_traffic", window: window, more: question => question with
            {
                Investigation = new TrafficAggregation(by, then, measure),
                Conditions = conditions,
                Interval = TimeSpan.FromMinutes(30),
                Sort = null,
            });

            var expected = ledger.Groups(by, then, measure, conditions);
            var found = Groups(answer, by, then, measure);
            Assert.True(expected.Count == found.Count && expected.All(pair => found.GetValueOrDefault(pair.Key) == pair.Value),
                $"{i}: by {by},{then} {measure} {string.Join(' ', conditions.Arguments)}\n"
                + string.Join('\n', expected.Where(pair => found.GetValueOrDefault(pair.Key) != pair.Value).Take(5)) + "\nfound\n"
                + string.Join('\n', found.Where(pair => expected.GetValueOrDefault(pair.Key) != pair.Value).Take(5)));
            filled += expected.Count > 0 ? 1 : 0;
            checkedRows += expected.Count;
        }

        Assert.InRange(filled, Combinations / 2, Combinations);
        Assert.True(checkedRows > 5_000, $"{checkedRows} groups only");
    }

    [Theory]
    [InlineData("device", null)]
    [InlineData("hour", null)]
    [InlineData("destination", null)]
    [InlineData("peer", null)]
    [InlineData("subnet", null)]
    [InlineData("country", null)]
    [InlineData("asn", null)]
    [InlineData("name", null)]
    [InlineData("hour", "device")]
    [InlineData("hour", "country")]
    [InlineData("country", "device")]
    [InlineData("device", "asn")]
    [InlineData("source", "subnet")]
    public async Task Peers_are_counted_once_each(string by, string? then)
    {
        await using var investigator = await StartAsync();
        var answer = await investigator.AskAsync("get_network_traffic", window: Whole(investigator),
            more: question => question with { Investigation = new TrafficAggregation(by, then, "peers") });

        var expected = new Ledger(investigator.Appliance.Records).Peers(by, then);
        var found = Rows(answer).ToDictionary(
            row => Text(row, by) + (then is null ? "" : "|" + Text(row, then)), row => row.GetProperty("peers").GetInt64());
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), found.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("summarize_network_traffic")]
    [InlineData("aggregate_traffic")]
    public async Task An_interval_adds_the_course_to_what_was_asked(string tool)
    {
        await using var investigator = await StartAsync();
        var answer = await investigator.AskAsync("summarize_network_traffic", window: Whole(investigator), more: question => question with
        {
            Investigation = tool == "aggregate_traffic" ? new TrafficAggregation("device", null, "bytes") : question.Investigation,
            Interval = TimeSpan.FromMinutes(30),
        });

        var course = answer.GetProperty("tables").GetProperty("intervals").GetProperty("rows").EnumerateArray()
            .ToDictionary(row => Text(row, "interval"), row => $"{Text(row, "connections")} {Text(row, "bytes")} {Text(row, "bytes_out")}");
        var expected = new Ledger(investigator.Appliance.Records).Groups("interval", null, "bytes_out", RowConditions.None);
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), course);
        Assert.True(answer.GetProperty("tables").EnumerateObject().Count() > 1);
    }

    [Fact]
    public async Task A_question_that_needs_rows_is_refused_where_there_are_none()
    {
        await using var investigator = await InvestigatorFixture.StartAsync(
            options => options with { Connections = 500, Days = 1, Without = ["advancedsearch"] });
        var error = await Assert.ThrowsAsync<Darktrace.Errors.ApplianceException>(() => investigator.AskAsync("summarize_network_traffic",
            more: question => question with { Conditions = new RowConditions { State = ConnectionState.Failed, MinBytes = 1 } }));

        Assert.Equal(Darktrace.Errors.ApplianceError.InvalidArgument, error.Error);
        Assert.StartsWith("state, min_bytes: only connection records", error.Happened, StringComparison.Ordinal);
    }

    // The appliance's clock runs on; the records stay where they are.
    private static Darktrace.Values.TimeWindow Whole(InvestigatorFixture investigator) =>
        new(investigator.LastDay.StartMs - HourMs, investigator.LastDay.EndMs);

    private static Task<InvestigatorFixture> StartAsync() => InvestigatorFixture.StartAsync(
        options => options with { Connections = 3_000, Days = 1, Now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero) });

    private static JsonElement.ArrayEnumerator Rows(JsonElement answer) =>
        answer.GetProperty("tables").GetProperty("groups").GetProperty("rows").EnumerateArray();

    private static Dictionary<string, string> Groups(JsonElement answer, string by, string? then, string measure) =>
        Rows(answer).ToDictionary(
            row => Text(row, by) + (then is null ? "" : "|" + Text(row, then)),
            row => $"{Text(row, "connections")} {Text(row, "bytes")} {Text(row, measure)}");

    private static string Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) ? value.ToString() : "";

    /// <summary>The plain scan: every row looked at, nothing shared with the product.</summary>
    private sealed class Ledger(RecordSet records)
    {
        public RowConditions Conditions(Random random)
        {
            var row = records.Rows[random.Next(records.Rows.Length)];
            bool Chance() => random.Next(5) == 0;
            var outside = Outside(row);
            return new RowConditions
            {
                Peer = Chance() && Darktrace.Values.AddressRange.TryParse(records.Addresses[row.Destination] + "/24", out var range)
                    ? range
                    : null,
                Direction = Chance() ? (TrafficDirection)random.Next(3) : null,
                State = Chance() ? (ConnectionState)random.Next(2) : null,
                Country = Chance() && outside is { Country: { } country } ? country : null,
                Asn = Chance() && outside is { Asn: { } asn } ? asn.Split(' ')[0] : null,
                MinBytes = Chance() ? row.Bytes + 1 : null,
            };
        }

        public Dictionary<string, string> Groups(string by, string? then, string measure, RowConditions conditions)
        {
            Dictionary<string, Sum> sums = [];
            foreach (var row in records.Rows.Where(row => Holds(row, conditions)))
            {
                var views = Views(row);
                var isByView = IsOfView(by) || IsOfView(then);
                foreach (var view in isByView ? views : [new View(-1, -1, false)])
                {
                    if (Key(row, view, by) is not { } key || (then is not null && Key(row, view, then) is null))
                    {
                        continue;
                    }

                    var name = then is null ? key : $"{key}|{Key(row, view, then)}";
                    var (received, sent) = InOut(row, view, views, by, then);
                    var sum = sums.GetValueOrDefault(name) ?? new Sum(0, 0, 0, 0, 0, 0, long.MaxValue, 0);
                    sums[name] = new Sum(sum.Connections + 1, sum.Bytes + row.Bytes, sum.In + received, sum.Out + sent,
                        sum.Packets + row.OrigPackets + row.RespPackets, sum.Failed + (IsFailed(row) ? 1 : 0),
                        Math.Min(sum.First, row.StartMs), Math.Max(sum.Last, row.StartMs));
                }
            }

            return sums.ToDictionary(pair => pair.Key, pair => $"{pair.Value.Connections} {pair.Value.Bytes} " + measure switch
            {
                "bytes" => Number(pair.Value.Bytes),
                "bytes_in" => Number(pair.Value.In),
                "bytes_out" => Number(pair.Value.Out),
                "packets" => Number(pair.Value.Packets),
                "failed" => Number(pair.Value.Failed),
                "first" => Time(pair.Value.First, "yyyy-MM-dd HH:mm:ss"),
                "last" => Time(pair.Value.Last, "yyyy-MM-dd HH:mm:ss"),
                _ => Number(pair.Value.Connections),
            });
        }

        // The other end of what a group is an end of; of all else the other ends of devices.
        public Dictionary<string, long> Peers(string by, string? then)
        {
            string[] ends = ["device", "subnet", "peer", "source", "destination", "country", "asn", "name"];
            var end = ends.Contains(by) ? by : ends.Contains(then) ? then : null;
            Dictionary<string, HashSet<int>> peers = [];
            foreach (var row in records.Rows)
            {
                var isByView = end is null || IsOfView(by) || IsOfView(then);
                foreach (var view in isByView ? Views(row) : [new View(-1, -1, false)])
                {
                    if (Key(row, view, by) is { } key && (then is null || Key(row, view, then) is not null))
                    {
                        var name = then is null ? key : $"{key}|{Key(row, view, then)}";
                        peers.TryAdd(name, []);
                        peers[name].Add(end switch
                        {
                            "source" => row.Destination,
                            "destination" => row.Source,
                            "peer" => view.Device,
                            "country" or "asn" or "name" => Direction(row) == "inbound" ? row.Destination : row.Source,
                            _ => view.Peer,
                        });
                    }
                }
            }

            return peers.ToDictionary(pair => pair.Key, pair => (long)pair.Value.Count);
        }

        private bool Holds(ConnectionRecord row, RowConditions wanted) =>
            (wanted.Peer is not { } range || IsIn(row.Source, range) || IsIn(row.Destination, range))
            && (wanted.Direction is not { } direction || Direction(row) == direction.Word())
            && (wanted.State is not { } state || State(row) == state.Word())
            && (wanted.Country is not { } country || Outside(row)?.Country == country)
            && (wanted.Asn is not { } asn || Outside(row)?.Asn?.Split(' ')[0] == asn)
            && (wanted.MinBytes is not { } least || row.Bytes >= least);

        private bool IsIn(int address, Darktrace.Values.AddressRange range) =>
            Darktrace.Values.NetAddress.TryParse(records.Addresses[address].ToString(), out var parsed) && range.Contains(parsed);

        private string? Key(ConnectionRecord row, View view, string by) => by switch
        {
            "device" => Name(view.Device),
            "peer" => Name(view.Peer),
            "subnet" => Network(view.Device),
            "source" => Name(row.Source),
            "destination" => Name(row.Destination),
            "country" => Direction(row) == "internal" ? null : Outside(row)?.Country ?? "unknown",
            "asn" => Direction(row) == "internal" ? null : Outside(row)?.Asn ?? "unknown",
            "name" => Direction(row) == "internal" ? null : Outside(row)?.Hostname ?? "unknown",
            "protocol" => records.Protocols[row.Protocol],
            "applicationprotocol" => records.Services[row.Service] is { Length: > 0 } service ? service : "unknown",
            "port" => row.DestinationPort == 0 ? null : Number(row.DestinationPort),
            "state" => State(row),
            "direction" => Direction(row),
            "hour" => Time(row.StartMs - (row.StartMs % HourMs), "yyyy-MM-dd HH:00"),
            _ => Time(row.StartMs - (row.StartMs % (HourMs / 2)), "yyyy-MM-dd HH:mm"),
        };

        // What the devices of a row saw of it, or the one end that a group is of.
        private static (long In, long Out) InOut(ConnectionRecord row, View view, IReadOnlyList<View> views, string by, string? then)
        {
            string[] ends = ["device", "subnet", "peer", "source", "destination"];
            return (ends.Contains(by) ? by : ends.Contains(then) ? then : null) switch
            {
                "device" or "subnet" or "peer" => Seen(view.IsSource),
                "source" => Seen(true),
                "destination" => Seen(false),
                _ => (views.Sum(one => Seen(one.IsSource).In), views.Sum(one => Seen(one.IsSource).Out)),
            };

            (long In, long Out) Seen(bool asSource) => asSource ? (row.RespBytes, row.OrigBytes) : (row.OrigBytes, row.RespBytes);
        }

        private List<View> Views(ConnectionRecord row)
        {
            List<View> views = [];
            if (records.Devices.At(row.Source) is not null)
            {
                views.Add(new View(row.Source, row.Destination, true));
            }

            if (records.Devices.At(row.Destination) is not null && row.Source != row.Destination)
            {
                views.Add(new View(row.Destination, row.Source, false));
            }

            return views;
        }

        private string Direction(ConnectionRecord row) =>
            records.IsInternal(row) ? "internal" : records.IsInternal(row.Destination) ? "inbound" : "outbound";

        private OutsideInfo? Outside(ConnectionRecord row) => Direction(row) switch
        {
            "outbound" => records.Outside.GetValueOrDefault(records.Addresses[row.Destination]),
            "inbound" => records.Outside.GetValueOrDefault(records.Addresses[row.Source]),
            _ => null,
        };

        private static bool IsFailed(ConnectionRecord row) => State(row) == "failed";

        private static string State(ConnectionRecord row) => row.State switch
        {
            ConnState.None or ConnState.OTH => "unknown",
            ConnState.SF or ConnState.S1 or ConnState.S2 or ConnState.S3 or ConnState.RSTO or ConnState.RSTR => "established",
            _ => "failed",
        };

        private string Name(int address) => TextAddress.Of(records.Addresses[address].ToString()).ToString();

        private string Network(int address) =>
            TextAddress.Of(records.Addresses[address].ToString()) is { IsIPv4: true } text
                ? $"{text.ToString()[..text.ToString().LastIndexOf('.')]}.0/24"
                : Darktrace.Values.AddressRange.Around(TextAddress.Of(records.Addresses[address].ToString()), 64).ToString();

        private static bool IsOfView(string? by) => by is "device" or "peer" or "subnet";

        private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

        private static string Time(long milliseconds, string format) =>
            DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString(format, CultureInfo.InvariantCulture);

        private readonly record struct View(int Device, int Peer, bool IsSource);

        private sealed record Sum(long Connections, long Bytes, long In, long Out, long Packets, long Failed, long First, long Last);
    }
}
