using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;
using DtMcp.Traffic;
using DtMcp.Traffic.Questions;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Investigations;

/// <summary>What many ask at once is found and laid out once: a question asked again is answered from memory.</summary>
public sealed class AskedAgainTests
{
    [Theory]
    [InlineData(Dialect.Guide)]
    [InlineData(Dialect.Sdk)]
    public async Task The_same_question_is_the_same_answer(Dialect dialect)
    {
        await using var fixture = await InvestigatorFixture.StartAsync(options => options with { Dialect = dialect });
        var investigator = fixture.InvestigatorBy(new FakeTimeProvider(fixture.Now));
        var window = fixture.LastDay;
        List<string> anew = [];
        foreach (var tool in new[]
        {
            "get_network_traffic", "summarize_network_traffic", "summarize_external_traffic", "analyze_protocols_and_ports",
            "compare_traffic",
        })
        {
            if (!await IsRememberedAsync(investigator, () => new Question
            {
                Investigation = Investigating.Of(tool),
                Window = window,
            }))
            {
                anew.Add(tool);
            }
        }

        Assert.Empty(anew);
    }

    [Fact]
    public async Task An_answer_with_names_of_far_ends_is_laid_out_once()
    {
        using var logs = new NameLogs();
        logs.Lookup(1, NameLogs.Device, "files.example.net", "198.51.100.7").Connection(2, NameLogs.Device, "198.51.100.7", 443, "ssl");
        await using var office = await InvestigatorFixture.StartAsync(options => options with { RecordsFile = logs.Write().Path });
        var investigator = office.InvestigatorBy(new FakeTimeProvider(office.Now));
        var answer = await investigator.AskAsync(External(), null, TestContext.Current.CancellationToken);
        Assert.Contains("files.example.net", answer.Text, StringComparison.Ordinal);
        Assert.True(await IsRememberedAsync(investigator, External));

        Question External() => new() { Investigation = Investigating.Of("summarize_external_traffic"), Window = office.LastDay };
    }

    // The second and third time: the first tells when it was read. Each with an investigation of its own, as calls have.
    private static async Task<bool> IsRememberedAsync(Investigator investigator, Func<Question> question)
    {
        List<object> answers = [];
        for (var time = 0; time < 3; time++)
        {
            answers.Add(await investigator.AskAsync(question(), null, TestContext.Current.CancellationToken));
        }

        return ReferenceEquals(answers[1], answers[2]);
    }
}
