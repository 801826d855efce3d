namespace DtMcp.Tests.Tools;

public sealed class DescribeEndpointTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "describe_endpoint";

    protected override string Arguments => """{"ip":"203.0.113.76","limit":5}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{}""", "The question needs ip or peer."),
        ("""{"ip":"203.0.113.68","peer":"203.0.113.68"}""", "ip and peer are both given."),
        ("""{"ip":"10.20.10.20"}""", "Call analyze_device_activity ip=10.20.10.20."),
        ("""{"peer":"203.0.113.0/24"}""", "one host is described"),
    ];

    protected override (string Name, string Code) Fault => ("date", "clock_skew");
}
