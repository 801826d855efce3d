using System.Globalization;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Investigations;
using DtMcp.Tests.Reading;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Issues;

/// <summary>Bytes that a sensor made up are known in rows and records, named by device and hour, and are no growth.</summary>
public sealed class SensorArtefacts_11
{
    [Theory]
    [InlineData(65_536, 1, true)]
    [InlineData(65_535, 1, false)]
    [InlineData(5_090_000_000, 4, true)]
    [InlineData(5_090_000_000, 90_000, false)]
    [InlineData(5_090_000_000, 0, false)]
    [InlineData(9_007_199_254_740_991, 9_007_199_254_740_991, false)]
    public async Task More_than_a_packet_can_hold_is_no_traffic_in_rows_either(long bytes, long packets, bool isArtefact)
    {
        var row =
            $$"""{"sourcedevice":{"ip":"10.0.0.1"},"destinationdevice":{"ip":"203.0.113.1"},"bytes":{{bytes}},"packets":{{packets}}}""";
        var (_, flows) = await Bodies.ReadAsync(RowInvestigator.Traffic([row, row, row]));

        var expected = isArtefact ? FlowTraits.SensorArtefact : FlowTraits.None;
        Assert.Equal([expected, expected, expected], Assert.Single(flows.Chunks).Traits[..3]);
    }

    [Theory]
    [InlineData(EvidencePolicy.Network)]
    [InlineData(EvidencePolicy.Records)]
    public async Task Up_to_three_devices_and_hours_are_named(EvidencePolicy evidence)
    {
        (int Device, long Bytes)[] seen = [(1, 5_090_000_000), (2, 3_000_000_000), (3, 2_000_000_000), (4, 1_000_000), (1, 1_000_000_000)];
        var body = evidence == EvidencePolicy.Network
            ? RowInvestigator.Traffic(seen.Select(row => Flow(row.Device, row.Bytes)))
            : RowInvestigator.Records(seen.Select(row => Record(row.Device, row.Bytes)));
        using var investigator = new RowInvestigator(evidence, body, "{}");

        var answer = await investigator.AskAsync("summarize_network_traffic");

        var note = Assert.Single(answer.Notes(), note => note.Contains("artefact", StringComparison.Ordinal));
        Assert.StartsWith("5 connections report 11091000000 bytes that a sensor made up", note, StringComparison.Ordinal);
        Assert.EndsWith(
            "Most at 10.0.0.1 in the hour of 2026-01-15 08:00 UTC (2 with 6090000000 bytes), 10.0.0.2 in the hour of 2026-01-15 08:00 " +
            "UTC (1 with 3000000000 bytes), "
            + "10.0.0.3 in the hour of 2026-01-15 08:00 UTC (1 with 2000000000 bytes).",
            note,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_sensor_made_up_is_no_growth()
    {
        string[] before = [.. Enumerable.Range(0, 20).Select(_ => Flow(1, 1_000, packets: 10, at: RowInvestigator.End - (90 * 60_000)))];
        string[] now = [.. Enumerable.Range(0, 20).Select(_ => Flow(1, 1_000, packets: 10)), Flow(1, 5_090_000_000)];
        using var investigator = new RowInvestigator(EvidencePolicy.Network, RowInvestigator.Traffic(now), RowInvestigator.Traffic(before));

        var answer = await investigator.AskAsync("compare_traffic");

        Assert.Equal(0, answer.Total("grown").GetInt64());
        Assert.Equal(5_090_020_000, answer.Total("bytes").GetInt64());
        Assert.Contains(answer.Notes(),
            note => note.StartsWith("1 connections report 5090000000 bytes that a sensor made up", StringComparison.Ordinal)
            && note.Contains("10.0.0.1 in the hour of 2026-01-15 08:00 UTC", StringComparison.Ordinal));
    }

    [Fact]
    public void Places_move_with_their_endpoints()
    {
        // More endpoints than are kept apart: ids change while reading.
        var rows = new FlowSet(maxKept: 10, WholeTablesConsumer(out var analysis), maxHosts: 2_000) { Seen = (FlowFields)8191 };
        for (var chunkNumber = 0; chunkNumber < 3; chunkNumber++)
        {
            var chunk = rows.Rent();
            for (var i = 0; i < 1_500; i++)
            {
                Add(rows, chunk, $"10.{chunkNumber}.{i / 250}.{i % 250}", i == 1_499 ? 7_000_000_000 : 10,
                    i == 1_499 ? FlowTraits.SensorArtefact : FlowTraits.None);
            }

            rows.Accept(chunk);
        }

        rows.Settle();
        var note = Assert.Single(analysis.Finish(rows).Notes, note => note.Contains("artefact", StringComparison.Ordinal));
        Assert.Contains("10.0.5.249", note, StringComparison.Ordinal);
        Assert.Contains("10.1.5.249", note, StringComparison.Ordinal);
        Assert.Contains("10.2.5.249", note, StringComparison.Ordinal);
    }

    private static IFlowConsumer WholeTablesConsumer(out Traffic.Investigations.IAnalysis analysis) =>
        analysis = Investigating.Begin("summarize_network_traffic", WholeTables.Settings);

    private static void Add(FlowSet rows, FlowChunk chunk, string source, long bytes, FlowTraits traits)
    {
        Assert.True(NetAddress.TryParse(source, out var from));
        Assert.True(NetAddress.TryParse("10.255.0.1", out var to));
        var i = chunk.Count++;
        chunk.SetStart(i, 0);
        chunk.Duration[i] = 1;
        chunk.Source[i] = rows.Hosts.GetOrAdd(from, HostTable.NoDid);
        chunk.Destination[i] = rows.Hosts.GetOrAdd(to, HostTable.NoDid);
        chunk.SourcePort[i] = chunk.DestinationPort[i] = 1;
        chunk.Protocol[i] = chunk.ApplicationProtocol[i] = 0;
        chunk.Traits[i] = traits;
        chunk.Bytes[i] = bytes;
        chunk.SetBytesOut(i, bytes);
        chunk.Packets[i] = 1;
    }

    private static string Flow(int device, long bytes, long packets = 3, long? at = null) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"sourcedevice":{"ip":"10.0.0.{{device}}"},"destinationdevice":{"ip":"203.0.113.1"},"protocol":"tcp","destinationport":443,"""
        + $$""" "bytes":{{bytes}},"packets":{{packets}},"starttime":{{at ?? RowInvestigator.End - 600_000}},"flags":["established"]}""");

    private static string Record(int device, long bytes) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"source_ip":"10.0.0.{{device}}","dest_ip":"203.0.113.1","source_port":50000,"dest_port":443,"proto":"tcp","""
        + $$""" "conn_state":"SF","orig_bytes":{{bytes}},"resp_bytes":0,"orig_pkts":3,"resp_pkts":2000000,"""
        + $$""" "ts":{{(RowInvestigator.End - 600_000) / 1000}}}""");
}
