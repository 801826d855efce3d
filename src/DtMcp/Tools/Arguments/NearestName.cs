using DtMcp.Traffic.Questions;

namespace DtMcp.Tools.Arguments;

/// <summary>The known name that a wrong one was probably meant to be.</summary>
internal static class NearestName
{
    /// <summary>
    /// The nearest by edits (insert, delete, replace, swap), ignoring case, <c>_</c>, <c>-</c> and spaces; null when nothing is near.
    /// </summary>
    public static string? Of(string wrong, IEnumerable<string> known)
    {
        string? best = null;
        var plain = Plain(wrong);
        var least = int.MaxValue;
        foreach (var name in known)
        {
            var other = Plain(name);
            var edits = EditDistance.Of(plain, other);
            if (edits > 0 && plain.Length >= 3
                && (other.StartsWith(plain, StringComparison.Ordinal) || plain.StartsWith(other, StringComparison.Ordinal)))
            {
                edits = Math.Min(edits, 2);
            }

            if (edits < least && edits <= Math.Max(1, Math.Min(plain.Length, other.Length) / 3 + 1))
            {
                (best, least) = (name, edits);
            }
        }

        return best;
    }

    /// <summary>" Did you mean X?" or nothing.</summary>
    public static string Hint(string wrong, IEnumerable<string> known) => Of(wrong, known) is { } name ? $"Did you mean {name}? " : "";

    private static string Plain(string name)
    {
        // Long names are never near anything.
        var chars = name.Where(c => c is not ('_' or '-' or ' ')).Take(EditDistance.MaxLetters).ToArray();
        return new string(chars).ToLowerInvariant();
    }
}
