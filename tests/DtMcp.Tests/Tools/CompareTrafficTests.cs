namespace DtMcp.Tests.Tools;

public sealed class CompareTrafficTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "compare_traffic";

    protected override string Arguments => """{"limit":3,"against":"day"}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{"against":"month"}""", "against"),
        ("""{"against_from":"2026-01-13 09:00:00"}""", "against_to"),
        ("""{"against":"day","against_from":"2026-01-13 09:00:00","against_to":"2026-01-14 09:00:00"}""", "Give one of them."),
    ];

    protected override (string Name, string Code) Fault => ("date", "clock_skew");
}
