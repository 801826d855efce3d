using System.Text.RegularExpressions;

namespace DtMcp.Investigations;

/// <summary>How well texts fit a question, by their words: BM25 (Robertson, Zaragoza 2009; k1 1.2, b 0.75).</summary>
internal sealed partial class Bm25
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    private readonly List<Dictionary<string, int>> _documents;
    private readonly Dictionary<string, int> _inDocuments = [];
    private readonly double _mean;

    public Bm25(IEnumerable<string> texts)
    {
        _documents = [.. texts.Select(text => Words(text).CountBy(word => word).ToDictionary())];
        foreach (var word in _documents.SelectMany(document => document.Keys))
        {
            _inDocuments[word] = _inDocuments.GetValueOrDefault(word) + 1;
        }

        _mean = _documents.Average(document => Math.Max(1, document.Values.Sum()));
    }

    /// <summary>Which text fits best; the first of those that fit alike.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="weight">What a text's fit is multiplied by; null for 1.</param>
    public int Best(string question, Func<int, double>? weight = null)
    {
        List<string> asked = [.. Words(question).Distinct()];
        return Enumerable.Range(0, _documents.Count).MaxBy(
            document => asked.Sum(word => Score(_documents[document], word)) * (weight?.Invoke(document) ?? 1));
    }

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
