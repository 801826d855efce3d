namespace DtMcp.Traffic.Queries.Counts;

/// <summary>Gathers what an answer from the appliance's counts leaves out or cannot promise, and says it in one note.</summary>
internal sealed class CountLimits
{
    private readonly List<string> _reasons = [];
    private readonly List<string> _notes = [];

    /// <summary>Why the whole is not to be answered by counts; null where it is.</summary>
    public string? Refusal { get; private set; }

    /// <summary>What is in no row.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Whether something that is asked is told, as a rule; why not, where it never is.</summary>
    public bool Tells(Dimension? by, Terms where, Measure measure)
    {
        var known = Capabilities.OfCounts(by, where, measure);
        if (!known.IsKnown)
        {
            Add(known.Reason);
        }

        return known.IsKnown;
    }

    /// <summary>Something that is told as a rule is not, or not for certain, here.</summary>
    public void Add(Capability limit) => Add(limit.Reason);

    /// <summary>Something that a reader should know besides.</summary>
    public void Say(string note) => _notes.Add(note);

    /// <summary>Counts would be another answer than the one that is asked for.</summary>
    public void Refuse(string why) => Refusal ??= why;

    public string Note() => _reasons.Count == 0
        ? "The appliance counted this itself."
        : $"The appliance counted this itself: {string.Join("; ", _reasons)}.";

    private void Add(string? reason)
    {
        if (reason is not null && !_reasons.Contains(reason))
        {
            _reasons.Add(reason);
        }
    }
}
