namespace DtMcp.Traffic.Queries;

/// <summary>How well a kind of evidence knows a measure.</summary>
internal enum Knowledge
{
    Exact,

    /// <summary>Known within bounds, which a note states.</summary>
    Bounded,
    Unknown,
}

/// <summary>
/// What a kind of evidence can tell of one measure, and in a sentence why not more or what it means; null where that needs no words.
/// </summary>
internal readonly record struct Capability(Knowledge Knowledge, string? Reason = null)
{
    public static Capability Exact { get; } = new(Knowledge.Exact);

    /// <summary>Exact, of what a sentence says.</summary>
    public static Capability Means(string meaning) => new(Knowledge.Exact, meaning);

    /// <summary>Told as a rule, and left out where it is not, for a reason.</summary>
    public static Capability Bounded(string? reason) => new(Knowledge.Bounded, reason);

    public static Capability Unknown(string? reason) => new(Knowledge.Unknown, reason);

    public bool IsKnown => Knowledge != Knowledge.Unknown;
}
