using DtMcp.Darktrace.Requests;
using DtMcp.Tests.Support;
using DtMcp.Traffic.Questions;
using static DtMcp.Tests.Tools.ToolCalls;

namespace DtMcp.Tests.Tools.Arguments;

public class ToolArgumentsTests
{
    [Theory]
    [InlineData("""{"port":443}""")]
    [InlineData("""{"port":"443"}""")]
    [InlineData("""{"port":443.0}""")]
    [InlineData("""{"port":" 443 "}""")]
    [InlineData("""{"port":4.43e2}""")]
    [InlineData("""{"port":[443]}""")]
    [InlineData("""{"port":["443"]}""")]
    public void A_port_is_taken_in_every_form_that_can_be_meant(string json) =>
        Assert.Equal(443, Ask("get_network_traffic", json).Filters.Port);

    [Theory]
    [InlineData("""{"refresh":true}""", true)]
    [InlineData("""{"refresh":"true"}""", true)]
    [InlineData("""{"refresh":"TRUE"}""", true)]
    [InlineData("""{"refresh":1}""", true)]
    [InlineData("""{"refresh":"no"}""", false)]
    public void A_flag_is_taken_in_every_form_that_can_be_meant(string json, bool expected) =>
        Assert.Equal(expected, Ask("get_network_traffic", json).Refresh);

    [Theory]
    [InlineData("""{"port":null,"protocol":"","hostname":"  ","ip":[],"refresh":null}""")]
    [InlineData("{}")]
    public void Null_empty_text_and_empty_list_are_absent(string json)
    {
        var question = Ask("get_network_traffic", json);
        Assert.Null(question.Filters.Port);
        Assert.Null(question.Filters.Protocol);
        Assert.Null(question.Filters.Ip);
        Assert.Null(question.Hostname);
    }

    [Fact]
    public void Words_of_a_fixed_set_are_taken_in_any_case()
    {
        var question = Ask("get_network_traffic", """{"intext":"External","format":"JSON","detail":"Full","sort":"-Bytes"}""");
        Assert.Equal(TrafficSide.External, question.Filters.IntExt);
        Assert.Equal(AnswerFormat.Json, question.Format);
        Assert.Equal(Detail.Full, question.Detail);
        Assert.Equal(new RowSort(SortColumn.Bytes, IsReversed: true), question.Sort);
    }

    [Fact]
    public void Every_filter_of_the_endpoint_reaches_the_question()
    {
        var question = Ask("get_network_traffic", """
            {"applicationprotocol":"DNS","destinationport":53,"did":-4,"fulldevicedetails":true,"intext":"internal","ip":"10.0.0.1",
             "metric":"connections","port":1,
             "protocol":"UDP","sourceport":2,"viewsubnet":9,"responsedata":"devices","starttime":1768460400000,"endtime":1768464000000,
              "limit":7,"cursor":"abc"}
            """);
        var filters = question.Filters;
        Assert.Equal(("DNS", 53, -4L, true, TrafficSide.Internal, TextAddress.Of("10.0.0.1")),
            (filters.ApplicationProtocol!, filters.DestinationPort!.Value, filters.Did!.Value, filters.FullDeviceDetails!.Value,
                filters.IntExt!.Value, filters.Ip!.Value));
        Assert.Equal(("connections", 1, "UDP", 2, 9L, "devices"),
            (filters.Metric!, filters.Port!.Value, filters.Protocol!, filters.SourcePort!.Value, filters.ViewSubnet!.Value,
                filters.ResponseData!));
        Assert.Equal((1768460400000, 1768464000000, false), (question.Window.StartMs, question.Window.EndMs, question.IsRelative));
        Assert.Equal((7, "abc"), (question.Limit!.Value, question.Cursor!));
    }

    [Theory]
    [InlineData("get_network_traffic", """{"prot":"TCP"}""", "Did you mean port?", "It takes last, from")]
    [InlineData("get_network_traffic", """{"application_protocol":"DNS"}""", "Did you mean applicationprotocol?", "")]
    [InlineData("get_network_traffic", """{"src_port":1}""", "no argument \"src_port\"", "Did you mean sourceport?")]
    [InlineData("get_network_traffic", """{"zzzzzzzz":1}""", "no argument \"zzzzzzzz\". It takes", "")]
    [InlineData("get_network_traffic", """{"port":70000}""", "port is \"70000\"", "0 to 65535")]
    [InlineData("get_network_traffic", """{"port":-1}""", "port", "0 to 65535")]
    [InlineData("get_network_traffic", """{"port":443.5}""", "port", "0 to 65535")]
    [InlineData("get_network_traffic", """{"port":[1,2]}""", "list of 2", "one value")]
    [InlineData("get_network_traffic", """{"port":{"a":1}}""", "object", "0 to 65535")]
    [InlineData("get_network_traffic", """{"port":true}""", "port is \"true\"", "0 to 65535")]
    [InlineData("get_network_traffic", """{"did":99999999999999999999}""", "did", "whole number")]
    [InlineData("get_network_traffic", """{"limit":0}""", "limit", "1 to 1000000")]
    [InlineData("get_network_traffic", """{"intext":"extern"}""", "Did you mean external?", "internal or external")]
    [InlineData("get_network_traffic", """{"ip":"10.0.0"}""", "ip is \"10.0.0\"", "IPv4 or IPv6")]
    [InlineData("get_network_traffic", """{"subnet":"10.0.0.0/99"}""", "subnet", "192.168.1.0/24")]
    [InlineData("get_network_traffic", """{"hostname":"a","did":1}""", "hostname and did", "one of them")]
    [InlineData("get_network_traffic", """{"protocol":"T\u0000CP"}""", "protocol is \"T\\u0000CP\"", "without control characters")]
    [InlineData("analyze_device_activity", "{}", "did, ip or hostname", "find_devices")]
    [InlineData("analyze_subnet", "{}", "subnet or viewsubnet", "list_filter_values")]
    [InlineData("find_devices", "{}", "query is missing", "")]
    [InlineData("list_filter_values", """{"kind":"metric"}""", "Did you mean metrics?",
        "protocols, applicationprotocols, metrics or subnets")]
    [InlineData("hunt_traffic", """{"kind":"beacons"}""", "Did you mean beacon?", "long_connections")]
    public void What_cannot_be_meant_is_refused_with_what_is_allowed(string tool, string json, string happened, string remedy)
    {
        var message = Refused(tool, json);
        Assert.Contains(happened, message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("find_devices", """{"query":"printer"}""", "query", "printer")]
    [InlineData("list_filter_values", """{"kind":"METRICS","query":"dns"}""", "kind", "metrics")]
    [InlineData("hunt_traffic", """{"kind":"scan"}""", "kind", "scan")]
    [InlineData("hunt_traffic", "{}", "kind", "all")]
    [InlineData("compare_traffic", "{}", "against", "before")]
    [InlineData("compare_traffic", """{"against":"week"}""", "against", "week")]
    public void A_tools_own_arguments_go_into_its_investigation(string tool, string json, string name, string value) =>
        Assert.Contains((name, value), Ask(tool, json).Investigation.Arguments);

    [Fact]
    public void A_long_value_is_repeated_shortened_and_without_invisible_characters()
    {
        var message = Refused("get_network_traffic", $$"""{"intext":"{{new string('x', 500)}}"}""");
        Assert.InRange(message.Length, 1, 200);
        Assert.Contains("\"a\\u202Eb\"", Refused("get_network_traffic", """{"intext":"a\u202eb"}"""), StringComparison.Ordinal);
    }
}
