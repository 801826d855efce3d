namespace DtMcp.Tests.Tools;

public sealed class HuntTrafficTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "hunt_traffic";

    protected override string Arguments => """{"limit":3}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{"kind":"beacons"}""", "Did you mean beacon?"),
        ("""{"intext":"external"}""", "intext"),
    ];

    protected override (string Name, string Code) Fault => ("permission", "permission_denied");
}
