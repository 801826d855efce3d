using System.Net;
using DtMcp.Tools;
using Microsoft.ML.Tokenizers;

namespace DtMcp.Investigations;

/// <summary>What became of a question.</summary>
internal readonly record struct Outcome(bool Solved, int Calls, int Tokens, bool Wrong);

/// <summary>Agents that have nothing but printed text: that of answers, and of <c>tools/list</c>.</summary>
internal static class Agents
{
    private const int MostFollowed = 6;

    /// <summary>Knows which calls a kind of question takes.</summary>
    public static async Task<Outcome> AnalystAsync(Scene scene, Case one, Tokenizer tokenizer)
    {
        var (calls, tokens, wrong) = (0, 0, false);
        foreach (var call in one.Playbook)
        {
            var text = await scene.CallAsync(call);
            (calls, tokens) = (calls + 1, tokens + tokenizer.CountTokens(text));
            var seen = one.Answer.In(text);
            if (seen == true)
            {
                return new Outcome(true, calls, tokens, false);
            }

            wrong = seen == false;
        }

        return new Outcome(false, calls, tokens, wrong);
    }

    /// <summary>
    /// Begins with the overview, of the addresses or the device that the question names if any, and knows nothing but next calls. It takes
    /// them as they were printed, first come, first served; or, where it is to choose, the one whose words, with those of its tool in
    /// <c>tools/list</c>, fit the question best.
    /// </summary>
    public static async Task<Outcome> FollowerAsync(Scene scene, Case one, Tokenizer tokenizer, bool chooses)
    {
        List<(string Call, int Depth)> open = [(Begin(one.Ask), 0)];
        HashSet<string> known = [open[0].Call];
        var (calls, tokens) = (0, 0);
        while (open.Count > 0 && calls < MostFollowed)
        {
            var at = chooses ? Choose(open, one.Ask) : 0;
            var (call, depth) = open[at];
            open.RemoveAt(at);
            var text = await scene.CallAsync(call);
            (calls, tokens) = (calls + 1, tokens + tokenizer.CountTokens(text));
            if (Environment.GetEnvironmentVariable("TRACE") == one.Kind)
            {
                Console.WriteLine($"{one.Ask} {call}\n{text}");
            }

            if (one.Answer.In(text) == true)
            {
                return new Outcome(true, calls, tokens, false);
            }

            open.AddRange(Next(text).Where(known.Add).Select(next => (next, depth + 1)));
        }

        return new Outcome(false, calls, tokens, false);
    }

    private static string Begin(string ask)
    {
        var words = ask.Split(' ', ',', '?');
        var ends = words.Where(word => word.Length > 6 && IPAddress.TryParse(word, out _)).Distinct().ToList();
        return "summarize_network_traffic" + ends switch
        {
            [var one, var other, ..] => $" ip={one} peer={other}",
            [var one] => $" ip={one}",
            _ => words.FirstOrDefault(IsDeviceName) is { } name ? $" hostname={name}" : "",
        };
    }

    // As offices name their devices: words and a number with hyphens between.
    private static bool IsDeviceName(string word) => word.Contains('-') && char.IsAsciiDigit(word[^1]);

    // The further from the overview, the more it has to fit.
    private static int Choose(List<(string Call, int Depth)> open, string ask) => open.Count < 2 ? 0
        : new Bm25(open.Select(one => $"{one.Call} {Literal.Listed(ToolCatalog.Find(one.Call.Split(' ')[0])!)}"))
            .Best(ask, at => 1.0 / open[at].Depth);

    private static IEnumerable<string> Next(string text) => text.Split('\n').SkipWhile(line => line != "next:").Skip(1)
        .Where(line => line.StartsWith("- `", StringComparison.Ordinal)).Select(line => line[3..^1]);
}
