namespace DtMcp.Traffic.Questions;

/// <summary>Which list of values a filter takes.</summary>
public enum FilterKind
{
    Protocols,
    ApplicationProtocols,
    Metrics,
    Subnets,
}

/// <summary>The words for the lists, in questions and answers alike.</summary>
public static class FilterKinds
{
    /// <summary>A word for each, in their order.</summary>
    public static IReadOnlyList<string> Words { get; } = ["protocols", "applicationprotocols", "metrics", "subnets"];

    /// <summary>The kind of one of <see cref="Words"/>.</summary>
    public static FilterKind Of(string word) => (FilterKind)Words.Index().First(known => known.Item == word).Index;

    public static string Word(this FilterKind kind) => Words[(int)kind];
}
