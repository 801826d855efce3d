using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Questions.Conditions;

namespace DtMcp.Tests.Investigations.Leads;

public sealed class NextCallsTests
{
    private static readonly AnalysisSettings Asked = new()
    {
        Window = new TimeWindow(1_000, 2_000),
        Filters = new NetworkQuery { Did = 12, IntExt = TrafficSide.External, Protocol = "tcp", Port = 443, SourcePort = 5_000 },
        FocusDid = 12,
        Conditions = new RowConditions { Country = "United States", MinBytes = 10 },
    };

    [Fact]
    public void A_next_call_repeats_the_filters_that_its_tool_takes()
    {
        Assert.Equal(
            "summarize_network_traffic did=12 intext=external protocol=tcp port=443 from=1970-01-01T00:00:01Z to=1970-01-01T00:00:02Z",
            NextCalls.Of(Asked, "summarize_network_traffic"));
        Assert.Equal(
            "hunt_traffic did=12 protocol=tcp port=443 from=1970-01-01T00:00:01Z to=1970-01-01T00:00:02Z",
            NextCalls.Of(Asked, "hunt_traffic"));
        Assert.Equal(
            "describe_endpoint ip=203.0.113.9 from=1970-01-01T00:00:01Z to=1970-01-01T00:00:02Z",
            NextCalls.Of(Asked, "describe_endpoint", "ip=203.0.113.9"));
        Assert.Equal(
            "get_network_traffic peer=203.0.113.9 did=12 intext=external protocol=tcp port=443 sourceport=5000 country=\"United States\" " +
            "min_bytes=10 from=1970-01-01T00:00:01Z to=1970-01-01T00:00:02Z",
            NextCalls.Of(Asked, "get_network_traffic", "peer=203.0.113.9"));
    }

    [Fact]
    public void A_call_that_names_a_device_asks_of_no_other()
    {
        Assert.Equal(
            "analyze_device_activity did=13 intext=external protocol=tcp port=443 from=1970-01-01T00:00:01Z to=1970-01-01T00:00:02Z",
            NextCalls.Of(Asked, "analyze_device_activity", "did=13"));
    }

    [Fact]
    public void A_call_that_names_the_far_end_keeps_the_device_asked_about()
    {
        var byAddress = Asked with { FocusDid = null, Filters = new NetworkQuery { Ip = Address("10.0.0.7") } };
        Assert.Contains("ip=203.0.113.9 did=12 ", NextCalls.Of(Asked, "get_network_traffic", "ip=203.0.113.9"), StringComparison.Ordinal);
        Assert.Contains("ip=203.0.113.9 peer=10.0.0.7 ", NextCalls.Of(byAddress, "get_network_traffic", "ip=203.0.113.9"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_about_the_very_device_asked_about_has_no_other_end()
    {
        var byAddress = Asked with { FocusDid = null, Filters = new NetworkQuery { Ip = Address("10.0.0.7") } };
        var pair = byAddress with
        {
            Conditions = new RowConditions { Peer = Range("203.0.113.9/32") },
        };

        Assert.DoesNotContain("peer=", NextCalls.Of(byAddress, "aggregate_traffic", "by=hour", "ip=10.0.0.7"), StringComparison.Ordinal);
        Assert.Contains(
            "ip=10.0.0.7 peer=203.0.113.9 ", NextCalls.Of(pair, "aggregate_traffic", "by=hour", "ip=10.0.0.7"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 24, "by=hour limit=25 ")]
    [InlineData(0.5, 1, "by=hour limit=2 ")]
    [InlineData(0, 168, "by=interval interval=1d limit=8 ")]
    public void A_course_has_each_hour_or_of_more_than_two_days_each_day(double from, double hours, string expected)
    {
        var start = (long)(from * 3_600_000);
        var settings = Asked with { Window = new TimeWindow(start, start + (long)(hours * 3_600_000)), Conditions = RowConditions.None };

        Assert.StartsWith("aggregate_traffic " + expected, NextCalls.Course(settings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_hour_that_holds_three_times_a_usual_one_is_looked_at()
    {
        var settings = Asked with { Window = new TimeWindow(1_800_000, 4 * 3_600_000) };
        long[] even = [10, 20, 30, 20], odd = [61, 20, 10, 20], last = [10, 20, 20, 99];

        Assert.Empty(NextCalls.Peak(settings, Hours(even), "hours", "bytes"));
        Assert.Contains("from=1970-01-01T00:30:00Z to=1970-01-01T00:59:59.999Z",
            Assert.Single(NextCalls.Peak(settings, Hours(odd), "hours", "bytes")), StringComparison.Ordinal);
        Assert.Contains("from=1970-01-01T03:00:00Z to=1970-01-01T03:59:59.999Z",
            Assert.Single(NextCalls.Peak(settings, Hours(last), "hours", "bytes")), StringComparison.Ordinal);
    }

    private static Findings Hours(long[] bytes) => new()
    {
        Totals = [],
        Tables =
        [
            new Table
            {
                Name = "hours",
                Of = bytes.Length,
                Columns = ["hour", "bytes"],
                Rows = [.. bytes.Select((sum, hour) => (IReadOnlyList<Cell>)[Cell.Step(hour * 3_600_000L), Cell.Of(sum)])],
            },
        ],
    };

    [Fact]
    public void A_subnet_stays_unless_a_device_is_named()
    {
        var settings = Asked with { FocusDid = null, Filters = new NetworkQuery(), Subnet = Range("10.0.0.0/24") };
        Assert.Contains(" subnet=10.0.0.0/24 ", NextCalls.Of(settings, "hunt_traffic"), StringComparison.Ordinal);
        Assert.DoesNotContain("subnet", NextCalls.Of(settings, "analyze_device_activity", "did=1"), StringComparison.Ordinal);
    }

    private static NetAddress Address(string text) => NetAddress.TryParse(text, out var address) ? address : default;

    private static AddressRange Range(string text) => AddressRange.TryParse(text, out var range) ? range : throw new FormatException(text);
}
