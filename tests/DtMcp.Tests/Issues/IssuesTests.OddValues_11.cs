using DtMcp.Tests.Support;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Issues;

/// <summary>
/// Values that cannot be right are told, with how many and the first of each kind, and nothing is counted wrongly for them.
/// </summary>
public sealed class OddValues_11
{
    private const long Start = 1_768_466_000;

    [Fact]
    public async Task Each_kind_of_odd_value_is_counted_with_an_example()
    {
        string[] rows =
        [
            Row("\"bytes\":1000,\"packets\":4", $"{Start}000"), Row("\"bytes\":-5,\"packets\":1", $"{Start}000"),
            Row("\"bytes\":-6,\"packets\":1", $"{Start}000"),
            Row("\"bytes\":100,\"sourceport\":70000", $"{Start}"), Row("\"bytes\":10,\"destinationport\":-1", $"{Start}000000"),
            Row("\"bytes\":1", $"{Start}000000000"),
            Row("\"bytes\":2", $"{Start}.25"), "17", "null", "\"a [link](x)\"", "[{\"bytes\":50000}]",
        ];
        using var investigator = new RowInvestigator(EvidencePolicy.Network, RowInvestigator.Traffic(rows));

        var answer = await investigator.AskAsync("summarize_network_traffic");

        Assert.Equal((7, 1_113), (answer.Total("connections").GetInt64(), answer.Total("bytes").GetInt64()));
        Assert.Contains(
            "The answer holds values that cannot be right: 4 rows are no objects (such as 17), left out; 2 sizes are below zero or no " +
            "number (bytes -5), counted as 0; "
            + "2 ports are outside 0 to 65535 (sourceport 70000), taken as unknown (port 0); 2 times are in seconds (starttime " +
                "1768466000), taken as such; "
            + "1 times are in microseconds (starttime 1768466000000000), taken as such; 1 times are in nanoseconds (starttime " +
                "1768466000000000000), taken as such.",
            answer.Notes());
    }

    [Fact]
    public async Task Times_of_any_unit_lie_in_their_window()
    {
        using var investigator = new RowInvestigator(
            EvidencePolicy.Network,
            RowInvestigator.Traffic([Row("\"bytes\":1", $"{Start}"), Row("\"bytes\":2", $"{Start}000"),
                Row("\"bytes\":3", $"{Start}000000"),
                Row("\"bytes\":4", $"{Start}.5")]));

        var answer = await investigator.AskAsync("get_network_traffic", more: question => question with { Sort = RowSort.Of("-bytes") });

        Assert.Equal(["1 2026-01-15 08:33:20", "2 2026-01-15 08:33:20", "3 2026-01-15 08:33:20", "4 2026-01-15 08:33:20"],
            answer.Rows("traffic").Select(row => row.Line("bytes", "start")));
    }

    [Fact]
    public async Task Odd_values_of_every_part_of_a_long_window_are_told()
    {
        using var investigator = new RowInvestigator(EvidencePolicy.Network, RowInvestigator.Traffic([Row("\"bytes\":-5", $"{Start}000")]));

        // A day, and as that held little the two others at once.
        var answer = await investigator.AskAsync("summarize_network_traffic", hours: 72);

        Assert.Contains(answer.Notes(), note => note.Contains("2 sizes are below zero or no number (bytes -5)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_example_repeats_nothing_but_letters_digits_and_signs()
    {
        using var investigator = new RowInvestigator(EvidencePolicy.Network,
            RowInvestigator.Traffic([Row("\"bytes\":\"[x](http://evil) <b>\"", $"{Start}000")]));

        var answer = await investigator.AskAsync("summarize_network_traffic");

        Assert.Contains(answer.Notes(), note => note.Contains("(bytes ?x??http:??evil???b?), counted as 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Records_with_odd_values_are_told_too()
    {
        string[] records =
        [
            Record("\"orig_bytes\":100,\"resp_bytes\":-7,\"dest_port\":443"),
            Record("\"orig_bytes\":1,\"resp_bytes\":1,\"dest_port\":70000"),
        ];
        using var investigator = new RowInvestigator(EvidencePolicy.Records,
            RowInvestigator.Records(records).Replace("\"total\":2,\"hits\":[", "\"total\":4,\"hits\":[7,[],", StringComparison.Ordinal),
            "{}");

        var answer = await investigator.AskAsync("summarize_network_traffic");

        Assert.Equal((2, 102), (answer.Total("connections").GetInt64(), answer.Total("bytes").GetInt64()));
        Assert.Contains(
            "The answer holds values that cannot be right: 2 rows are no objects (such as 7), left out; 1 sizes are below zero or no " +
            "number (respbytes -7), counted as 0; "
            + "1 ports are outside 0 to 65535 (destport 70000), taken as unknown (port 0).",
            answer.Notes());
    }

    [Fact]
    public async Task Odd_values_of_the_other_window_are_told_as_its_own()
    {
        using var investigator = new RowInvestigator(
            EvidencePolicy.Network, RowInvestigator.Traffic([Row("\"bytes\":1", $"{Start}000")]),
            RowInvestigator.Traffic([Row("\"bytes\":-9", $"{Start - 3600}000")]));

        var answer = await investigator.AskAsync("compare_traffic");

        Assert.Contains(answer.Notes(),
            note => note.StartsWith("The other window: The answer holds values that cannot be right: 1 sizes", StringComparison.Ordinal));
    }

    private static string Row(string values, string start) =>
        $$"""{"sourcedevice":{"ip":"10.0.0.1"},"destinationdevice":{"ip":"203.0.113.1"},"protocol":"tcp","""
        + $$""" {{values}},"starttime":{{start}}}""";

    private static string Record(string values) =>
        $$"""{"source_ip":"10.0.0.1","dest_ip":"203.0.113.1","source_port":50000,"proto":"tcp","""
        + $$""" "conn_state":"SF","ts":{{Start}}.5,{{values}}}""";
}
