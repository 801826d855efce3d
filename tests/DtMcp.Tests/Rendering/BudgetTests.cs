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
            Assert.True(tokens >= budget * 7 / 10, $"only {tokens} tokens of {budget}, seed {seed}\n{text}");
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
    public void The_estimate_is_never_below_the_count_of_the_tokenizer()
    {
        var random = new Random(7);
        for (var i = 0; i < 4_000; i++)
        {
            var text = HostileText.Next(random);
            var valid = new string([.. text.Where(value => !char.IsSurrogate(value))]);

            var estimate = TokenEstimate.Of(valid);
            var tokens = O200k.CountTokens(valid);
            Assert.True(estimate >= tokens, $"estimate {estimate}, tokens {tokens}: {valid}");
        }
    }

    [Fact]
    public void Every_known_piece_costs_what_the_vocabulary_says()
    {
        foreach (var (piece, tokens) in TokenPieces.Pieces)
        {
            Assert.True(tokens >= O200k.CountTokens(piece), piece);
        }

        foreach (var word in TokenPieces.Words)
        {
            Assert.True(O200k.CountTokens(word) == 1 && O200k.CountTokens(" " + word) == 1, word);
            foreach (var mark in "\"|._-/=:,(\\@*'`")
            {
                Assert.True(O200k.CountTokens(mark + word) <= TokenEstimate.Of(mark + word), mark + word);
            }
        }
    }

    [Fact]
    public void Two_letters_are_one_token_save_those_listed()
    {
        var apart = TokenPieces.PairsApart.ToHashSet();
        foreach (var first in new[] { 'a', 'A' })
        {
            for (var i = 0; i < 26 * 26; i++)
            {
                var pair = $"{(char)(first + (i / 26))}{(char)(first + (i % 26))}";
                Assert.Equal(O200k.CountTokens(pair) != 1, apart.Contains(pair));
            }
        }
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
