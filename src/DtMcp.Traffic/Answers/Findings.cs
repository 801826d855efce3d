namespace DtMcp.Traffic.Answers;

/// <summary>What an analysis found: the part of a <see cref="Digest"/> that depends on the evidence.</summary>
public sealed record Findings
{
    public required IReadOnlyList<Field> Totals { get; init; }

    public required IReadOnlyList<Table> Tables { get; init; }

    public IReadOnlyList<Field>? Device { get; init; }

    /// <summary>What <see cref="Device"/> is.</summary>
    public string DeviceWord { get; init; } = "device";

    public IReadOnlyList<string> Notes { get; init; } = [];

    public IReadOnlyList<string> Next { get; init; } = [];

    /// <summary>Whether they lack what did not answer just now: asked again they may be more.</summary>
    internal bool IsPassing { get; init; }

    /// <summary>Whom the first rows of the first table are about, where that is looked up.</summary>
    internal IReadOnlyList<Subject> Subjects { get; init; } = [];
}
