using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;
using AddressRange = DtMcp.Darktrace.Values.AddressRange;

namespace DtMcp.Tests.Issues;

/// <summary>Filters are joined by AND on every evidence, whether the appliance applies them or kept rows are looked through.</summary>
public sealed class FiltersByAnd_11
{
    // Both dialects, from the wire and from a capture; in the long run two thousand in all.
    private static readonly int CombinationsEach = Rounds.Of(150, 500);

    [Fact]
    public async Task A_device_and_an_address_select_the_connections_between_the_two()
    {
        await using var investigator = await StartAsync(Dialect.Guide, fromCapture: true);
        var records = investigator.Appliance.Records;
        var row = records.Rows.First(row => !records.IsInternal(row) && records.Devices.At(row.Source) is not null);
        var (did, ip) = (records.Devices.At(row.Source)!.Did, TextAddress.Of(records.Addresses[row.Destination].ToString()));
        var expected = records.Rows.Count(other => Touches(other, row.Source) && Touches(other, row.Destination));

        Assert.InRange(expected, 1, records.Rows.Count(other => Touches(other, row.Source)) - 1);
        var found = await ConnectionsAsync(investigator, new NetworkQuery { Did = did, Ip = ip }, investigator.LastDay);
        Assert.Equal(expected, found.Connections);
    }

    [Theory]
    [InlineData(Dialect.Sdk, false, 1)]
    [InlineData(Dialect.Sdk, true, 2)]
    [InlineData(Dialect.Guide, false, 3)]
    [InlineData(Dialect.Guide, true, 4)]
    public async Task Any_combination_of_filters_selects_what_a_plain_scan_does(Dialect dialect, bool fromCapture, int seed)
    {
        await using var investigator = await StartAsync(dialect, fromCapture);
        var random = new Random(seed);
        var selected = 0;
        for (var i = 0; i < CombinationsEach; i++)
        {
            var (filters, subnet, window) = Combination(random, investigator.Appliance.Records, investigator.LastDay);
            var expected = Scan(investigator.Appliance.Records, filters, subnet, window);

            var found = await ConnectionsAsync(investigator, filters, window, subnet);

            Assert.True(expected == found, $"{i}: {filters} {subnet} {window}: {expected} expected, {found} found");
            selected += expected.Connections > 0 ? 1 : 0;
        }

        Assert.InRange(selected, CombinationsEach / 4, CombinationsEach);
    }

    [Fact]
    public async Task Rows_cut_down_to_one_field_are_those_that_the_filters_select()
    {
        await using var investigator = await StartAsync(Dialect.Sdk, fromCapture: true);
        var records = investigator.Appliance.Records;
        var sizes = new NetworkQuery { ResponseData = "bytes" };

        Assert.Equal(Scan(records, sizes, null, investigator.LastDay), await ConnectionsAsync(investigator, sizes, investigator.LastDay));
        NetworkQuery[] narrower = [sizes with { Did = 3 }, sizes with { Port = 443 },
            sizes with { IntExt = TrafficSide.External, Protocol = "tcp" }];
        foreach (var filters in narrower)
        {
            var expected = Scan(records, filters, null, investigator.LastDay);
            Assert.InRange(expected.Connections, 1, records.Rows.Length - 1);
            Assert.Equal(expected, await ConnectionsAsync(investigator, filters, investigator.LastDay));
        }
    }

    private static async Task<InvestigatorFixture> StartAsync(Dialect dialect, bool fromCapture)
    {
        var now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);
        var investigator = await InvestigatorFixture.StartAsync(
            options => options with { Dialect = dialect, Connections = 3_000, Days = 1, Now = now },
            options => options with { CacheBytes = fromCapture ? options.CacheBytes : 0 });
        if (fromCapture)
        {
            // A day more on either side, so that the whole of it serves what is asked afterwards.
            await ConnectionsAsync(investigator, new NetworkQuery(),
                new TimeWindow(investigator.LastDay.StartMs - 1_000, investigator.LastDay.EndMs + 86_400_000));
        }

        return investigator;
    }

    private static async Task<(long Connections, long Bytes)> ConnectionsAsync(
        InvestigatorFixture investigator, NetworkQuery filters, TimeWindow window, AddressRange? subnet = null)
    {
        var answer = await investigator.AskAsync("get_network_traffic", filters, window,
            question => question with { Limit = 1, Subnet = subnet });
        var totals = answer.GetProperty("totals");
        return (totals.GetProperty("connections").GetInt64(), totals.GetProperty("bytes").GetInt64());
    }

    // Values of one row, now and then of another: most combinations select something, many nothing.
    private static (NetworkQuery Filters, AddressRange? Subnet, TimeWindow Window) Combination(
        Random random, RecordSet records, TimeWindow day)
    {
        var anchor = records.Rows[random.Next(records.Rows.Length)];
        bool Chance() => random.Next(4) == 0;
        ConnectionRecord Row() => random.Next(5) == 0 ? records.Rows[random.Next(records.Rows.Length)] : anchor;
        int End(ConnectionRecord row) => random.Next(2) == 0 ? row.Source : row.Destination;

        var device = records.Devices.At(End(Row()));
        var around = records.Addresses[End(Row())] + (random.Next(2) == 0 ? "/24" : "/14");
        var subnet = Chance() && AddressRange.TryParse(around, out var range) ? range : (AddressRange?)null;
        var start = random.NextInt64(day.StartMs, day.EndMs);
        var filters = new NetworkQuery
        {
            Did = Chance() ? device?.Did : null,
            Ip = Chance() ? TextAddress.Of(records.Addresses[End(Row())].ToString()) : null,
            ViewSubnet = subnet is null && Chance() ? records.Subnets.All[random.Next(records.Subnets.All.Count)].Sid : null,
            IntExt = Chance() ? (records.IsInternal(Row()) ? TrafficSide.Internal : TrafficSide.External) : null,
            Protocol = Chance() ? records.Protocols[Row().Protocol].ToUpperInvariant() : null,
            ApplicationProtocol = Chance() ? (records.Services[Row().Service] is { Length: > 0 } service ? service : "unknown") : null,
            Port = Chance() ? (random.Next(2) == 0 ? Row().SourcePort : Row().DestinationPort) : null,
            SourcePort = random.Next(8) == 0 ? Row().SourcePort : null,
            DestinationPort = Chance() ? Row().DestinationPort : null,
        };
        return (filters, subnet, Chance() ? new TimeWindow(start, random.NextInt64(start, day.EndMs + 1)) : day);
    }

    private static (long Connections, long Bytes) Scan(RecordSet records, NetworkQuery filters, AddressRange? subnet, TimeWindow window)
    {
        var (connections, bytes) = (0L, 0L);
        var wantedIp = filters.Ip?.ToString();
        foreach (var row in records.Rows)
        {
            bool IsIn(int address, AddressRange range) =>
                NetAddress.TryParse(records.Addresses[address].ToString(), out var parsed) && range.Contains(parsed);
            bool IsOf(int address, long sid) => records.Subnets.BySid(sid)!.Range.Contains(records.Addresses[address]);
            bool Either(Func<int, bool> holds) => holds(row.Source) || holds(row.Destination);
            var protocol = records.Protocols[row.Protocol];
            var service = records.Services[row.Service] is { Length: > 0 } named ? named : "unknown";
            if (row.StartMs >= window.StartMs && row.StartMs <= window.EndMs
                && (filters.Did is not { } did || Either(address => records.Devices.At(address)?.Did == did))
                && (wantedIp is null || Either(address => records.Addresses[address].ToString() == wantedIp))
                && (filters.ViewSubnet is not { } sid || Either(address => IsOf(address, sid)))
                && (subnet is not { } range || Either(address => IsIn(address, range)))
                && (filters.IntExt is not { } side || records.IsInternal(row) == (side == TrafficSide.Internal))
                && (filters.Protocol is not { } wanted || wanted.Equals(protocol, StringComparison.OrdinalIgnoreCase))
                && (filters.ApplicationProtocol is not { } application || application.Equals(service, StringComparison.OrdinalIgnoreCase))
                && (filters.Port is not { } port || row.SourcePort == port || row.DestinationPort == port)
                && (filters.SourcePort is not { } from || row.SourcePort == from)
                && (filters.DestinationPort is not { } to || row.DestinationPort == to))
            {
                connections++;
                bytes += row.Bytes;
            }
        }

        return (connections, bytes);
    }

    private static bool Touches(ConnectionRecord row, int address) => row.Source == address || row.Destination == address;
}
