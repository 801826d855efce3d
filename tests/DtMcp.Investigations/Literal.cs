using System.Text.RegularExpressions;
using DtMcp.Serving;
using DtMcp.Tools;

namespace DtMcp.Investigations;

/// <summary>
/// Picks a tool by the words of a question alone: BM25 (Robertson, Zaragoza 2009; k1 1.2, b 0.75) over what <c>tools/list</c> says of each.
/// </summary>
internal sealed partial class Literal
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    private readonly Dictionary<string, Dictionary<string, int>> _documents;
    private readonly Dictionary<string, int> _inDocuments = [];
    private readonly double _mean;

    public Literal()
    {
        _documents = ToolCatalog.All.ToDictionary(tool => tool.Name, tool =>
        {
            var listed = ToolServer.Describe(tool, tool.Parameters);
            return Words($"{listed.Name} {listed.Title} {listed.Description}").CountBy(word => word).ToDictionary();
        });
        foreach (var word in _documents.Values.SelectMany(document => document.Keys))
        {
            _inDocuments[word] = _inDocuments.GetValueOrDefault(word) + 1;
        }

        _mean = _documents.Values.Average(document => document.Values.Sum());
    }

    public string Pick(string question) =>
        _documents.MaxBy(document => Words(question).Distinct().Sum(word => Score(document.Value, word))).Key;

    private double Score(Dictionary<string, int> document, string word)
    {
        if (!document.TryGetValue(word, out var times))
        {
            return 0;
        }

        var (of, length) = (_inDocuments[word], document.Values.Sum());
        var rarity = Math.Log(1 + ((_documents.Count - of + 0.5) / (of + 0.5)));
        return rarity * times * (K1 + 1) / (times + (K1 * (1 - B + (B * length / _mean))));
    }

    // Small words say nothing; an s at the end, nothing either.
    private static IEnumerable<string> Words(string text) => Word().Matches(text.ToLowerInvariant()).Select(match => match.Value)
        .Where(word => word.Length > 2 && word is not ("the" or "and" or "its" or "did" or "who" or "any" or "for" or "with" or "what"))
        .Select(word => word.Length > 4 && word.EndsWith('s') ? word[..^1] : word);

    [GeneratedRegex("[a-z]+")]
    private static partial Regex Word();
}
