namespace DtMcp.Traffic.Answers;

/// <summary>What whoever asks may call, where that is not everything: an answer leads to nothing else, and names nothing else.</summary>
/// <param name="own">The names of their tools.</param>
/// <param name="others">The names of those that they have not.</param>
public sealed class OwnTools(IReadOnlySet<string> own, IReadOnlyList<string> others)
{
    private const string Between = ". ";

    /// <summary>Whether a next call is of a tool that they have.</summary>
    public bool Holds(string call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return own.Contains(call.Split(' ', 2)[0]);
    }

    /// <summary>A text without the sentences that name a tool they have not. The first stays: it is what happened.</summary>
    public string Without(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Names(text))
        {
            return text;
        }

        var sentences = text.Split(Between);
        var left = string.Join(Between, sentences.Where((sentence, at) => at == 0 || !Names(sentence)));
        return text.EndsWith('.') && !left.EndsWith('.') ? left + "." : left;
    }

    private bool Names(string text) => others.Any(name => text.Contains(name, StringComparison.Ordinal));
}
