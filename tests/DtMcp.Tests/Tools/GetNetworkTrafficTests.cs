namespace DtMcp.Tests.Tools;

public sealed class GetNetworkTrafficTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "get_network_traffic";

    protected override string Arguments => """{"limit":3,"intext":"external"}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{"sort":"colour"}""", "sort"),
        ("""{"port":70000}""", "port"),
        ("""{"last":"1h","from":"2026-01-14 09:00:00"}""", "last"),
        ("""{"ip":"10.20.10"}""", "ip"),
        ("""{"cursor":"no cursor"}""", "cursor"),
    ];

    protected override (string Name, string Code) Fault => ("reset", "unreachable");
}
