namespace DtMcp.Tests.Tools;

public sealed class ListFilterValuesTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "list_filter_values";

    protected override string Arguments => """{"limit":3,"kind":"subnets"}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{}""", "kind"),
        ("""{"kind":"ports"}""", "kind"),
    ];

    protected override (string Name, string Code) Fault => ("signature", "signature_rejected");
}
