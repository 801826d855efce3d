namespace DtMcp.Tests.Tools;

public sealed class LookupNamesTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "lookup_names";

    protected override string Arguments => """{"hostname":"fin-ws-01","limit":5}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{"hostname":"fin-ws-01","did":3}""", "hostname and did are both given."),
        ("""{"name":"a\"b"}""", "is no name"),
        ("""{"peer":"10.0.0.0/8"}""", "Give one address, or name= for a name."),
        ("""{"peer":"files.example.net"}""", "Give it as name="),
        ("""{"last":"tomorrow"}""", "or today, yesterday"),
    ];

    protected override (string Name, string Code) Fault => ("date", "clock_skew");
}
