using System.Globalization;

namespace DtMcp.Investigations;

/// <summary>What an agent came to.</summary>
internal sealed class Table
{
    private readonly List<int> _calls = [];
    private readonly List<int> _tokens = [];

    public int Asked { get; private set; }

    public int Solved { get; private set; }

    public int Wrong { get; private set; }

    public void Add(Outcome outcome)
    {
        Asked++;
        Solved += outcome.Solved ? 1 : 0;
        Wrong += outcome.Wrong ? 1 : 0;
        if (outcome.Solved)
        {
            _calls.Add(outcome.Calls);
            _tokens.Add(outcome.Tokens);
        }
    }

    public void Write(string agent) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {agent} | {Solved} of {Asked} | {Median(_calls)} | {Median(_tokens)} | {Wrong} |"));

    private static int Median(List<int> values) => values.Count == 0 ? 0 : values.Order().ElementAt(values.Count / 2);
}
