namespace DtMcp.Tests.Tools;

public sealed class AggregateTrafficTests(ToolAppliances appliances) : ToolTests(appliances)
{
    protected override string Tool => "aggregate_traffic";

    protected override string Arguments => """{"by":["device"],"measure":"bytes_out","top":5}""";

    protected override IReadOnlyList<(string Arguments, string Says)> Mistakes =>
    [
        ("""{"measure":"bytes"}""", "by is missing."),
        ("""{"by":"planet"}""", "It takes one or two different ones of device"),
        ("""{"by":"device,hour,port"}""", "It takes one or two different ones of device"),
        ("""{"by":"hour,hour"}""", "It takes one or two different ones of device"),
        ("""{"by":"interval"}""", "Give interval as well"),
        ("""{"by":"hour","top":3,"limit":4}""", "limit and top are both given."),
    ];

    protected override (string Name, string Code) Fault => ("date", "clock_skew");
}
