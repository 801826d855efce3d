using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DtMcp.Darktrace.Values;
using DtMcp.Tests.Support;
using DtMcp.Traffic;
using DtMcp.Traffic.Answers;
using DtMcp.Traffic.Investigations.NameLookups;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Issues;

/// <summary>Where an appliance says of a search for names that there are "at least 10,000", the first page was taken for all.</summary>
public sealed partial class UntoldTotals_18
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gte")]
    [InlineData("eq")]
    public async Task All_names_are_read_however_the_appliance_tells_their_number(string relation)
    {
        using var logs = Logs(12_500);
        await using var office = await InvestigatorFixture.StartAsync(
            options => options with { RecordsFile = logs.Path }, wire: new Bound(relation));
        var window = new TimeWindow(NameLogs.Start.ToUnixTimeMilliseconds(), NameLogs.Start.AddHours(1).ToUnixTimeMilliseconds() - 1);
        var digest = await FindAsync(office, window);
        Assert.Equal(12_500, digest.Totals.Single(field => field.Name == "lookups").Value.Integer);

        var entries = new WindowNameEntries(new InvestigatorOptions { Appliance = "demo" }, office.Client, office.Appliance.Clock);
        var seen = 0;
        var reading = await entries.ReadAsync(window, (_, page) => seen += page.Count, Token);
        Assert.Equal((12_500, 12_500L, true), (seen, reading.Total, reading.IsWhole));
        Assert.Equal(relation == "eq" ? 12_500 : null, await entries.CountAsync(window, Token));
    }

    [Fact]
    public async Task What_is_left_of_an_untold_number_is_said()
    {
        using var logs = Logs(61_000);
        await using var office = await InvestigatorFixture.StartAsync(
            options => options with { RecordsFile = logs.Path }, wire: new Bound("gte"));
        var window = new TimeWindow(NameLogs.Start.ToUnixTimeMilliseconds(), NameLogs.Start.AddHours(1).ToUnixTimeMilliseconds() - 1);
        var digest = await FindAsync(office, window);
        Assert.InRange(digest.Totals.Single(field => field.Name == "lookups").Value.Integer, 50_000, 60_999);
        Assert.Contains(digest.Notes, note => note.Contains(" of more DNS entries were read", StringComparison.Ordinal));
    }

    private static Task<Digest> FindAsync(InvestigatorFixture office, TimeWindow window) => office.Investigator.FindAsync(
        new Question { Investigation = new NameLookup(), Window = window }, null, Token);

    private static NameLogs Logs(int lookups)
    {
        var logs = new NameLogs();
        logs.Connection(0, NameLogs.Device, "198.51.100.7", 443, "ssl").Connection(3_599, NameLogs.Device, "198.51.100.7", 443, "ssl");
        for (var i = 0; i < lookups; i++)
        {
            logs.Lookup(i * 3_598.0 / lookups, NameLogs.Device, $"host{i % 500}.example.net", "198.51.100.7");
        }

        return logs.Write();
    }

    // As an index of Elasticsearch 7 and later tells totals.
    private sealed partial class Bound(string relation) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            text = Total().Replace(text, match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) is var total
                && relation == "gte" && total >= 4_000
                    ? "\"total\": {\"value\": 4000, \"relation\": \"gte\"},"
                    : $"\"total\": {{\"value\": {total}, \"relation\": \"eq\"}},");
            response.Content = new StringContent(text, Encoding.UTF8, "application/json");
            return response;
        }

        [GeneratedRegex("\"total\": (\\d+),")]
        private static partial Regex Total();
    }
}
