namespace DtMcp.Tests.Tools;

public sealed class SummarizeExternalTrafficTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "summarize_external_traffic";

    protected override string Arguments => """{"limit":3}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{"intext":"external"}""", "intext"),
        ("""{"from":"2026-01-15 09:00:00","to":"2026-01-14 09:00:00"}""", "to"),
        ("""{"did":"fin-ws-01"}""", "did"),
    ];

    protected override (string Name, string Code) Fault => ("date", "clock_skew");
}
