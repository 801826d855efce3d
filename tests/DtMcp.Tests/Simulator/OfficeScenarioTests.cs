using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;
using DtMcp.Simulator.Scenarios;

namespace DtMcp.Tests.Simulator;

public sealed class OfficeScenarioTests
{
    private const long Day = 86_400_000;

    public static TheoryData<int, DateTimeOffset> Offices()
    {
        var data = new TheoryData<int, DateTimeOffset>();
        for (var seed = 1; seed <= 10; seed++)
        {
            data.Add(seed, new DateTimeOffset(2026, 1, 15, (seed * 7) % 24, (seed * 13) % 60, seed, TimeSpan.Zero));
        }

        return data;
    }

    [Fact]
    public void The_same_seed_and_end_give_the_same_office()
    {
        var (first, second, other) = (Build(3), Build(3), Build(4));
        Assert.Equal(first.Rows, second.Rows);
        Assert.Equal(first.Addresses, second.Addresses);
        Assert.NotEqual(first.Rows.Length, other.Rows.Length);

        static RecordSet Build(int seed) => OfficeScenario.Build(seed, new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), 2, 0);
    }

    [Theory]
    [MemberData(nameof(Offices))]
    public void An_office_has_its_natural_size_and_named_devices(int seed, DateTimeOffset end)
    {
        var records = OfficeScenario.Build(seed, end, 2, 0);
        Assert.InRange(records.Rows.Length, 20_000, 40_000);
        Assert.InRange(records.Devices.All.Count, 50, 80);
        Assert.InRange(records.Subnets.All.Count, 4, 6);
        Assert.All(records.Devices.All, device => Assert.NotNull(device.Facts.Hostname));
        Assert.All(records.Devices.All, device => Assert.NotEqual(0, device.Sid));
        Assert.True(records.FirstMs > end.ToUnixTimeMilliseconds() - (2 * Day));
        Assert.True(records.LastMs <= end.ToUnixTimeMilliseconds());
        Assert.All(Externals(records, records.Rows), address => Assert.NotNull(records.Outside[address].Asn));
        Assert.DoesNotContain(records.Rows, row => row.OrigBytes > 65_535 * row.OrigPackets || row.RespBytes > 65_535 * row.RespPackets);
    }

    [Theory]
    [MemberData(nameof(Offices))]
    public void The_upload_is_first_by_bytes_over_a_day_and_over_two(int seed, DateTimeOffset end)
    {
        var (records, planted) = OfficeScenario.Plant(seed, end, 2, 0);
        foreach (var rows in new[] { records.Rows, LastDay(records, end) })
        {
            var bytes = rows.Where(row => !records.IsInternal(row.Destination)).GroupBy(row => row.Destination)
                .Select(group => (Address: records.Addresses[group.Key], Bytes: group.Sum(row => row.Bytes))).OrderByDescending(pair =>
                    pair.Bytes).Take(2).ToArray();
            Assert.Equal(planted.Upload.Peer, bytes[0].Address);
            Assert.True(bytes[0].Bytes > 1.3 * bytes[1].Bytes, $"{bytes[0].Bytes} is not clearly more than {bytes[1].Bytes}");
        }

        var sent = Rows(records, planted.Upload).ToArray();
        Assert.InRange(sent.Sum(row => row.OrigBytes), 2_500_000_000, 9_000_000_000);
        Assert.All(sent, row => Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(row.StartMs).Hour, 1, 3));
    }

    [Theory]
    [MemberData(nameof(Offices))]
    public void The_beacon_calls_about_every_five_minutes_for_ten_hours(int seed, DateTimeOffset end)
    {
        var (records, planted) = OfficeScenario.Plant(seed, end, 2, 0);
        var starts = Rows(records,
            planted.Beacon).Where(row => row.StartMs > end.ToUnixTimeMilliseconds() - Day).Select(row => row.StartMs).ToArray();
        var gaps = starts.Zip(starts.Skip(1), (a, b) => (b - a) / 60_000.0).Order().ToArray();
        Assert.InRange(starts.Length, 120, 200);
        Assert.InRange(gaps[gaps.Length / 2], 4.5, 5.5);
        Assert.InRange(gaps[0], 3.5, 5.0);
        Assert.True(starts[^1] - starts[0] >= 10 * 3_600_000L);
    }

    [Theory]
    [MemberData(nameof(Offices))]
    public void The_scan_fails_on_many_hosts_and_many_ports(int seed, DateTimeOffset end)
    {
        var (records, planted) = OfficeScenario.Plant(seed, end, 2, 0);
        var failed = LastDay(records, end)
            .Where(row => records.Addresses[row.Source] == planted.Scan.Device
                && row.State is ConnState.S0 or ConnState.REJ && records.IsInternal(row.Destination)).ToArray();
        Assert.True(failed.Where(row => row.DestinationPort == planted.Scan.Port).Select(row => row.Destination).Distinct().Count() >= 40);
        Assert.True(failed.Where(row => records.Addresses[row.Destination] == planted.Scan.Peer).Select(row =>
            row.DestinationPort).Distinct().Count() >= 80);
    }

    [Theory]
    [MemberData(nameof(Offices))]
    public void Administration_ports_lead_outside_from_two_devices_only(int seed, DateTimeOffset end)
    {
        var (records, planted) = OfficeScenario.Plant(seed, end, 2, 0);
        ushort[] ports = [22, 23, 135, 139, 445, 1433, 3306, 3389, 5985, 5986];
        var outside = records.Rows.Where(row => !records.IsInternal(row.Destination) && ports.Contains(row.DestinationPort)).ToArray();
        Assert.Equal(
            [(planted.RemoteDesktop.Device, (ushort)3389), (planted.FileSharing.Device, (ushort)445)],
            outside.Select(row => (records.Addresses[row.Source], row.DestinationPort)).Distinct().OrderByDescending(pair =>
                pair.DestinationPort));
        Assert.All(outside, row => Assert.Equal(ConnState.SF, row.State));
        Assert.NotEqual(planted.RemoteDesktop.Device, planted.FileSharing.Device);
    }

    [Theory]
    [MemberData(nameof(Offices))]
    public void New_today_are_only_the_planted_device_and_its_destination(int seed, DateTimeOffset end)
    {
        var (records, planted) = OfficeScenario.Plant(seed, end, 2, 0);
        foreach (var late in new[] { 0, 45, 115 })
        {
            var now = end.ToUnixTimeMilliseconds() + (late * 60_000L);
            var today = records.Rows.Where(row => row.StartMs >= now - Day).ToArray();
            var yesterday = records.Rows.Where(row => row.StartMs < now - Day && row.StartMs >= now - (2 * Day)).ToArray();
            Assert.Equal([planted.NewDevice.Peer], Externals(records, today).Except(Externals(records, yesterday)));
            Assert.Equal([planted.NewDevice.Device], Devices(records, today).Except(Devices(records, yesterday)));
            Assert.Empty(Externals(records, yesterday).Except(Externals(records, today)));
            Assert.Empty(Devices(records, yesterday).Except(Devices(records, today)));
            Assert.Equal(today.Select(row => (row.Protocol, row.Service)).Distinct().Order(),
                yesterday.Select(row => (row.Protocol, row.Service)).Distinct().Order());
            var ports = today.Where(row => !IsScan(row)).Select(row => row.DestinationPort).Distinct();
            Assert.Empty(ports.Except(yesterday.Select(row => row.DestinationPort)));
        }

        bool IsScan(ConnectionRecord row) =>
            records.Addresses[row.Source] == planted.Scan.Device && records.Addresses[row.Destination] == planted.Scan.Peer;
    }

    [Theory]
    [MemberData(nameof(Offices))]
    public void Each_incident_is_in_the_last_day_and_has_a_breach(int seed, DateTimeOffset end)
    {
        var (records, planted) = OfficeScenario.Plant(seed, end, 2, 0);
        var (from, to) = (end.ToUnixTimeMilliseconds() - Day, end.ToUnixTimeMilliseconds());
        Assert.All(planted.All, incident => Assert.True(incident.FirstMs >= from && incident.LastMs <= to && incident.Connections > 0));
        Assert.Equal(planted.All.Select(incident => incident.Device).Order(), records.Breaches.Select(breach => breach.Device).Order());
        Assert.All(records.Breaches, breach => Assert.InRange(breach.TimeMs, from, to));
        Assert.Equal(6, records.Breaches.Select(breach => breach.Pbid).Distinct().Count());
    }

    [Fact]
    public void Nothing_ordinary_is_regular_toward_a_host_that_few_use()
    {
        var end = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);
        for (var seed = 1; seed <= 10; seed++)
        {
            var (records, planted) = OfficeScenario.Plant(seed, end, 2, 0);
            var regular = LastDay(records, end).Where(row => !records.IsInternal(row.Destination)).GroupBy(row => row.Destination)
                .Where(host => host.Select(row => row.Source).Distinct().Count() <= 3)
                .SelectMany(host => host.GroupBy(row => row.Source))
                .Where(pair => pair.Count() >= 8 && Variation([.. pair.Select(row => row.StartMs)]) < 0.5)
                .Select(pair => records.Addresses[pair.First().Destination]);
            Assert.Equal([planted.Beacon.Peer], regular);
        }

        static double Variation(long[] starts)
        {
            var gaps = starts.Zip(starts.Skip(1), (a, b) => (double)(b - a)).ToArray();
            var mean = gaps.Average();
            return Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean))) / mean;
        }
    }

    [Theory]
    [MemberData(nameof(Offices))]
    public void A_simple_hunter_finds_the_upload_and_the_scan_and_nothing_else(int seed, DateTimeOffset end)
    {
        var (records, planted) = OfficeScenario.Plant(seed, end, 2, 0);
        var rows = LastDay(records, end);
        var uploads = rows.Where(row => records.IsInternal(row.Source) && !records.IsInternal(row.Destination)).GroupBy(row =>
            (row.Source, row.Destination))
            .Where(pair => pair.Sum(row => row.OrigBytes) > 5_000_000 && pair.Sum(row => row.OrigBytes) > 2 * pair.Sum(row =>
                row.RespBytes))
            .Select(pair => records.Addresses[pair.Key.Destination]);
        Assert.Equal([planted.Upload.Peer], uploads);
        var failed = rows.Where(row => row.State is ConnState.S0 or ConnState.REJ).ToArray();
        var scanners = failed.GroupBy(row => (row.Source, row.DestinationPort)).Where(sweep =>
            sweep.Select(row => row.Destination).Distinct().Count() >= 12).Select(sweep => sweep.Key.Source)
            .Concat(failed.GroupBy(row => (row.Source, row.Destination)).Where(pair =>
                pair.Select(row => row.DestinationPort).Distinct().Count() >= 5).Select(pair => pair.Key.Source));
        Assert.Equal([planted.Scan.Device], scanners.Distinct().Select(index => records.Addresses[index]));
        Assert.DoesNotContain(rows, row => row.DurationSeconds > 3_600);
    }

    [Theory]
    [InlineData(6_000)]
    [InlineData(300_000)]
    public void Connections_set_the_size_and_the_upload_stays_first(long connections)
    {
        var end = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);
        var (records, planted) = OfficeScenario.Plant(1, end, 2, connections);
        Assert.Equal(connections, records.Rows.Length);
        var first = LastDay(records,
            end).Where(row => !records.IsInternal(row.Destination)).GroupBy(row => row.Destination).MaxBy(group =>
                group.Sum(row => row.Bytes))!;
        Assert.Equal(planted.Upload.Peer, records.Addresses[first.Key]);
    }

    [Theory]
    [InlineData(60, 6_000)]
    [InlineData(300, 20_000)]
    [InlineData(25_000, 300_000)]
    public void Devices_are_about_as_many_as_were_asked_for_and_each_is_there_every_day(int devices, long connections)
    {
        var end = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);
        var (records, planted) = OfficeScenario.Plant(1, end, 2, connections, devices);
        Assert.Equal(connections, records.Rows.Length);
        Assert.InRange(records.Facts.Devices.Count, devices - 16, devices + 16);
        var today = LastDay(records, end);
        foreach (var day in new[] { today, [.. records.Rows.Except(today)] })
        {
            var seen = day.SelectMany(row => new[] { row.Source, row.Destination }).Distinct().Select(index => records.Addresses[index])
                .ToHashSet();
            Assert.DoesNotContain(records.Facts.Devices.Keys, device => !seen.Contains(device) && device != planted.NewDevice.Device);
        }
    }

    private static ConnectionRecord[] LastDay(RecordSet records, DateTimeOffset end) =>
        [.. records.Rows.Where(row => row.StartMs >= end.ToUnixTimeMilliseconds() - Day)];

    private static IEnumerable<ConnectionRecord> Rows(RecordSet records, Incident incident) =>
        records.Rows.Where(row =>
            records.Addresses[row.Source] == incident.Device && records.Addresses[row.Destination] == incident.Peer
                && row.StartMs >= incident.FirstMs);

    private static HashSet<IpAddress> Externals(RecordSet records, IEnumerable<ConnectionRecord> rows) =>
        [.. rows.SelectMany(row => new[] { row.Source, row.Destination }).Distinct().Where(index =>
            !records.IsInternal(index)).Select(index => records.Addresses[index])];

    private static HashSet<IpAddress> Devices(RecordSet records, IEnumerable<ConnectionRecord> rows) =>
        [.. rows.SelectMany(row => new[] { row.Source, row.Destination }).Distinct().Where(index =>
            records.Devices.At(index) is not null).Select(index => records.Addresses[index])];
}
