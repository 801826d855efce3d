namespace DtMcp.Tests.Tools;

public sealed class AnalyzeProtocolsAndPortsTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "analyze_protocols_and_ports";

    protected override string Arguments => """{"limit":3}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{"port":70000}""", "port"),
        ("""{"protocol":["tcp","udp"]}""", "It takes one value: ask once for each."),
        ("""{"detail":"all"}""", "detail"),
    ];

    protected override (string Name, string Code) Fault => ("login-page", "permission_denied");
}
