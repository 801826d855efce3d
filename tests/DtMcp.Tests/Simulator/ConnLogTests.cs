using System.IO.Compression;
using System.Text;
using DtMcp.Simulator.Records;
using DtMcp.Simulator.Records.Addresses;
using DtMcp.Simulator.Records.ConnLogs;
using DtMcp.Simulator.Setup;

namespace DtMcp.Tests.Simulator;

public sealed class ConnLogTests
{
    private const string Header = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
        + "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes"
        + "\tresp_bytes\tconn_state\torig_pkts\tresp_pkts\ttunnel_parents\n"
        + "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tcount\tcount\tset[string]\n";

    private const string Row =
        "1700000000.1234\tCabc\t10.0.0.9\t50000\t203.0.113.7\t443\ttcp\tgssapi,smb,krb\t1.5\t100\t-\tSF\t3\t2\t(empty)\n";

    private const string Json =
        """{"ts":1700000000.1234,"uid":"Cabc","id.orig_h":"10.0.0.9","id.orig_p":50000,"id.resp_h":"203.0.113.7","id.resp_p":443,"""
        + """ "proto":"tcp","service":"gssapi,smb,krb","duration":1.5,"orig_bytes":100,"resp_bytes":null,"conn_state":"SF","orig_pkts":"""
        + """3,"resp_pkts":2}""";

    [Theory]
    [InlineData(Header + Row, false)]
    [InlineData(Header + Row, true)]
    [InlineData(Json, false)]
    [InlineData(Json + "\r\n", true)]
    public void Every_form_of_a_log_gives_the_same_record(string text, bool gzip)
    {
        var records = Read(text, gzip);

        var row = Assert.Single(records.Rows);
        Assert.Equal((1_700_000_000_123, 1.5, 50_000, 443), (row.StartMs, row.DurationSeconds, row.SourcePort, row.DestinationPort));
        Assert.Equal((100, 0, 3, 2, ConnState.SF), (row.OrigBytes, row.RespBytes, row.OrigPackets, row.RespPackets, row.State));
        Assert.Equal(("tcp", "gssapi,smb,krb", "Cabc"), (records.Protocols[row.Protocol], records.Services[row.Service], records.Uid(0)));
        Assert.Equal("10.0.0.9", Assert.Single(records.Devices.All).Address.ToString());
    }

    [Fact]
    public void Icmp_has_no_ports_and_an_unset_service_is_none()
    {
        var row = Assert.Single(Read(Header + "1700000000\tC1\t10.0.0.9\t8\t10.0.0.1\t0\ticmp\t-\t-\t-\t-\tOTH\t1\t0\t-\n").Rows);

        Assert.Equal((0, 0, 0), (row.SourcePort, row.DestinationPort, row.Service));
        Assert.False(row.HasDuration);
    }

    [Theory]
    [InlineData(Header + Row + "1700000000\tC1\n", "line 9", "fields")]
    [InlineData(Header + "soon\tC1\t10.0.0.9\t8\t10.0.0.1\t0\ticmp\t-\t-\t-\t-\tOTH\t1\t0\t-\n", "line 8", "ts 'soon'")]
    [InlineData(Json + "\n{\"ts\":1", "line 2", "")]
    [InlineData("{\"ts\":1700000000,\"id.orig_h\":\"10.0.0.300\"}", "line 1", "id.orig_h '10.0.0.300'")]
    [InlineData("{\"ts\":1700000000}", "line 1", "no id.orig_h")]
    [InlineData("some,comma,separated\n", "line 1", "#fields")]
    [InlineData("#separator \\x09\n#path\tdns\n", "line 2", "dns.log")]
    public void A_bad_line_is_named(string text, string line, string why)
    {
        var error = Assert.Throws<SimulatorException>(() => Read(text));

        Assert.Contains(line + ":", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_ranges_take_the_place_of_the_private_ones_or_stand_beside_them()
    {
        Assert.False(AddressRules.From(["203.0.113.0/24"]).IsInternal(IpAddress.Parse("10.0.0.9")));
        Assert.True(AddressRules.From(["+203.0.113.0/24"]).IsInternal(IpAddress.Parse("10.0.0.9")));
        Assert.True(AddressRules.From(["+203.0.113.0/24"]).IsDevice(IpAddress.Parse("203.0.113.7")));
        Assert.True(AddressRules.From(["203.0.113.0/24"]).IsInternal(IpAddress.Parse("224.0.0.1")));
    }

    private static RecordSet Read(string text, bool gzip = false)
    {
        var stream = new MemoryStream();
        if (gzip)
        {
            using var packed = new GZipStream(stream, CompressionMode.Compress, leaveOpen: true);
            packed.Write(Encoding.UTF8.GetBytes(text));
        }
        else
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        stream.Position = 0;
        return ConnLog.Read(stream, "conn.log", AddressRules.Default, TestContext.Current.CancellationToken);
    }
}
