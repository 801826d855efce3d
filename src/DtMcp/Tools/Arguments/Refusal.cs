using DtMcp.Darktrace.Errors;
using DtMcp.Traffic.Answers;

namespace DtMcp.Tools.Arguments;

/// <summary>Arguments that cannot be used: nothing was sent.</summary>
internal static class Refusal
{
    private const int LongestShown = 60;

    public static ApplianceException Of(string happened, string remedy) => new(ApplianceError.InvalidArgument, happened, remedy);

    /// <summary>A given text, safe to repeat: what cannot be seen is shown escaped, and it is not long.</summary>
    public static string Shown(string text)
    {
        var end = Math.Min(text.Length, LongestShown);
        if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
        {
            end--;
        }

        return $"\"{SafeText.Of(text.AsSpan(0, end), int.MaxValue, TextPlace.Line)}{(end < text.Length ? "\"..." : "\"")}";
    }

    /// <summary>"a, b or c".</summary>
    public static string Either(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";
}
