using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.Leads;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Investigations.Leads;

public sealed class AggregateLeadsTests
{
    private static readonly AnalysisSettings Asked = new() { Window = new TimeWindow(1_000, 2_000), Filters = new NetworkQuery() };

    [Fact]
    public void The_groups_of_devices_lead_to_the_first_and_to_other_measures_and_never_back()
    {
        HashSet<string> seen = [];
        for (var measure = "bytes"; measure is not null;)
        {
            Assert.True(seen.Add(measure), $"{measure} again");
            var next = AggregateLeads.Of(Groups("did", Cell.Of(12L)), Asked, "device", isAlone: true, measure).ToList();

            Assert.StartsWith("analyze_device_activity did=12 ", next[0], StringComparison.Ordinal);
            measure = next.Select(call => call.Split(' ')).FirstOrDefault(words => words[1] == "by=device")?[2]["measure=".Length..];
        }

        Assert.Equal(["bytes", "bytes_out", "peers", "failed"], seen);
    }

    [Theory]
    [InlineData("country", "United States", "aggregate_traffic by=destination measure=bytes country=\"United States\" ")]
    [InlineData("asn", "AS64507 Isthmus Colocation", "aggregate_traffic by=destination measure=bytes asn=AS64507 ")]
    [InlineData("name", "drop.coldharbor.example.net", "describe_endpoint peer=drop.coldharbor.example.net ")]
    [InlineData("peer", "203.0.113.9", "get_network_traffic peer=203.0.113.9 sort=bytes ")]
    [InlineData("subnet", "10.0.0.0/24", "analyze_subnet subnet=10.0.0.0/24 ")]
    [InlineData("applicationprotocol", "smb", "aggregate_traffic by=device measure=bytes applicationprotocol=smb ")]
    public void A_group_leads_into_itself(string by, string key, string expected) =>
        Assert.StartsWith(
            expected, AggregateLeads.Of(Groups(by, Cell.Of(key)), Asked, by, isAlone: true, "bytes").First(), StringComparison.Ordinal);

    [Theory]
    [InlineData("name", "a\" to=now `x`")]
    [InlineData("country", "unknown")]
    [InlineData("country", "No\nWhere")]
    [InlineData("peer", "a-device-by-name")]
    public void What_cannot_be_asked_for_leads_nowhere(string by, string key) =>
        Assert.Empty(AggregateLeads.Of(Groups(by, Cell.Of(key)), Asked, by, isAlone: true, "bytes"));

    [Fact]
    public void No_groups_lead_nowhere() =>
        Assert.Empty(AggregateLeads.Of(new Findings { Totals = [], Tables = [] }, Asked, "state", isAlone: true, "bytes"));

    private static Findings Groups(string column, Cell key) => new()
    {
        Totals = [],
        Tables = [new Table { Name = "groups", Of = 1, Columns = [column], Rows = [[key]] }],
    };
}
