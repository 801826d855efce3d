using System.Globalization;
using System.Net;
using Microsoft.ML.Tokenizers;

namespace DtMcp.Investigations;

/// <summary>Agents that have nothing but the printed text of answers.</summary>
internal static class Agents
{
    private const int MostFollowed = 6;

    /// <summary>Knows which calls a kind of question takes.</summary>
    public static Task<(bool Solved, int Calls, int Tokens, bool Wrong)> AnalystAsync(Scene scene, Case one, Tokenizer tokenizer) =>
        RunAsync(scene, one, tokenizer, one.Playbook, follows: false);

    /// <summary>Begins with the overview, of the address that the question names if any, and knows nothing but next calls.</summary>
    public static Task<(bool Solved, int Calls, int Tokens, bool Wrong)> FollowerAsync(Scene scene, Case one, Tokenizer tokenizer)
    {
        var named = one.Ask.Split(' ', ',', '?').FirstOrDefault(word => IPAddress.TryParse(word, out _) && word.Length > 6);
        return RunAsync(
            scene, one, tokenizer, [named is null ? "summarize_network_traffic" : $"summarize_network_traffic ip={named}"], follows: true);
    }

    private static async Task<(bool Solved, int Calls, int Tokens, bool Wrong)> RunAsync(
        Scene scene, Case one, Tokenizer tokenizer, IReadOnlyList<string> begin, bool follows)
    {
        Queue<string> open = new(begin);
        HashSet<string> known = [.. begin];
        var (calls, tokens, wrong) = (0, 0, false);
        while (open.Count > 0 && (!follows || calls < MostFollowed))
        {
            var text = await scene.CallAsync(open.Dequeue());
            (calls, tokens) = (calls + 1, tokens + tokenizer.CountTokens(text));
            switch (one.Answer.In(text))
            {
                case true:
                    return (true, calls, tokens, false);
                case false when !follows && open.Count == 0:
                    wrong = true;
                    break;
                default:
                    break;
            }

            foreach (var next in follows ? Next(text) : [])
            {
                if (known.Add(next))
                {
                    open.Enqueue(next);
                }
            }
        }

        return (false, calls, tokens, wrong);
    }

    private static IEnumerable<string> Next(string text) => text.Split('\n').SkipWhile(line => line != "next:").Skip(1)
        .Where(line => line.StartsWith("- `", StringComparison.Ordinal)).Select(line => line[3..^1]);
}

/// <summary>What an agent came to.</summary>
internal sealed class Table
{
    private readonly List<int> _calls = [];
    private readonly List<int> _tokens = [];

    public int Solved { get; private set; }

    public int Wrong { get; private set; }

    public void Add(bool solved, int calls, int tokens, bool wrong)
    {
        Solved += solved ? 1 : 0;
        Wrong += wrong ? 1 : 0;
        if (solved)
        {
            _calls.Add(calls);
            _tokens.Add(tokens);
        }
    }

    public void Write(string agent, int cases) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {agent} | {Solved} of {cases} | {Median(_calls)} | {Median(_tokens)} | {Wrong} |"));

    private static int Median(List<int> values) => values.Count == 0 ? 0 : values.Order().ElementAt(values.Count / 2);
}
