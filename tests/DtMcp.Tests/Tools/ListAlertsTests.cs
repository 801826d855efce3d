namespace DtMcp.Tests.Tools;

public sealed class ListAlertsTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "list_alerts";

    protected override string Arguments => """{"limit":3}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{"minscore":1}""", "minscore"),
        ("""{"last":"soon"}""", "last"),
    ];

    protected override (string Name, string Code) Fault => ("permission", "permission_denied");
}
