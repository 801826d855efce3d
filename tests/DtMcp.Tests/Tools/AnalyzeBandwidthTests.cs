namespace DtMcp.Tests.Tools;

public sealed class AnalyzeBandwidthTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "analyze_bandwidth";

    protected override string Arguments => """{"limit":3}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{"last":"24"}""", "last"),
        ("""{"last":"0h"}""", "last"),
        ("""{"intext":"both"}""", "intext"),
    ];

    protected override (string Name, string Code) Fault => ("bad-json", "bad_answer");
}
