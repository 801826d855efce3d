namespace DtMcp.Traffic.Queries;

/// <summary>How well a kind of evidence knows a measure.</summary>
internal enum Knowledge
{
    Exact,

    /// <summary>Known within bounds, which a note states.</summary>
    Bounded,
    Unknown,
}

/// <summary>What a kind of evidence can tell of one measure, and in a sentence why not more; null where that needs no words.</summary>
internal readonly record struct Capability(Knowledge Knowledge, string? Reason = null)
{
    public static Capability Exact { get; } = new(Knowledge.Exact);

    public static Capability Unknown(string? reason) => new(Knowledge.Unknown, reason);

    public bool IsKnown => Knowledge != Knowledge.Unknown;
}
