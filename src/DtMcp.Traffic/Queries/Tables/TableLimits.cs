namespace DtMcp.Traffic.Queries.Tables;

/// <summary>Gathers what an answer from connectivity tables leaves out, and says it in one note.</summary>
internal sealed class TableLimits(ConnectivityView view)
{
    private readonly List<string> _reasons = [];

    public ConnectivityView View => view;

    /// <summary>What is asked: why it is never told, or what is meant by what is. Whether it is told, as a rule.</summary>
    public bool Tells(Dimension? by, Terms where, Measure measure)
    {
        var known = Capabilities.OfTables(view, by, where, measure);
        if (known.Knowledge != Knowledge.Bounded)
        {
            Add(known.Reason);
        }

        return known.IsKnown;
    }

    /// <summary>Something that is told as a rule could not be told here.</summary>
    public void LeavesOut(Dimension? by, Terms where, Measure measure)
    {
        var known = Capabilities.OfTables(view, by, where, measure);
        if (known.Knowledge == Knowledge.Bounded)
        {
            Add(known.Reason);
        }
    }

    /// <summary>Who began connections could not be told, so other tables stand for those that need it.</summary>
    public void LacksBeginners() => Add(Capabilities.NoBeginners);

    /// <summary>Groups that no answer has.</summary>
    public void LacksGroups() => Add(Capabilities.NoGroups.Reason);

    /// <summary>What rows would be narrowed by is not told apart here.</summary>
    public void Mixes() => Add(Capabilities.AllRows);

    public string Note() => _reasons.Count == 0
        ? "This stands on connectivity tables."
        : $"This stands on connectivity tables: {string.Join("; ", _reasons)}.";

    /// <summary>The note on what is asked of everything, whatever is found.</summary>
    public static string Note(params ReadOnlySpan<(Dimension? By, Measure Measure)> asked)
    {
        var limits = new TableLimits(ConnectivityView.Everything);
        foreach (var (by, measure) in asked)
        {
            limits.Tells(by, Terms.None, measure);
        }

        return limits.Note();
    }

    private void Add(string? reason)
    {
        if (reason is not null && !_reasons.Contains(reason))
        {
            _reasons.Add(reason);
        }
    }
}
