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
            var edits = Edits(plain, other);
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
        // Long names are never near anything: the table below stays small.
        var chars = name.Where(c => c is not ('_' or '-' or ' ')).Take(64).ToArray();
        return new string(chars).ToLowerInvariant();
    }

    // Optimal string alignment distance.
    private static int Edits(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var edits = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    edits = Math.Min(edits, rows[i - 2, j - 2] + 1);
                }

                rows[i, j] = edits;
            }
        }

        return rows[a.Length, b.Length];
    }
}
