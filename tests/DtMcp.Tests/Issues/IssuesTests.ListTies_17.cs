using DtMcp.Darktrace.Requests;
using DtMcp.Darktrace.Values;
using DtMcp.Simulator.Setup;

namespace DtMcp.Tests.Issues;

/// <summary>Readings that hold the same connections answer alike, whatever else they hold: values of a list that tie go by name.</summary>
public sealed class ListTies_17
{
    [Fact]
    public async Task Lists_in_rows_are_the_same_from_an_hour_and_from_the_day_around_it()
    {
        await using var hours = await InvestigatorFixture.StartAsync(
            options => options with { Dialect = Dialect.Sdk, Connections = 6_000 });
        var day = hours.InvestigatorBy(hours.Appliance.Clock);
        var whole = hours.LastDay;
        await AskAsync(day, whole);
        for (var start = whole.StartMs; start + 3_600_000 < whole.EndMs; start += 3_600_000)
        {
            var hour = new TimeWindow(start, start + 3_599_999);
            Assert.Equal(await AskAsync(hours.Investigator, hour), await AskAsync(day, hour));
        }

        static async Task<string> AskAsync(DtMcp.Traffic.Investigator investigator, TimeWindow window)
        {
            var answer = await investigator.AskAsync(
                new DtMcp.Traffic.Questions.Question
                {
                    Investigation = Support.Investigating.Of("summarize_external_traffic"),
                    Filters = new NetworkQuery(),
                    Window = window,
                    Format = DtMcp.Traffic.Questions.AnswerFormat.Json,
                    NoBudget = true,
                    Limit = 1_000,
                },
                null, TestContext.Current.CancellationToken);
            return System.Text.Json.JsonElement.Parse(answer.Json!).GetProperty("tables").GetRawText();
        }
    }
}
