namespace DtMcp.Tests.Tools;

public sealed class AnalyzeDeviceActivityTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "analyze_device_activity";

    protected override string Arguments => """{"limit":3,"did":9}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{}""", "did"),
        ("""{"did":9,"hostname":"fin-ws-01"}""", "hostname"),
        ("""{"ip":"fin-ws-01"}""", "ip"),
    ];

    protected override (string Name, string Code) Fault => ("permission", "permission_denied");
}
