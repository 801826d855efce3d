using DtMcp.Tests.Tools;
using DtMcp.Traffic.Questions;
using DtMcp.Traffic.Rendering;
using Microsoft.ML.Tokenizers;

namespace DtMcp.Tests.Rendering;

public class BudgetTests
{
    private static readonly TiktokenTokenizer O200k = TiktokenTokenizer.CreateForModel("gpt-4o");

    public static TheoryData<AnswerFormat, Detail> Forms()
    {
        var forms = new TheoryData<AnswerFormat, Detail>();
        foreach (var format in Enum.GetValues<AnswerFormat>())
        {
            foreach (var detail in Enum.GetValues<Detail>())
            {
                forms.Add(format, detail);
            }
        }

        return forms;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_long_answer_uses_most_of_its_budget_and_no_more(AnswerFormat format, Detail detail)
    {
        var budget = PageRows.Budget(detail);
        for (var seed = 0; seed < 6; seed++)
        {
            var text = DigestRenderer.Render(SampleDigests.Plain(new Random(seed), 2000), format, detail, noBudget: false);

            var tokens = O200k.CountTokens(text);
            Assert.True(tokens <= budget, $"{tokens} tokens of {budget}, seed {seed}");
            Assert.True(
                tokens >= budget * (detail == Detail.Brief ? 75 : 86) / 100, $"only {tokens} tokens of {budget}, seed {seed}\n{text}");
            Assert.Contains("Cut to fit", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Hostile_names_never_break_the_budget(AnswerFormat format, Detail detail)
    {
        var budget = PageRows.Budget(detail);
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var text = DigestRenderer.Render(SampleDigests.Hostile(random, random.Next(300)), format, detail, noBudget: false);

            var tokens = O200k.CountTokens(text);
            Assert.True(tokens <= budget, $"{tokens} tokens of {budget}, seed {seed}");
        }
    }

    [Fact]
    public void The_estimate_is_within_three_percent_of_the_tokenizer_on_every_kept_answer()
    {
        var directory = Path.GetDirectoryName(Snapshot.FindUpward("tests/DtMcp.Tests/Tools/Snapshots/hunt_traffic.records.md"));
        Assert.SkipWhen(directory is null, "The sources are not beside the tests.");
        var (estimates, tokens) = (0L, 0L);
        foreach (var path in Directory.EnumerateFiles(directory!, "*.md"))
        {
            var text = File.ReadAllText(path);
            var (estimate, count) = (TokenEstimate.Of(text), O200k.CountTokens(text));
            (estimates, tokens) = (estimates + estimate, tokens + count);
            Assert.True(Math.Abs(estimate - count) <= Math.Max(5, count * 0.03), $"{Path.GetFileName(path)}: {estimate} for {count}");
        }

        Assert.InRange(estimates / (double)tokens, 0.98, 1.02);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_estimate_is_within_three_percent_on_every_form_of_answers_that_it_was_not_fitted_to(AnswerFormat format, Detail detail)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var text = DigestRenderer.Render(SampleDigests.Plain(new Random(seed), 400), format, detail, noBudget: false);
            Assert.InRange(TokenEstimate.Of(text) / (double)O200k.CountTokens(text), 0.97, 1.03);
        }
    }

    [Fact]
    public void Every_known_word_costs_what_the_vocabulary_says()
    {
        foreach (var (word, cost) in TokenPieces.All)
        {
            Assert.Equal(
                (word, Count(word), Count(" " + word), Count("_" + word), Count("." + word), Count("-" + word), Count("|" + word)),
                (word, cost.Alone, cost.AfterSpace, cost.AfterUnderscore, cost.AfterDot, cost.AfterHyphen, cost.AfterMark));
        }

        foreach (var (run, cost) in TokenRuns.Costs)
        {
            Assert.Equal((run, Count(run)), (run, cost));
        }

        static int Count(string text) => O200k.CountTokens(text);
    }

    [Fact]
    public void Letters_by_chance_are_not_estimated_far_too_low()
    {
        var random = new Random(7);
        var text = string.Join('.', Enumerable.Range(0, 2_000).Select(_ =>
            new string([.. Enumerable.Range(0, random.Next(3, 32)).Select(_ => (char)('a' + random.Next(26)))])));

        Assert.InRange(TokenEstimate.Of(text) / (double)O200k.CountTokens(text), 0.96, 1.04);
    }

    [Fact]
    public void The_main_table_and_verdicts_keep_rows_beside_long_tables()
    {
        var digest = SampleDigests.Plain(new Random(1), 2000);
        var few = digest.Tables[1] with { Rows = [.. digest.Tables[1].Rows.Take(4)], Name = "main" };
        var verdicts = few with { Name = "model_breaches", IsVerdict = true };
        digest = digest with { Tables = [few, digest.Tables[1], digest.Tables[1] with { Name = "more" }, verdicts] };

        var text = DigestRenderer.Render(digest, AnswerFormat.Markdown, Detail.Normal, noBudget: false);

        Assert.Matches("## main: [34] of", text);
        Assert.Matches("## model_breaches: [34] of", text);
    }

    [Fact]
    public void Rows_go_from_the_tail_of_the_longest_table_and_the_note_says_so()
    {
        var text = DigestRenderer.Render(SampleDigests.Plain(new Random(1), 60), AnswerFormat.Markdown, Detail.Normal, noBudget: false);

        Assert.Contains("## protocols: 3 of 103 by bytes", text, StringComparison.Ordinal);
        Assert.Matches(@"Cut to fit 2000 tokens: external\\?_destinations \d+ of 160, internal\\?_destinations \d+ of 130\.", text);
    }

    [Fact]
    public void Without_a_budget_everything_is_there()
    {
        var text = DigestRenderer.Render(SampleDigests.Plain(new Random(1), 2000), AnswerFormat.Csv, Detail.Brief, noBudget: true);

        Assert.Contains("# external_destinations: 2000 of 2100 by bytes", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Cut to fit", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cursor_starts_after_the_rows_shown()
    {
        var digest = SampleDigests.Plain(new Random(1), 2000);
        digest = digest with { Tables = [digest.Tables[1]], CursorAfter = shown => $"after-{shown}" };

        var text = DigestRenderer.Render(digest, AnswerFormat.Markdown, Detail.Brief, noBudget: false);

        var shown = text.Split("## external_destinations: ")[1].Split(' ')[0];
        Assert.NotEqual("2000", shown);
        Assert.Contains($"cursor: after-{shown}\n", text, StringComparison.Ordinal);
    }
}
