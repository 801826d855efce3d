namespace DtMcp.Traffic.Questions;

/// <summary>Names like one that does not exist, the fewest edits first.</summary>
internal static class NearestNames
{
    public static IReadOnlyList<string> Of(string wanted, IEnumerable<string> names, int most) =>
        [.. names.Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => (Name: name, Distance: EditDistance.Of(wanted.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.Name, StringComparer.Ordinal)
            .Take(most)
            .Select(pair => pair.Name)];
}
