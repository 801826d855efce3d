namespace DtMcp.Tests.Tools;

public sealed class AnalyzeSubnetTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "analyze_subnet";

    protected override string Arguments => """{"limit":3,"subnet":"10.20.10.0/24"}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{}""", "subnet"),
        ("""{"subnet":"10.20.10.0/33"}""", "subnet"),
        ("""{"subnet":"10.20.10.0/24","viewsubnet":"2"}""", "viewsubnet"),
    ];

    protected override (string Name, string Code) Fault => ("cut-off", "bad_answer");
}
