using System.Globalization;
using DtMcp.Darktrace.Requests;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Issues;

/// <summary>Which device an address is: the one that has it, not one that had it once; wherever the appliance tells of it.</summary>
public sealed class DeviceAddresses_11
{
    private const string Outside = "203.0.113.5";

    private static readonly DateTimeOffset End = Clients.Now;

    [Fact]
    public async Task A_device_that_left_an_address_before_the_window_gets_nothing_of_it()
    {
        await using var appliance = Appliance(Moved(End.AddDays(-20)), ("192.0.2.13", Outside, 100), ("192.0.2.14", Outside, 7000));

        var device = await appliance.AskAsync("analyze_device_activity", End, new NetworkQuery { Did = 13 });
        var summary = await appliance.AskAsync("summarize_external_traffic", End);

        Assert.Contains("bytes_out 100", Plain(device), StringComparison.Ordinal);
        Assert.Contains("new-holder", Line(summary, "192.0.2.14"), StringComparison.Ordinal);
        Assert.DoesNotContain("moved", Line(summary, "192.0.2.14"), StringComparison.Ordinal);
        Assert.DoesNotContain("in this window", summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_changed_hands_within_the_window_is_its_present_holders_and_that_is_noted()
    {
        await using var appliance = Appliance(Moved(End.AddMinutes(-30)), ("192.0.2.13", Outside, 100), ("192.0.2.14", Outside, 7000));

        var device = await appliance.AskAsync("analyze_device_activity", End, new NetworkQuery { Did = 13 });
        var summary = await appliance.AskAsync("summarize_external_traffic", End);

        Assert.Contains("bytes_out 100", Plain(device), StringComparison.Ordinal);
        Assert.Contains("new-holder", Line(summary, "192.0.2.14"), StringComparison.Ordinal);
        Assert.Contains(
            "192.0.2.14: all rows count for did 14 \"new-holder\", which has it now; earlier in this window it was that of did 13 " +
            "\"moved\"", summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_a_device_left_within_the_window_and_nobody_took_is_still_its_own()
    {
        var left =
            $$"""[{"did":13,"hostname":"moved","ip":"192.0.2.13","ips":[{"ip":"192.0.2.13","timems":{{Ms(End)}}},"""
            + $$"""{"ip":"192.0.2.14","timems":{{Ms(End.AddMinutes(-90))}}}]}]""";
        await using var appliance = Appliance(left, ("192.0.2.13", Outside, 100), ("192.0.2.14", Outside, 7000));

        // Told in whole hours: seen last at 07:30 may be 08:29.
        Assert.Contains("bytes_out 7100", Plain(await appliance.AskAsync("analyze_device_activity", End, new NetworkQuery { Did = 13 })),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"did":540,"sid":-11,"hostname":"lap-1","interfaces":[{"mac":"02:00:5e:10:00:01","vendor":"","ips":"""
        + """[{"ip":"192.0.2.77","sid":-11,"time":1768467000}]},{"mac":"02:00:5e:10:00:02","ips":"""
        + """[{"ip":"192.0.2.78","time":1768466900}]}]}""")]
    [InlineData(
        """{"did":540,"sid":-6,"hostname":"lap-1","vdihost":[{"type":"vdi","ips":[{"ip":"192.0.2.77","time":1768466000}]},"""
        + """{"ips":[{"ip":"192.0.2.78","time":1768466900}]}]}""")]
    [InlineData("""{"did":540,"hostname":"lap-1","ips":["192.0.2.77","192.0.2.78"]}""")]
    public async Task Client_sensors_and_virtual_desktops_are_found_by_the_addresses_of_their_interfaces(string device)
    {
        await using var appliance = Appliance($"[{device}]", ("192.0.2.77", Outside, 100), ("192.0.2.78", Outside, 7000),
            ("192.0.2.79", Outside, 5));

        var answer = await appliance.AskAsync("analyze_device_activity", End, new NetworkQuery { Did = 540 });

        Assert.Contains("bytes_out 7100", Plain(answer), StringComparison.Ordinal);
        Assert.Contains("lap-1", Line(await appliance.AskAsync("summarize_external_traffic", End), "192.0.2.77"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""[{"did":13,"sid":-9,"hostname":"SaaS::Example: person"}]""")]
    public async Task A_device_without_an_address_is_told_as_such_and_not_as_a_permission_that_is_missing(string devices)
    {
        await using var appliance = Appliance(devices, ("192.0.2.13", Outside, 100));

        foreach (var tool in new[] { "analyze_device_activity", "hunt_traffic" })
        {
            var answer = await appliance.AskAsync(tool, End, new NetworkQuery { Did = 13 });

            Assert.Contains("the appliance tells none that device 13 had in this window", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("ermission", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_subnet_without_a_known_range_is_not_answered_with_the_records_of_all()
    {
        await using var appliance = Appliance("[]", ("192.0.2.13", Outside, 100));
        appliance.Fails("/subnets", "400 Bad Request");

        var answer = await appliance.AskAsync("analyze_subnet", End, new NetworkQuery { ViewSubnet = 12 });

        Assert.Contains("the appliance tells no range of subnet 12", answer, StringComparison.Ordinal);
        Assert.Equal(0, appliance.Times("/advancedsearch"));
    }

    [Fact]
    public async Task An_address_that_two_masters_list_names_all_its_holders()
    {
        const string Two =
            """[{"did":6000000000212,"ip":"192.0.2.39","hostname":"site-a"},{"did":7000000000034,"ip":"192.0.2.39","hostname":"site-b"}]""";
        await using var appliance = Appliance(Two, ("192.0.2.39", Outside, 100));

        var answer = await appliance.AskAsync("analyze_device_activity", End, new NetworkQuery { Ip = TextAddress.Of("192.0.2.39") });

        Assert.Contains(
            "192.0.2.39 is the address of 2 devices: did 6000000000212 \"site-a\" 192.0.2.39; did 7000000000034 \"site-b\" 192.0.2.39.",
            answer, StringComparison.Ordinal);
        Assert.Contains("bytes_out 100",
            Plain(await appliance.AskAsync("analyze_device_activity", End, new NetworkQuery { Did = 7000000000034 })),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_device_that_two_masters_see_is_one()
    {
        const string Twice = """
            [{"did":6000000000212,"objecttype":"device","ip":"192.0.2.39","hostname":"site-a",
             "deduplicated_ids":[6000000000212,7000000000034]},
             {"did":7000000000034,"ip":"192.0.2.39","hostname":"site-a","deduplicated_ids":[6000000000212,7000000000034]}]
            """;
        await using var appliance = Appliance(Twice, ("192.0.2.39", Outside, 100));
        appliance.On("/devicesearch", $$"""{"totalCount":2,"devices":{{Twice}}}""");

        var byAddress = await appliance.AskAsync("analyze_device_activity", End, new NetworkQuery { Ip = TextAddress.Of("192.0.2.39") });
        var byName = await appliance.AskAsync("analyze_device_activity", End, more: question => question with { Hostname = "site-a" });

        Assert.Contains("site-a", byAddress, StringComparison.Ordinal);
        Assert.DoesNotContain("2 devices", byAddress, StringComparison.Ordinal);
        Assert.Contains("bytes_out 100", Plain(byName), StringComparison.Ordinal);
    }

    private static StandIn Appliance(string devices, params (string Source, string Destination, long Bytes)[] connections)
    {
        var appliance = new StandIn(new FakeTimeProvider(End)).HasRecords(End, connections).On("/modelbreaches", "[]");
        return appliance.On("/devices",
            target =>
                target.Contains("did=13", StringComparison.Ordinal) && devices.StartsWith("[{\"did\":13,", StringComparison.Ordinal)
                    && devices.Contains("\"did\":14", StringComparison.Ordinal)
            ? devices[1..devices.IndexOf("{\"did\":14", StringComparison.Ordinal)].TrimEnd(',', ' ', '\n')
            : devices);
    }

    private static string Moved(DateTimeOffset left) => $$"""
        [{"did":13,"hostname":"moved","ip":"192.0.2.13","ips":[{"ip":"192.0.2.13","timems":{{Ms(End)}},"sid":12},
         {"ip":"192.0.2.14","timems":{{Ms(left)}},"time":"2025-12-26 09:00:00","sid":12}]},
         {"did":14,"hostname":"new-holder","ip":"192.0.2.14","ips":[{"ip":"192.0.2.14","timems":{{Ms(End)}},"sid":12}]}]
        """;

    private static string Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static string Plain(string answer) =>
        answer.Replace(":", " ", StringComparison.Ordinal).Replace("  ", " ", StringComparison.Ordinal);

    private static string Line(string answer, string start) =>
        answer.Split('\n').First(line => line.TrimStart().StartsWith(start, StringComparison.Ordinal));
}
