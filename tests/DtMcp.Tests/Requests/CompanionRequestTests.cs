using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Signing;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Requests;

public class CompanionRequestTests
{
    private static readonly TimeWindow Hour = new(1768464000000, 1768467600000);

    public static TheoryData<string, ApplianceRequest> Requests => new()
    {
        { "/enums", CompanionRequest.Enums(null) },
        { "/enums?responsedata=Application%20protocol", CompanionRequest.Enums("Application protocol") },
        { "/metrics", CompanionRequest.Metrics() },
        { "/metricdata?metric=a&did=212&interval=60&starttime=1768464000000&endtime=1768467600000",
            MetricDataRequest.Build(new MetricDataQuery
        {
            Metrics = ["a"],
            Did = 212,
            IntervalSeconds = 60,
            Window = Hour,
        }) },
        { "/metricdata?metric1=a&metric2=b", MetricDataRequest.Build(new MetricDataQuery { Metrics = ["a", "b"] }) },
        { "/devices?did=212&seensince=1hour&count=50&includetags=true", DevicesRequest.Build(new DevicesQuery
        {
            Did = 212,
            SeenSince = "1hour",
            Count = 50,
            IncludeTags = true,
        }) },
        { "/devicesearch?count=300&query=hostname%3A%22fin%2A%22&offset=300&orderBy=firstSeen&order=asc",
            DeviceSearchRequest.Build(new DeviceSearchQuery
        {
            Hostname = "fin*",
        }, 1000, 300, DeviceOrder.FirstSeen) },
        { "/subnets", CompanionRequest.Subnets(null) },
        { "/subnets?sid=-9", CompanionRequest.Subnets(-9) },
        { "/endpointdetails?ip=203.0.113.77&devices=true",
            CompanionRequest.EndpointDetails(TextAddress.Of("203.0.113.77"), null, devices: true) },
        { "/endpointdetails?hostname=c2.example.org", CompanionRequest.EndpointDetails(null, "c2.example.org", devices: false) },
        { "/details?did=212&port=443&starttime=1768464000000&endtime=1768467600000", DetailsRequest.Build(new DetailsQuery
        {
            Did = 212,
            Port = 443,
            Window = Hour,
        }) },
        {
            "/modelbreaches?did=212&starttime=1768464000000&endtime=1768467600000&minimal=true&includeacknowledged=true"
                + "&includebreachurl=true",
            CompanionRequest.ModelBreaches(Hour, 212)
        },
        { "/status?fast=true&includechildren=false", CompanionRequest.Status() },
        { "/summarystatistics", CompanionRequest.SummaryStatistics() },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_question_becomes_its_target(string target, ApplianceRequest asked)
    {
        Assert.Equal(target, Request.Target(asked));
        Assert.NotNull(Permissions.For(asked.Endpoint));
    }

    public static TheoryData<string, Action> Refused => new()
    {
        { "did", () => DetailsRequest.Build(new DetailsQuery { Window = Hour }) },
        { "count", () => DetailsRequest.Build(new DetailsQuery { Did = 1, Count = 5, Window = Hour }) },
        { "eventtype", () => DetailsRequest.Build(new DetailsQuery { Did = 1, EventType = "all" }) },
        { "ip", () => CompanionRequest.EndpointDetails(null, null, devices: false) },
        { "hostname", () => DeviceSearchRequest.Build(new DeviceSearchQuery { Hostname = "a\"b" }, 1, 0, DeviceOrder.LastSeenFirst) },
        { "metric", () => MetricDataRequest.Build(new MetricDataQuery { Metrics = [] }) },
        { "count", () => DevicesRequest.Build(new DevicesQuery { Count = 0 }) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_unusable_argument_is_refused_by_name(string name, Action build)
    {
        var error = Assert.Throws<ApplianceException>(build);

        Assert.Equal("invalid_argument", error.Code);
        Assert.StartsWith($"The argument {name} ", error.Happened, StringComparison.Ordinal);
    }
}
