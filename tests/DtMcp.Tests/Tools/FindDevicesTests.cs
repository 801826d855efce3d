namespace DtMcp.Tests.Tools;

public sealed class FindDevicesTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "find_devices";

    protected override string Arguments => """{"limit":2,"query":"fin"}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{}""", "query"),
        ("""{"query":"fin","last":"1h"}""", "last"),
        ("""{"query":{"text":"fin"}}""", "query"),
    ];

    protected override (string Name, string Code) Fault => ("not-found", "not_available");
}
