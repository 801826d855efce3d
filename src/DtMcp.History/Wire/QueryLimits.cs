namespace DtMcp.History.Wire;

/// <summary>How a query is asked, sent with it as settings.</summary>
internal sealed record QueryLimits
{
    /// <summary>The end of a small answer is told by its status, since the server sends nothing before it has all.</summary>
    public bool WaitsForEnd { get; init; } = true;

    /// <summary>Whether groups that do not fit half of the memory that the query may take go to the server's disk.</summary>
    public bool Spills { get; init; }

    /// <summary>Whether the query changes something: it is sent once, and as the user's profile lets it.</summary>
    public bool Writes { get; init; }
}
