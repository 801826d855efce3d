using System.Text.Json;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Simulator;
using static DtMcp.Tests.Investigations.WholeTables;

namespace DtMcp.Tests.Investigations;

/// <summary>S2 to S7 over recorded connections, whole tables against answers that were worked out independently.</summary>
public class TruthTests
{
    private static readonly Dictionary<(string, bool), FlowSet> Loaded = [];

    public static TheoryData<string, bool> Files =>
        [.. from name in TruthFiles.Names from split in new[] { true, false } select (name.Data, split)];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_traffic_summary_equals_the_truth(string name, bool split)
    {
        var truth = TruthFiles.Truth(name).GetProperty("traffic_analysis");
        var found = Run("summarize_network_traffic", Rows(name, split));

        Assert.Equal(truth.GetProperty("total_connections").GetInt64(), found.Total("connections").Integer);
        Assert.Equal(truth.GetProperty("total_bytes").GetInt64(), found.Total("bytes").Integer);
        Assert.Equal(truth.GetProperty("total_packets").GetInt64(), found.Total("packets").Integer);
        Assert.Equal(truth.GetProperty("external_connections").GetInt64(), found.Total("external_connections").Integer);
        Assert.Equal(truth.GetProperty("external_pct").GetDouble(), found.Total("external_percent").Number);
        Same(truth.GetProperty("protocols"), found.Table("protocols").Lines("name", "connections"));
        Same(truth.GetProperty("destination_ports"), found.Table("destination_ports").Lines("port", "connections"));
        Percents(truth.GetProperty("protocol_pct"), found.Table("protocols"));
        Percents(truth.GetProperty("port_pct"), found.Table("destination_ports"));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Protocols_and_ports_equal_the_truth(string name, bool split)
    {
        var truth = TruthFiles.Truth(name).GetProperty("protocol_port_analysis");
        var found = Run("analyze_protocols_and_ports", Rows(name, split));

        Same(truth.GetProperty("protocols"), found.Table("protocols").Lines("name", "connections", "bytes", "packets"));
        Same(truth.GetProperty("applications"), found.Table("applicationprotocols").Lines("name", "connections", "bytes"));
        Same(
            truth.GetProperty("ports"),
            [
                .. found.Table("source_ports").Lines("port", "connections", "bytes").Select(line => $"source_{line}"),
                .. found.Table("destination_ports").Lines("port", "connections", "bytes").Select(line => $"destination_{line}"),
            ]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void External_traffic_equals_the_truth(string name, bool split)
    {
        var truth = TruthFiles.Truth(name).GetProperty("external_split");
        var found = Run("summarize_external_traffic", Rows(name, split));

        foreach (var total in new[] { "connections", "bytes", "outbound_connections", "inbound_connections" })
        {
            Assert.Equal(truth.GetProperty(total).GetInt64(), found.Total(total).Integer);
        }

        Assert.Equal(truth.GetProperty("destinations").GetProperty("keys").GetInt64(), found.Total("destinations").Integer);
        Assert.Equal(truth.GetProperty("sources").GetProperty("keys").GetInt64(), found.Total("sources").Integer);
        Same(truth.GetProperty("destinations"),
            found.Table("destinations").Lines("ip", "connections", "bytes", "ports", "applicationprotocols"));
        Same(truth.GetProperty("sources"), found.Table("sources").Lines("ip", "connections", "bytes", "destinations", "suspicious_ports"));
        Same(truth.GetProperty("inbound"), found.Table("inbound").Lines("ip", "connections", "bytes", "ports", "targets"));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_device_equals_the_truth(string name, bool split)
    {
        var rows = Rows(name, split);
        foreach (var device in TruthFiles.Truth(name).GetProperty("devices").EnumerateObject())
        {
            Assert.True(NetAddress.TryParse(device.Name, out var address));
            var found = Run("analyze_device_activity", rows, Settings with { FocusAddress = address });

            Assert.Equal(device.Value.GetProperty("outbound").GetInt64(), found.Total("outbound_connections").Integer);
            Assert.Equal(device.Value.GetProperty("inbound").GetInt64(), found.Total("inbound_connections").Integer);
            Assert.Equal(device.Value.GetProperty("external_destinations").GetInt64(), found.Total("external_destinations").Integer);
            Assert.Equal(device.Value.GetProperty("internal_destinations").GetInt64(), found.Total("internal_destinations").Integer);
            Assert.Equal(device.Value.GetProperty("external_digest").GetString(),
                Digest(found.Table("external_destinations").Lines("ip").Select(line => $"{line}\t1")));
            Same(device.Value.GetProperty("outbound_ports"), found.Table("destination_ports").Lines("port", "connections"));
            Assert.Equal(
                device.Value.GetProperty("outbound_bytes_by_protocol").EnumerateObject().Select(pair =>
                    $"{pair.Name}\t{pair.Value}").Order(StringComparer.Ordinal),
                found.Table("protocols").Lines("name", "bytes").Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bandwidth_equals_the_truth(string name)
    {
        var truth = TruthFiles.Truth(name).GetProperty("bandwidth_devices");
        var found = Run("analyze_bandwidth", Rows(name, split: true));

        Same(truth.GetProperty("devices"), found.Table("devices").Lines("ip", "bytes_in", "bytes_out", "bytes"));
        var hours = found.Table("hours").Rows
            .GroupBy(row => row[0].Text[11..])
            .ToDictionary(group => group.Key, group => (group.Sum(row => row[1].Integer), group.Sum(row => row[2].Integer)));
        var wanted = truth.GetProperty("hours_utc").EnumerateObject().ToDictionary(hour => hour.Name,
            hour => (hour.Value.GetProperty("in").GetInt64(), hour.Value.GetProperty("out").GetInt64()));
        Assert.Equal(wanted.OrderBy(pair => pair.Key), hours.OrderBy(pair => pair.Key));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bandwidth_without_the_split_tells_bytes_only_and_says_so(string name)
    {
        var truth = TruthFiles.Truth(name).GetProperty("bandwidth_devices").GetProperty("devices");
        var found = Run("analyze_bandwidth", Rows(name, split: false));

        Assert.DoesNotContain(found.Totals, field => field.Name is "bytes_in" or "bytes_out");
        Assert.DoesNotContain(found.Table("devices").Columns, column => column is "bytes_in" or "bytes_out");
        Assert.Equal(truth.GetProperty("keys").GetInt32(), found.Table("devices").Rows.Count);
        foreach (var top in truth.GetProperty("top").EnumerateArray())
        {
            Assert.Contains($"{top[0]}\t{top[1].GetProperty("total")}", found.Table("devices").Lines("ip", "bytes"));
        }

        Assert.Contains(found.Notes, note => note.Contains("both directions", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_subnet_equals_the_truth(string name, bool split)
    {
        foreach (var subnet in TruthFiles.Truth(name).GetProperty("subnets").EnumerateObject())
        {
            Assert.True(AddressRange.TryParse(subnet.Name, out var range));
            var found = Run("analyze_subnet", Rows(name, split), Settings with { Subnet = range });

            Assert.Equal(subnet.Value.GetProperty("connections").GetInt64(), found.Total("connections").Integer);
            Assert.Equal(subnet.Value.GetProperty("bytes").GetInt64(), found.Total("bytes").Integer);
            Assert.Equal(subnet.Value.GetProperty("devices_in_subnet").GetInt64(), found.Total("devices").Integer);
            Assert.Equal(subnet.Value.GetProperty("cidr_intra").GetInt64(), found.Total("intra_connections").Integer);
            Assert.Equal(subnet.Value.GetProperty("cidr_inter").GetInt64(), found.Total("inter_connections").Integer);
            Same(subnet.Value.GetProperty("cidr_intra_protocols"), found.Table("applicationprotocols").Lines("name", "connections"));
        }
    }

    public static TheoryData<string> Names => TruthFiles.Names;

    internal static FlowSet Rows(string name, bool split)
    {
        lock (Loaded)
        {
            if (!Loaded.TryGetValue((name, split), out var rows))
            {
                Loaded[(name, split)] = rows = ZeekRows.Load(TruthFiles.Log(name), split);
            }

            return rows;
        }
    }

    private static void Percents(JsonElement truth, DtMcp.Traffic.Answers.Table table)
    {
        var found = table.Rows.ToDictionary(row => row[0].Kind == DtMcp.Traffic.Answers.CellKind.Text ? row[0].Text
            : row[0].Integer.ToString(System.Globalization.CultureInfo.InvariantCulture), row => row[^1].Number);
        foreach (var share in truth.EnumerateObject())
        {
            Assert.Equal(share.Value.GetDouble(), found[share.Name]);
        }
    }
}
