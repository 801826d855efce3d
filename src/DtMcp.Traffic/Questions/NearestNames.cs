namespace DtMcp.Traffic.Questions;

/// <summary>Names like one that does not exist: those that hold it first, then by edit distance.</summary>
internal static class NearestNames
{
    public static IReadOnlyList<string> Of(string wanted, IEnumerable<string> names, int most) =>
        [.. names.Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => (Name: name, Distance: Distance(wanted.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.Name, StringComparer.Ordinal)
            .Take(most)
            .Select(pair => pair.Name)];

    /// <summary>Levenshtein's distance, over the first 64 characters.</summary>
    private static int Distance(string left, string right)
    {
        (left, right) = (left[..Math.Min(64, left.Length)], right[..Math.Min(64, right.Length)]);
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j - 1], above) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
