using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;

namespace DtMcp.Tests.Reading.Network;

public class NetworkReaderTests
{
    public const string Seed = """
        {"traffic":[{"sourcedevice":{"did":123,"ip":"192.168.1.100","hostname":"workstation-01","devicelabel":"Employee"},
        "destinationdevice":{"did":456,"ip":"10.0.1.50","hostname":"server-01","tags":["a","b"],"os":"Windows 10","devicetype":"desktop",
         "firstseen":1705233600000},
        "protocol":"tcp","sourceport":54321,"destinationport":3306,"applicationprotocol":"mysql","bytes":1048576,"packets":768,
        "duration":300,"starttime":1705320000000,"endtime":1705320300000,"direction":"internal","flags":["established","ack"]},
        {"sourcedevice":{"ip":"2001:db8::1"},"destinationdevice":{"ip":"cdn.example.net"},"bytes":-5,"sourceport":"443",
        "destinationport":70000,"duration":0.25,"endtime":1705320000250,"direction":"external","flags":["failed"],
        "new":{"x":[1,{"y":null}]}}],
        "summary":{"totalconnections":2,"totalbytes":1}}
        """;

    [Fact]
    public async Task Connections_become_columns()
    {
        var (answer, flows) = await Bodies.ReadAsync(Seed);

        Assert.Equal(NetworkAnswerKind.Flows, answer.Kind);
        Assert.Equal(2, answer.Rows);
        Assert.Equal(2, answer.ReportedConnections);
        Assert.Equal(2, answer.InvalidValues);
        var c = Assert.Single(flows.Chunks);
        Assert.Equal((1705320000000, 300_000), (c.Start(0), c.Duration[0]));
        Assert.Equal((1705320000000, 250), (c.Start(1), c.Duration[1]));
        Assert.Equal([54321, 443], c.SourcePort[..2].Select(p => (int)p));
        Assert.Equal([3306, 0], c.DestinationPort[..2].Select(p => (int)p));
        Assert.Equal([1048576, 0], c.Bytes[..2]);
        Assert.Equal([FlowTraits.MarkedInternal | FlowTraits.Established, FlowTraits.MarkedExternal | FlowTraits.Failed], c.Traits[..2]);
        Assert.Equal("cdn.example.net", flows.Hosts.Name(c.Destination[1]));
        Assert.Equal("2001:db8::1", flows.Hosts.Name(c.Source[1]));
        var details = flows.Hosts.Details(c.Destination[0])!;
        Assert.Equal(("server-01", "Windows 10", "desktop", 1705233600000),
            (details.Hostname, details.Os, details.Type, details.FirstSeen));
        Assert.Equal(["a", "b"], details.Tags!);
        Assert.Equal(456, flows.Hosts.Did(c.Destination[0]));
    }

    [Fact]
    public async Task A_restricted_answer_leaves_columns_unknown()
    {
        var (answer, flows) = await Bodies.ReadAsync("""{"traffic":[{"bytes":1048576,"packets":768},{"bytes":1}]}""");

        Assert.Equal(2, answer.Rows);
        Assert.Equal(FlowFields.Bytes | FlowFields.Packets, flows.Seen);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[{}]")]
    [InlineData("[]")]
    [InlineData("{\"unknown\":{\"traffic\":[{}]}}")]
    public async Task Nothing_known_is_empty(string json) =>
        Assert.Equal(NetworkAnswerKind.Empty, (await Bodies.ReadAsync(json)).Answer.Kind);

    [Theory]
    [InlineData("[{\"bytes\":5},{\"x\":1,\"bytes\":6}]", 2)]
    [InlineData("[{\"traffic\":[{\"bytes\":5}]}]", 1)]
    public async Task An_array_is_a_restricted_answer(string json, int rows)
    {
        var (answer, _) = await Bodies.ReadAsync(json);

        Assert.Equal((NetworkAnswerKind.Flows, (long)rows), (answer.Kind, answer.Rows));
    }

    [Fact]
    public async Task The_guides_tables_are_read_with_their_traps()
    {
        var (answer, _) = await Bodies.ReadAsync("""
            {"connections":[{"source":{"id":-6,"type":"subnet"},"target":{"id":3627731978,"ip":"192.0.2.1","type":"device"},"timems":5,
             "size":36000000,"score":18}],
             "metric":{"mlid":17,"name":"datatransfervolume","label":"Data","units":"bytes","filtertypes":["x"]},
             "statistics":[{"Views":[{"View":"All","in":false,"out":false}]},
              {"CONNECTION status":[{"Connections":"New","in":3,"out":false}]},
              {"Remote Ports":[{"rport":443,"in":1,"out":2}]},{"devices":[{"device":"dc01","ip":"192.0.2.10","in":1,"out":2}]},
              {"Subnets":[]},
              {"protocols":[{"protocol":"TCP","in":1,"out":2}]}],
             "devices":[{"did":212,"size":9,"sid":12,"ips":[{"ip":"192.0.2.39","sid":12}],"sid":82,"tags":[{"tid":1,"name":"Finance",
              "data":{"auto":false}}],"firstSeen":1735689600000},
              {"did":"213","ips":["192.0.2.40"],"size":-1,"hostname":null}],
             "externaldevices":[{"id":3325256728,"size":1e3,"name":"cdn","country":"US"}],
             "subnets":[{"sid":-6,"size":1,"label":"Internal Traffic"}]}
            """);

        var c = answer.Connectivity!;
        Assert.Equal(NetworkAnswerKind.Connectivity, answer.Kind);
        Assert.Equal(new NamedBytes("New", new InOut(3, null)), Assert.Single(c.Status!));
        Assert.Equal(new PortBytes(443, new InOut(1, 2)), Assert.Single(c.RemotePorts!));
        Assert.Null(c.LocalPorts);
        Assert.Empty(c.PeerSubnets!);
        Assert.Equal(new PeerBytes("dc01", "192.0.2.10", new InOut(1, 2)), Assert.Single(c.Peers!));
        Assert.Equal("192.0.2.39", c.Devices![0].Ip);
        Assert.Equal(82, c.Devices[0].Details.SubnetId);
        Assert.Equal(["Finance"], c.Devices[0].Details.Tags!);
        Assert.Equal(1735689600000, c.Devices[0].Details.FirstSeen);
        Assert.Equal((213, "192.0.2.40", 0), (c.Devices[1].Did, c.Devices[1].Ip, c.Devices[1].Size));
        Assert.Equal((3325256728, 1000), (c.ExternalDevices![0].Id!.Value, c.ExternalDevices[0].Size));
        Assert.Equal(-6, c.Connections![0].Source.Id);
        Assert.Equal(18, c.Connections[0].Score);
        Assert.Equal(17, c.Metric!.Mlid);
        Assert.Equal("Internal Traffic", c.Subnets![0].Label);
    }

    [Fact]
    public async Task A_metric_is_a_series()
    {
        var (answer, _) = await Bodies.ReadAsync("""
            {"data":[{"timestamp":1705320000000,"device":{"did":123,"ip":"192.168.1.100"},"bytes_in":10,"bytes_out":5,"packets_in":7,
             "connections":15}],"metric":"bandwidth"}
            """);

        var series = answer.Series!;
        Assert.Equal("bandwidth", series.Metric);
        Assert.Equal(new SeriesPoint(1705320000000, 0, 10, 5, 7, null, 15), Assert.Single(series.Points));
        Assert.Equal("192.168.1.100", series.Hosts.Name(0));
    }
}
