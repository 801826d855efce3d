using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Support;

namespace DtMcp.Tests.Requests;

public class NetworkRequestTests
{
    private static readonly TimeWindow Hour = new(1768464000000, 1768467600000);

    [Fact]
    public void All_filters_go_out_in_order()
    {
        var asked = NetworkRequest.Build(new NetworkQuery
        {
            Did = -6,
            Ip = TextAddress.Of("192.0.2.7"),
            ViewSubnet = 12,
            Metric = "datatransfervolume",
            IntExt = TrafficSide.External,
            Protocol = "TCP",
            ApplicationProtocol = "HTTPS",
            Port = 443,
            SourcePort = 0,
            DestinationPort = 65535,
            FullDeviceDetails = true,
            ResponseData = "statistics",
            Window = Hour,
        });

        Assert.Equal(
            "did=-6&ip=192.0.2.7&viewsubnet=12&fulldevicedetails=true&intext=external&metric=datatransfervolume&protocol=TCP"
            + "&applicationprotocol=HTTPS&port=443&sourceport=0&destinationport=65535&responsedata=statistics"
            + "&starttime=1768464000000&endtime=1768467600000",
            string.Join('&', asked.Parameters.Select(static parameter => $"{parameter.Key}={parameter.Value}")));
    }

    [Fact]
    public void A_bare_question_has_no_parameters() => Assert.Empty(NetworkRequest.Build(new NetworkQuery()).Parameters);

    [Fact]
    public void A_window_goes_out_as_text_where_it_has_whole_seconds()
    {
        var text = NetworkRequest.Build(new NetworkQuery { Window = Hour, WindowAsText = true });
        var fraction = NetworkRequest.Build(new NetworkQuery
        {
            Window = new TimeWindow(Hour.StartMs + 1, Hour.EndMs),
            WindowAsText = true,
        });

        Assert.Equal([new Parameter("from", "2026-01-15 08:00:00"), new Parameter("to", "2026-01-15 09:00:00")], text.Parameters);
        Assert.Equal(["starttime", "endtime"], fraction.Parameters.Select(static parameter => parameter.Key));
    }

    public static TheoryData<string, NetworkQuery> Unusable => new()
    {
        { "metric", new NetworkQuery { Metric = "a,b" } },
        { "metric", new NetworkQuery { Metric = " " } },
        { "protocol", new NetworkQuery { Protocol = "T\nCP" } },
        { "applicationprotocol", new NetworkQuery { ApplicationProtocol = "" } },
        { "port", new NetworkQuery { Port = 65536 } },
        { "sourceport", new NetworkQuery { SourcePort = -1 } },
        { "destinationport", new NetworkQuery { DestinationPort = 70000 } },
        { "responsedata", new NetworkQuery { ResponseData = "statistcs" } },
        { "starttime", new NetworkQuery { Window = new TimeWindow(-1, 5) } },
        { "endtime", new NetworkQuery { Window = new TimeWindow(0, long.MaxValue) } },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void An_unusable_filter_is_refused_by_name(string name, NetworkQuery query)
    {
        var error = Assert.Throws<ApplianceException>(() => NetworkRequest.Build(query));

        Assert.Equal("invalid_argument", error.Code);
        Assert.StartsWith($"The argument {name} ", error.Happened, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy);
    }
}
