using System.Text;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Records;

namespace DtMcp.Tests.Reading.Records;

public class AdvancedSearchReaderTests
{
    public const string Page = """
        {"took":1,"timed_out":true,"hits":{"total":{"value":70},"hits":[
        {"_source":{"@fields":{"source_ip":"192.0.2.39","source_port":5,"dest_ip":"203.0.113.77","dest_port":443,"proto":"tcp",
         "service":"ssl","duration":0.5,
         "conn_state":"REJ","orig_bytes":9216,"resp_bytes":3072,"orig_pkts":10,"resp_pkts":4,"ts":1768467522.25},
          "@timestamp":"2026-01-15T08:58:42"}},
        {"_source":{"@fields":{"id.orig_h":"192.0.2.40","id.orig_p":8,"id.resp_h":"2001:db8::2","id.resp_p":0,"proto":"icmp",
         "orig_bytes":900000,"orig_pkts":2},
         "@timestamp":"2026-01-15T08:58:42"}}]}}
        """;

    [Fact]
    public async Task Records_become_columns()
    {
        var (page, flows) = await Bodies.ReadRecordsAsync(new MemoryStream(Encoding.UTF8.GetBytes(Page)));

        Assert.Equal(new RecordsPage(70, 2, true, Encoding.UTF8.GetByteCount(Page)) { ByInsertion = 1 }, page);
        var c = Assert.Single(flows.Chunks);
        Assert.Equal((1768467522250, 1768467522000), (c.Start(0), c.Start(1)));
        Assert.Equal([500, FlowChunk.Unknown], c.Duration[..2]);
        Assert.Equal([12288, 900000], c.Bytes[..2]);
        Assert.Equal([9216, 900000], c.BytesOut[..2]);
        Assert.Equal([14, 2], c.Packets[..2]);
        Assert.Equal([FlowTraits.Failed, FlowTraits.SensorArtefact], c.Traits[..2]);
        Assert.Equal([5, 0], c.SourcePort[..2].Select(p => (int)p));
        Assert.Equal("2001:db8::2", flows.Hosts.Name(c.Destination[1]));
        Assert.Equal("ssl", flows.ApplicationProtocols[c.ApplicationProtocol[0]]);
        Assert.True(flows.HasServices);
        Assert.True(flows.Seen.HasFlag(FlowFields.State | FlowFields.BytesOut | FlowFields.Start));
    }
}
