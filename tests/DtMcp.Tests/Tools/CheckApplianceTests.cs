namespace DtMcp.Tests.Tools;

public sealed class CheckApplianceTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "check_appliance";

    protected override string Arguments => """{}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{"last":"1h"}""", "last"),
        ("""{"detail":"tall"}""", "detail"),
    ];

    protected override (string Name, string Code) Fault => ("signature", "signature_rejected");

    // To name faults is what it is for: it answers.
    protected override void Told(string text, bool isError, string code)
    {
        Assert.False(isError, text);
        Assert.Contains(code, text, StringComparison.Ordinal);
    }
}
