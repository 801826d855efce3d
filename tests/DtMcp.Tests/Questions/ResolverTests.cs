using DtMcp.Tests.Support;
using DtMcp.Tests.Tools;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Questions;

/// <summary>What people say becomes what the appliance takes, or is refused before anything is asked of <c>/network</c>.</summary>
public sealed class ResolverTests(ToolAppliances office)
{
    private const string Known = """
        [{"did":13,"hostname":"print-01","devicelabel":"Printer, first floor","macaddress":"02:00:5e:10:00:01","ip":"192.0.2.13",
          "ips":[{"ip":"192.0.2.13","timems":1768467600000}]},
         {"did":14,"hostname":"print-02","ip":"192.0.2.14","ips":[{"ip":"192.0.2.14","timems":1768467600000}]}]
        """;

    [Theory]
    [InlineData("fin-ws-01")]
    [InlineData("FIN-WS-01")]
    [InlineData("Finance workstation 1")]
    [InlineData("02:00:5e:64:2a:7c")]
    [InlineData("10.20.10.20")]
    [InlineData("fin-ws")]
    public async Task A_device_is_found_by_name_label_mac_address_or_a_part_that_fits_it_alone(string name)
    {
        var (text, isError) = await office.CallAsync("analyze_device_activity", $$"""{"hostname":"{{name}}","limit":1}""");

        Assert.False(isError, text);
        Assert.Contains("device: did 9, ip 10.20.10.20, hostname fin-ws-01,", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("print", "hostname: 2 devices match \"print\": did 13 \"print-01\" 192.0.2.13; did 14 \"print-02\" 192.0.2.14.")]
    [InlineData("scanner", "hostname: the appliance knows no device called \"scanner\".")]
    public async Task A_name_that_is_no_one_devices_is_refused_and_network_is_not_asked(string name, string says)
    {
        await using var appliance = new StandIn(new FakeTimeProvider(Clients.Now)).On("/devicesearch", target =>
            target.Contains("print", StringComparison.Ordinal)
                ? $$"""{"totalCount":2,"devices":{{Known}}}"""
                : """{"totalCount":0,"devices":[]}""");

        await RefusesAsync(appliance, "analyze_device_activity", $$"""{"hostname":"{{name}}"}""", says);
    }

    [Fact]
    public async Task A_whole_name_wins_over_others_that_hold_it()
    {
        await using var appliance = new StandIn(new FakeTimeProvider(Clients.Now)).On("/devicesearch",
            $$"""{"totalCount":2,"devices":{{Known.Replace("print-02", "print-01-old", StringComparison.Ordinal)}}}""");

        var (text, _) = await AskAsync(appliance, "analyze_device_activity", """{"hostname":"print-01"}""");

        Assert.Contains("device: did 13, ip 192.0.2.13, hostname print-01,", text, StringComparison.Ordinal);
        Assert.Contains(appliance.Asked, target => target.StartsWith("/network?did=13&", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_and_an_address_inside_are_one_device_too_many()
    {
        await using var appliance = new StandIn(new FakeTimeProvider(Clients.Now));

        await RefusesAsync(appliance, "get_network_traffic", """{"hostname":"print-01","ip":"10.0.0.5"}""",
            "hostname and ip both mean a device: 10.0.0.5 is inside.");
        Assert.Empty(appliance.Asked);
    }

    [Theory]
    [InlineData("applicationprotocol", "HTTPZ", "the appliance knows no single \"HTTPZ\". Nearest: HTTP")]
    [InlineData("protocol", "TPC", "the appliance knows no single \"TPC\". Nearest: TCP")]
    [InlineData("metric", "datatransfervolum", "the appliance knows no single \"datatransfervolum\". Nearest: datatransfervolume")]
    [InlineData("viewsubnet", "Attic", "the appliance knows no single \"Attic\". Nearest: ")]
    public async Task A_value_that_the_appliance_does_not_know_is_refused_with_the_nearest(string parameter, string value, string says)
    {
        var (text, isError) = await office.CallAsync("get_network_traffic", $$"""{"{{parameter}}":"{{value}}"}""");

        Assert.True(isError, text);
        Assert.StartsWith($"invalid_argument: {parameter}: {says}", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("protocol", "6", "protocol=TCP")]
    [InlineData("protocol", "tcp", "protocol=tcp")]
    [InlineData("applicationprotocol", "1004", "applicationprotocol=DNS")]
    public async Task A_code_becomes_the_name_and_a_name_stays_as_it_was_written(string parameter, string value, string asked)
    {
        await using var appliance = new StandIn(new FakeTimeProvider(Clients.Now)).On("/enums",
            """{"Protocol":[{"code":"6","name":"TCP"}],"Application protocol":[{"code":"1004","name":"DNS"}]}""");

        var (text, isError) = await AskAsync(appliance, "summarize_external_traffic", $$"""{"{{parameter}}":"{{value}}"}""");

        Assert.False(isError, text);
        Assert.Contains(appliance.Asked, target => target.StartsWith("/network", StringComparison.Ordinal)
            && target.Contains(asked, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_lists_cannot_be_had_the_value_goes_as_it_is_and_the_answer_says_so()
    {
        await using var appliance = new StandIn(new FakeTimeProvider(Clients.Now)).Fails("/enums", "403 Forbidden");

        var (text, isError) = await AskAsync(appliance, "summarize_external_traffic", """{"protocol":"TPC"}""");

        Assert.False(isError, text);
        Assert.Contains("protocol could not be checked against the appliance's list:", text, StringComparison.Ordinal);
        Assert.Contains(appliance.Asked, target => target.StartsWith("/network", StringComparison.Ordinal)
            && target.Contains("protocol=TPC", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_subnet_by_its_label_its_sid_and_its_range_is_the_same_subnet()
    {
        List<string> answers = [];
        foreach (var subnet in new[] { "\"viewsubnet\":\"Office 1\"", "\"viewsubnet\":2", "\"subnet\":\"10.20.10.0/24\"" })
        {
            var (text, isError) = await office.CallAsync("analyze_subnet", $$"""{ {{subnet}},"limit":3}""");
            Assert.False(isError, text);
            answers.Add(text[text.IndexOf("totals:", StringComparison.Ordinal)..text.IndexOf("next:", StringComparison.Ordinal)]);
        }

        Assert.Contains("totals: devices 5, connections 594,", answers[0], StringComparison.Ordinal);
        Assert.Single(answers.Distinct());
    }

    [Theory]
    [InlineData("""{"viewsubnet":"99"}""", "viewsubnet: the appliance tells no range of a subnet 99.")]
    [InlineData("""{"subnet":"10.99.0.0/16","responsedata":"devices"}""", "subnet: the appliance has no subnet 10.99.0.0/16,")]
    public async Task A_subnet_that_the_appliance_cannot_select_is_refused(string arguments, string says)
    {
        var (text, isError) = await office.CallAsync("get_network_traffic", arguments);

        Assert.True(isError, text);
        Assert.StartsWith($"invalid_argument: {says}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_device_by_its_id_is_asked_for_all_the_same()
    {
        await using var appliance = new StandIn(new FakeTimeProvider(Clients.Now)).On("/devices", "[]");

        var (text, isError) = await AskAsync(appliance, "analyze_device_activity", """{"did":99}""");

        Assert.False(isError, text);
        Assert.Contains("did=99", text, StringComparison.Ordinal);
        Assert.Contains(appliance.Asked, target => target.StartsWith("/network?did=99&", StringComparison.Ordinal));
    }

    private static Task<(string Text, bool IsError)> AskAsync(StandIn appliance, string tool, string arguments) =>
        ToolAppliances.CallAsync(appliance.Client, new FakeTimeProvider(Clients.Now), tool, arguments);

    private static async Task RefusesAsync(StandIn appliance, string tool, string arguments, string says)
    {
        var (text, isError) = await AskAsync(appliance, tool, arguments);

        Assert.True(isError, text);
        Assert.StartsWith($"invalid_argument: {says}", text, StringComparison.Ordinal);
        Assert.Equal(0, appliance.Times("/network"));
    }
}
