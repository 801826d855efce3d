namespace DtMcp.Tests.Tools;

public sealed class SummarizeNetworkTrafficTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "summarize_network_traffic";

    protected override string Arguments => """{"limit":4}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{"lst":"1h"}""", "Did you mean last?"),
        ("""{"format":"xml"}""", "format"),
        ("""{"limit":0}""", "limit"),
    ];

    protected override (string Name, string Code) Fault => ("signature", "signature_rejected");
}
