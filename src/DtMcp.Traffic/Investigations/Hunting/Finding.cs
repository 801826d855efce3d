namespace DtMcp.Traffic.Investigations.Hunting;

/// <summary>How sure a rule is. Low: seen, and mostly innocent; medium: worth a look; high: explain it or act on it.</summary>
internal enum Confidence
{
    Low,
    Medium,
    High,
}

/// <summary>One finding. Hosts are ids of the rows' hosts; what does not apply is null.</summary>
internal sealed record Finding(HuntKind Kind, Confidence Confidence, int Source)
{
    public int? Destination { get; init; }

    public int? Port { get; init; }

    public long First { get; init; }

    public long Last { get; init; }

    public long Connections { get; init; }

    public long? BytesOut { get; init; }

    public long? BytesIn { get; init; }

    /// <summary>The figures that the rule went by; written for the findings that are shown.</summary>
    public required Func<string> Figures { get; init; }

    /// <summary>The innocent explanation to rule out.</summary>
    public required string RuleOut { get; init; }
}
